/**
 * Readings of the log: which commands fit a pattern, what took effect and when, and the transactions
 * that it holds.
 */
import { utf8Decode } from '../engine/bytes/bytes.ts';
import { matches } from '../engine/bytes/glob.ts';
import { isError, NullArray, type Reply, Status } from '../engine/resp/reply.ts';
import { isList, type Plain, plain } from './compare.ts';
import type { LogEntry } from './world.ts';

/** A command at the moment at which it took effect: one queued by MULTI stands where its EXEC does. */
export interface Executed {
  readonly client: string;
  readonly argv: readonly string[];
  readonly reply: Plain;
  /** Its place in the log, or that of the EXEC that ran it. */
  readonly index: number;
}

export interface Transaction {
  readonly client: string;
  readonly outcome: 'ran' | 'nil' | 'aborted' | 'discarded';
  /** What was queued, with each reply where it ran. */
  readonly queued: readonly { readonly argv: readonly string[]; readonly reply?: Plain }[];
  /** The keys watched when it ended, and where in the log their WATCH stands. */
  readonly watched: readonly { readonly key: string; readonly index: number }[];
  /** The index of its EXEC or DISCARD. */
  readonly index: number;
}

/** Every transaction that was ended, in the order in which they ended. */
export function transactionsOf(log: readonly LogEntry[]): Transaction[] {
  const clients = new Map<string, OpenTransaction>();
  return log.flatMap((entry, index) => {
    const open = clients.get(entry.client) ?? new OpenTransaction(entry.client);
    clients.set(entry.client, open);
    return open.see(entry, index) ?? [];
  });
}

/** What took effect, in order. Failed commands are there too, with their errors. */
export function executedOf(log: readonly LogEntry[]): Executed[] {
  const ended = new Map(transactionsOf(log).map((transaction) => [transaction.index, transaction]));
  return log.flatMap(({ client, argv, reply }, index): Executed[] => {
    if (isQueued(reply)) return [];
    const own = { client, argv, reply: plain(reply), index };
    const transaction = ended.get(index);
    if (transaction?.outcome !== 'ran') return [own];
    const queued = transaction.queued.map((each) => ({
      client,
      argv: each.argv,
      reply: each.reply ?? null,
      index,
    }));
    return [...queued, own];
  });
}

/**
 * Whether a command begins as the pattern says. Words are globs; the first fits any case, and so
 * does an option written in capitals; `...` stands for any number of words.
 */
export function fits(pattern: string, argv: readonly string[]): boolean {
  const [name = '', ...rest] = pattern.trim().split(/\s+/);
  const [command = '', ...args] = argv.map(utf8Decode);
  return matches(name, command, { nocase: true }) && fitsRest(rest, args);
}

function fitsRest(pattern: readonly string[], args: readonly string[]): boolean {
  const [word, ...rest] = pattern;
  if (word === undefined) return true;
  if (word === '...') return args.some((_, skipped) => fitsRest(rest, args.slice(skipped)));
  const [arg, ...left] = args;
  if (arg === undefined) return false;
  const fit = matches(word, arg) || (/^[A-Z]+$/.test(word) && sameWord(word, arg));
  return fit && fitsRest(rest, left);
}

const sameWord = (a: string, b: string) => a.toUpperCase() === b.toUpperCase();

const isQueued = (reply: Reply) => reply instanceof Status && reply.text === 'QUEUED';

/** The transaction state of one client, as its commands and their replies give it away. */
class OpenTransaction {
  private watched: { key: string; index: number }[] = [];
  private queued: { argv: readonly string[] }[] | undefined;

  constructor(private readonly client: string) {}

  see({ argv, reply }: LogEntry, index: number): Transaction | undefined {
    const name = argv[0]?.toUpperCase();
    if (this.queued && isQueued(reply)) this.queued.push({ argv });
    else if (name === 'EXEC' && this.queued) return this.end(outcomeOf(reply), reply, index);
    else if (isError(reply)) return undefined;
    else if (name === 'DISCARD') return this.end('discarded', reply, index);
    else if (name === 'MULTI') this.queued = [];
    else if (name === 'WATCH') this.watched.push(...argv.slice(1).map((key) => ({ key, index })));
    else if (name === 'UNWATCH' || name === 'RESET') this.watched = [];
    if (name === 'RESET') this.queued = undefined;
    return undefined;
  }

  private end(outcome: Transaction['outcome'], reply: Reply, index: number): Transaction {
    const replies = plain(reply);
    const queued = (this.queued ?? []).map(({ argv }, at) =>
      isList(replies) ? { argv, reply: replies[at] ?? null } : { argv },
    );
    const { client, watched } = this;
    this.queued = undefined;
    this.watched = [];
    return { client, outcome, queued, watched, index };
  }
}

function outcomeOf(reply: Reply): Transaction['outcome'] {
  if (reply === null || reply instanceof NullArray) return 'nil';
  return isError(reply) ? 'aborted' : 'ran';
}
