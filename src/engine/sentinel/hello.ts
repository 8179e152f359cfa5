/** What Sentinels tell one another through the servers that they all watch. */
import { parseInteger } from '../bytes/numbers.ts';

export const HELLO_CHANNEL = '__sentinel__:hello';

export interface Hello {
  /** Who says so, and where it is reached. */
  readonly ip: string;
  readonly port: number;
  readonly id: string;
  readonly epoch: number;
  /** What it takes for the primary of that name, and since which epoch. */
  readonly primaryName: string;
  readonly primaryIp: string;
  readonly primaryPort: number;
  readonly configEpoch: number;
}

export const printHello = (hello: Hello): string =>
  [
    ...[hello.ip, hello.port, hello.id, hello.epoch],
    ...[hello.primaryName, hello.primaryIp, hello.primaryPort, hello.configEpoch],
  ].join(',');

/** Undefined for what is no such message. */
export function readHello(text: string): Hello | undefined {
  const [ip, port, id, epoch, primaryName, primaryIp, primaryPort, configEpoch, ...more] =
    text.split(',');
  if (configEpoch === undefined || more.length > 0) return undefined;
  const [own, current, its, since] = [port, epoch, primaryPort, configEpoch].map(numberOf);
  if (own === undefined || its === undefined || current === undefined || since === undefined) {
    return undefined;
  }
  return {
    ...{ ip: ip ?? '', port: own, id: id ?? '', epoch: current },
    ...{ primaryName: primaryName ?? '', primaryIp: primaryIp ?? '' },
    ...{ primaryPort: its, configEpoch: since },
  };
}

function numberOf(text = ''): number | undefined {
  const number = parseInteger(text);
  return number === undefined || number < 0n ? undefined : Number(number);
}
