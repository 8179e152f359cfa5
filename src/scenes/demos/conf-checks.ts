/** Seven things to look for in a redis.conf, and a mending of each. */
import { splitArgs } from '../../engine/resp/split.ts';

/** A configuration as far as the checks look at it. */
interface Reading {
  /** The last arguments of each directive. */
  readonly directives: ReadonlyMap<string, readonly string[]>;
  /** The rules of each user. */
  readonly users: ReadonlyMap<string, readonly string[]>;
  readonly renamed: ReadonlySet<string>;
}

export interface ConfCheck {
  readonly id: string;
  readonly name: string;
  /** What to do where it fails. */
  readonly hint: string;
  holds(reading: Reading): boolean;
  /** The file with the item put right. */
  mend(text: string): string;
}

/** Reads a file; a line that cannot be read counts as absent. */
export function readConf(text: string): Reading {
  const directives = new Map<string, readonly string[]>();
  const users = new Map<string, readonly string[]>();
  const renamed = new Set<string>();
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const [name = '', ...args] = splitArgs(line.trim()) ?? [];
    if (name.toLowerCase() === 'user') users.set(args[0] ?? '', args.slice(1));
    else if (name.toLowerCase() === 'rename-command') renamed.add((args[0] ?? '').toUpperCase());
    else directives.set(name.toLowerCase(), args);
  }
  return { directives, users, renamed };
}

export const confChecks: readonly ConfCheck[] = [
  {
    id: 'auth',
    name: 'Authentication',
    hint: 'No user may be on without a password; the default user is, unless requirepass or off says otherwise.',
    holds: ({ directives, users }) =>
      [...users.values()].every((rules) => isOff(rules) || !rules.includes('nopass')) &&
      (isDefaultOff(users) || (directives.get('requirepass')?.[0] ?? '') !== ''),
    mend: (text) => `${without(text, /^user default |^requirepass /)}\nuser default off`,
  },
  {
    id: 'acl',
    name: 'Users with least rights',
    hint: 'The default user off, and a user for the application whose keys are limited to its prefix.',
    holds: ({ users }) =>
      isDefaultOff(users) &&
      active(users).some(([, rules]) => rules.some((rule) => /^~.+:\*$/.test(rule))),
    mend: withUsers,
  },
  {
    id: 'tls',
    name: 'TLS',
    hint: 'port 0, tls-port, certificate, key and authority; and tls-auth-clients not switched off.',
    holds: ({ directives }) =>
      directives.get('port')?.[0] === '0' &&
      Number(directives.get('tls-port')?.[0] ?? 0) > 0 &&
      FILES.every((name) => directives.has(name)) &&
      directives.get('tls-auth-clients')?.[0] !== 'no',
    mend: (text) => `${without(text, /^(port|tls-[a-z-]+) /)}\n${TLS}`,
  },
  {
    id: 'bind',
    name: 'Bind',
    hint: 'Loopback and private addresses only; no 0.0.0.0, no *.',
    holds: ({ directives }) => {
      const addresses = directives.get('bind') ?? ['*'];
      return addresses.every((address) => PRIVATE.test(address));
    },
    mend: (text) => `${without(text, /^bind /)}\nbind 127.0.0.1 10.0.0.5`,
  },
  {
    id: 'port',
    name: 'Port',
    hint: 'Another than 6379. It stops no attacker, only those who try the one port everywhere.',
    holds: ({ directives }) => {
      const tls = directives.get('tls-port')?.[0];
      const plain = directives.get('port')?.[0] ?? '6379';
      return tls !== '6379' && plain !== '6379' && (plain !== '0' || tls !== undefined);
    },
    mend: (text) =>
      /^tls-port /m.test(text)
        ? text.replace(/^tls-port .*$/m, 'tls-port 6380')
        : `${without(text, /^port /)}\nport 6380`,
  },
  {
    id: 'dangerous',
    name: 'Dangerous commands',
    hint: 'Each user but the administrator without @dangerous, or the commands renamed away.',
    holds: ({ users, renamed }) =>
      renamed.has('FLUSHALL') ||
      (users.size > 0 &&
        isDefaultOff(users) &&
        active(users).every(([name, rules]) => name === 'admin' || isHarmless(rules))),
    mend: withUsers,
  },
];

const USERS = `user default off
user app on #6c904c5190e8b45c2f0af062eefdb2f5b41ce3809b0e6b5bc50aafdd60b290d8 ~app:* +@read +@write +@connection -@dangerous`;
const FILES = ['tls-cert-file', 'tls-key-file', 'tls-ca-cert-file'];
const TLS = `port 0
tls-port 6380
tls-cert-file /etc/redis/tls/redis.crt
tls-key-file /etc/redis/tls/redis.key
tls-ca-cert-file /etc/redis/tls/ca.crt`;
/** Loopback and the private ranges; a minus before an address says that it may be missing. */
const PRIVATE =
  /^-?(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|localhost$|f[cd][0-9a-f]{2}:)/;

const isOff = (rules: readonly string[]): boolean => !rules.includes('on');

/** The default user is on, unless the file says otherwise. */
const isDefaultOff = (users: Reading['users']): boolean => isOff(users.get('default') ?? ['on']);

const active = (users: Reading['users']) => [...users].filter(([, rules]) => !isOff(rules));

const isHarmless = (rules: readonly string[]): boolean =>
  rules.lastIndexOf('-@dangerous') > rules.lastIndexOf('+@all');

const without = (text: string, lines: RegExp): string =>
  text
    .split('\n')
    .filter((line) => !lines.test(line.trim()))
    .join('\n')
    .trimEnd();

function withUsers(text: string): string {
  return `${without(text, /^user (default|app) /)}\n${USERS}`;
}
