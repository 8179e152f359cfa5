/** Stands in for Node's `dns`: the names of the lab's hosts. */
import { theLab } from '../lab.ts';
import { systemError } from './system-error.ts';

export interface Found {
  readonly address: string;
  readonly family: number;
}

type Callback = (error: Error | null, address?: string, family?: number) => void;
type AllCallback = (error: Error | null, found?: readonly Found[]) => void;

/** A name that is not known here is left to the lab. */
const resolve = (host: string): string => theLab().hosts[host] ?? host;

/** What a name that the lab does not know either comes to. */
export function notFound(host: string): Error {
  const error = systemError('getaddrinfo', 'ENOTFOUND', host);
  return Object.assign(error, { errno: -3008, hostname: host });
}

export function lookup(host: string, ...rest: unknown[]): void {
  const done = rest.at(-1) as Callback & AllCallback;
  const [options] = rest as { all?: boolean }[];
  queueMicrotask(() => {
    const address = resolve(host);
    if (options?.all) done(null, [{ address, family: 4 }]);
    else done(null, address, 4);
  });
}

export function resolveSrv(name: string, done: (error: Error) => void): void {
  queueMicrotask(() => done(systemError('querySrv', 'ENOTFOUND', name)));
}

export const promises = {
  lookup: async (host: string, options?: { all?: boolean }) => {
    const found: Found = { address: resolve(host), family: 4 };
    return options?.all ? [found] : found;
  },
};

export default { lookup, resolveSrv, promises };
