/** Where something is that a Sentinel knows: as it was named, and the address that it has. */

/** Finds the address of a host by its name. */
export type Resolve = (host: string) => string | undefined;

export class SentinelAddress {
  private constructor(
    readonly hostname: string,
    /** '' while the name has no address. */
    readonly ip: string,
    readonly port: number,
  ) {}

  /** Undefined for a name where names are not resolved: without `resolve`. */
  static of(hostname: string, port: number, resolve?: Resolve): SentinelAddress | undefined {
    const numeric = readIpv4(hostname) ?? readIpv6(hostname);
    if (numeric !== undefined) return new SentinelAddress(hostname, numeric, port);
    return resolve && new SentinelAddress(hostname, resolve(hostname) ?? '', port);
  }

  /** As other Sentinels and clients are told of it. */
  shown(byHostname: boolean): string {
    return `${byHostname ? this.hostname : this.ip}:${this.port}`;
  }
}

/** Four numbers; or fewer, of which the last then fills the rest, as the C library reads them. */
function readIpv4(text: string): string | undefined {
  const parts = text.split('.');
  if (parts.length > 4 || !parts.every((part) => /^(0x[0-9a-f]+|\d+)$/i.test(part))) {
    return undefined;
  }
  const numbers = parts.map((part) => (/^0\d/.test(part) ? Number(`0o${part}`) : Number(part)));
  const last = numbers.pop() ?? Number.NaN;
  const room = 256 ** (4 - numbers.length);
  if (!(last < room) || !numbers.every((number) => number < 256)) return undefined;
  for (let unit = room / 256; unit >= 1; unit /= 256) numbers.push(Math.floor(last / unit) % 256);
  return numbers.join('.');
}

/** Eight groups, or fewer with `::`; the last two may be written as an IPv4 address. */
function readIpv6(text: string): string | undefined {
  const whole = text.replace(/:(\d+\.\d+\.\d+\.\d+)$/, (_, ipv4) =>
    readIpv4(ipv4) ? ':0:0' : ':',
  );
  const halves = whole.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const isWhole = halves.length === 1 ? groups.length === 8 : groups.length < 8;
  return isWhole ? text : undefined;
}
