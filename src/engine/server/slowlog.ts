import { command } from '../commands/command.ts';
import { container, wrongSubcommand } from '../commands/help.ts';
import { ok, type Reply } from '../resp/reply.ts';
import type { Client } from './client.ts';
import type { Settings } from './settings.ts';

export interface SlowEntry {
  readonly id: number;
  /** Seconds since 1970. */
  readonly at: number;
  readonly usec: number;
  readonly argv: readonly string[];
  readonly addr: string;
  readonly name: string;
}

const MAX_ARGUMENTS = 32;
const MAX_ARGUMENT_BYTES = 128;

/**
 * The commands that took longest, newest first. Arguments are cut so that the log stays small.
 * https://redis.io/docs/latest/commands/slowlog-get/
 */
export class SlowLog {
  entries: SlowEntry[] = [];
  #nextId = 0;

  constructor(private readonly settings: Settings) {}

  /** Whether a command that took so long is kept, by slowlog-log-slower-than. */
  isSlow(usec: number): boolean {
    const { slowlogLogSlowerThan } = this.settings;
    return slowlogLogSlowerThan >= 0 && usec >= slowlogLogSlowerThan;
  }

  /** Keeps a command if it was slow. */
  note(client: Client, argv: readonly string[], usec: number, nowMs: number): void {
    if (!this.isSlow(usec)) return;
    const { slowlogMaxLen } = this.settings;
    this.entries.unshift({
      id: this.#nextId++,
      at: Math.floor(nowMs / 1000),
      usec: Math.floor(usec),
      argv: shorten(argv),
      addr: client.addr,
      name: client.name,
    });
    if (this.entries.length > slowlogMaxLen) this.entries.length = slowlogMaxLen;
  }
}

function shorten(argv: readonly string[]): string[] {
  const kept = argv.length > MAX_ARGUMENTS ? argv.slice(0, MAX_ARGUMENTS - 1) : argv;
  const short = kept.map((arg) => {
    const extra = arg.length - MAX_ARGUMENT_BYTES;
    return extra > 0 ? `${arg.slice(0, MAX_ARGUMENT_BYTES)}... (${extra} more bytes)` : arg;
  });
  const dropped = argv.length - kept.length;
  return dropped > 0 ? [...short, `... (${dropped} more arguments)`] : short;
}

interface Needs {
  readonly slowlog: SlowLog;
}

const row = { group: 'server', flags: ['admin', 'loading', 'stale'] } as const;

const about = {
  since: '2.2.12',
  helpSince: '6.2.0',
  group: 'server',
  summary: 'A container for slow log commands.',
} as const;

export const slowlogCommands = container<Needs>('SLOWLOG', about, [
  command<Needs>('SLOWLOG|GET [count:int]', {
    ...row,
    summary: 'Returns the newest entries of the slow log.',
    since: '2.2.12',
    complexity: 'O(N) where N is the number of entries returned',
    tips: ['request_policy:all_nodes', 'nondeterministic_output'],
    history: [['4.0.0', 'Tells the address and the name of the client.']],
    run: ({ slowlog }, args) => {
      if (args.left > 1) throw wrongSubcommand('SLOWLOG', args);
      const count = args.done
        ? 10
        : args.range(
            -1,
            Number.MAX_SAFE_INTEGER,
            'ERR count should be greater than or equal to -1',
          );
      return slowlog.entries.slice(0, count < 0 ? undefined : count).map(entryReply);
    },
  }),
  command<Needs>('SLOWLOG|LEN', {
    ...row,
    summary: 'Returns the number of entries in the slow log.',
    since: '2.2.12',
    complexity: 'O(1)',
    tips: ['request_policy:all_nodes', 'response_policy:agg_sum', 'nondeterministic_output'],
    run: ({ slowlog }) => slowlog.entries.length,
  }),
  command<Needs>('SLOWLOG|RESET', {
    ...row,
    summary: 'Clears the slow log.',
    since: '2.2.12',
    complexity: 'O(N) where N is the number of entries in the slowlog',
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    run: ({ slowlog }) => {
      slowlog.entries = [];
      return ok;
    },
  }),
]);

const entryReply = ({ id, at, usec, argv, addr, name }: SlowEntry): Reply => [
  id,
  at,
  usec,
  argv,
  addr,
  name,
];
