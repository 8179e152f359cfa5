/** CRC64 with the "Jones" polynomial, the checksum at the end of RDB files and DUMP payloads. */

/** The checksum of `bytes`, or of what came before it (`seed` is its checksum) and `bytes`. */
export function crc64(bytes: string, seed = 0n): bigint {
  // Two halves of 32 bits, because BigInts are far too slow for a snapshot of many megabytes.
  let high = Number(seed >> 32n) | 0;
  let low = Number(seed & 0xffffffffn) | 0;
  for (let i = 0; i < bytes.length; i++) {
    const index = (low ^ bytes.charCodeAt(i)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (LOW[index] as number);
    high = (high >>> 8) ^ (HIGH[index] as number);
  }
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

/** 0xad93d23594c935a9 with its bits in reverse, since the checksum is reflected. */
const POLYNOMIAL = 0x95ac9329ac4bc9b5n;
const HIGH = new Int32Array(256);
const LOW = new Int32Array(256);

for (let byte = 0; byte < 256; byte++) {
  let crc = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
  HIGH[byte] = Number(crc >> 32n);
  LOW[byte] = Number(crc & 0xffffffffn);
}
