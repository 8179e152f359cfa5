import { RedisError } from '../../engine/errors.ts';
import { NullArray, type Reply } from '../../engine/resp/reply.ts';

/**
 * What redis-cli infers about its connection from what it sent and what came back: the database, the
 * transaction, the protocol. It never asks the server, and neither do we.
 */
export interface Tracked {
  readonly db: number;
  readonly inTransaction: boolean;
  /** The database to return to when the transaction comes to nothing. */
  readonly dbBefore: number;
  readonly protocol: 2 | 3;
}

export const untracked: Tracked = { db: 0, inTransaction: false, dbBefore: 0, protocol: 2 };

export function track(now: Tracked, argv: readonly string[], reply: Reply): Tracked {
  const [first = '', argument = ''] = argv;
  const change = changes[first.toLowerCase()];
  return change?.(now, { argument, argc: argv.length, reply }) ?? now;
}

interface Answered {
  readonly argument: string;
  readonly argc: number;
  readonly reply: Reply;
}

/** Undefined where nothing changes. */
type Change = (now: Tracked, answered: Answered) => Tracked | undefined;

const changes: Readonly<Record<string, Change>> = {
  select: (now, { argument, argc, reply }) =>
    argc === 2 && !failed(reply) ? { ...now, db: Number.parseInt(argument, 10) || 0 } : undefined,
  multi: (now, { argc, reply }) =>
    argc === 1 && !failed(reply) ? { ...now, inTransaction: true, dbBefore: now.db } : undefined,
  exec(now, { argc, reply }) {
    if (argc !== 1 || !now.inTransaction) return undefined;
    // Nothing was carried out: a SELECT that was queued was not, either.
    const inVain = failed(reply) || reply === null || reply instanceof NullArray;
    return { ...now, inTransaction: false, db: inVain ? now.dbBefore : now.db };
  },
  discard: (now, { argc, reply }) =>
    argc === 1 && !failed(reply) ? { ...now, inTransaction: false, db: now.dbBefore } : undefined,
  reset: (_, { argc, reply }) => (argc === 1 && !failed(reply) ? untracked : undefined),
  hello(now, { argument, argc, reply }) {
    if (argc < 2 || failed(reply) || now.inTransaction) return undefined;
    return { ...now, protocol: argument === '3' ? 3 : 2 };
  },
};

const failed = (reply: Reply) => reply instanceof RedisError;

/** What stands before the cursor. */
export interface PromptParts extends Tracked {
  readonly address: string;
  readonly connected: boolean;
  readonly subscribed: boolean;
}

/** redis-cli's prompt, with its last blank. `(subscribed mode)` is that of redis-cli 7.2. */
export function promptOf(parts: PromptParts): string {
  if (!parts.connected) return 'not connected> ';
  const db = parts.db === 0 ? '' : `[${parts.db}]`;
  const transaction = parts.inTransaction ? '(TX)' : '';
  const subscribed = parts.subscribed ? '(subscribed mode)' : '';
  return `${parts.address}${db}${transaction}${subscribed}> `;
}
