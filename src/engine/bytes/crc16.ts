/** CRC16 in the XMODEM variant, by which Redis Cluster spreads keys over its slots. */

export const SLOT_COUNT = 16384;

/**
 * The slot of a key: CRC16 of the key, or of the part in braces when there is one, mod 16384.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
 */
export function slotOf(key: string): number {
  const open = key.indexOf('{');
  const close = open < 0 ? -1 : key.indexOf('}', open + 1);
  // "{}user" hashes whole: an empty tag would send every such key to one slot.
  const tag = close > open + 1 ? key.slice(open + 1, close) : key;
  return crc16(tag) % SLOT_COUNT;
}

/** Polynomial 0x1021, initial value 0, nothing reflected. */
export function crc16(bytes: string): number {
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) {
    const index = ((crc >> 8) ^ bytes.charCodeAt(i)) & 0xff;
    crc = ((crc << 8) ^ (TABLE[index] as number)) & 0xffff;
  }
  return crc;
}

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});
