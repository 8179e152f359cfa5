/** Evaluates the conditions about what the learner did, for tasks in which the way is the lesson. */
import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { matches } from '../engine/bytes/glob.ts';
import { RedisError } from '../engine/errors.ts';
import { isError } from '../engine/resp/reply.ts';
import { isBetween, meets, plain } from './compare.ts';
import type { ConditionOf } from './condition.ts';
import { type Executed, fits, type Transaction } from './log.ts';
import type { Evaluator, Finding, Look } from './look.ts';
import { countOf, listing, showCommand } from './show.ts';
import type { LogEntry } from './world.ts';

type Done =
  | 'used'
  | 'forbidden'
  | 'writtenOnlyBy'
  | 'commandsAtMost'
  | 'roundTrips'
  | 'batch'
  | 'transaction'
  | 'sequence'
  | 'received'
  | 'output';

export const evaluateDone: { readonly [K in Done]: Evaluator<ConditionOf<K>> } = {
  used: async ({ commands, times, clients, clientsAtMost }, look) => {
    const ran = look.executed.filter((each) => isOneOf(commands, each) && !isFailed(each));
    const by = new Set(ran.map(({ client }) => client)).size;
    const often = isBetween(times ?? [1, Number.POSITIVE_INFINITY], String(ran.length));
    const asked = clients !== undefined || clientsAtMost !== undefined;
    const tabs = asked ? ` from ${countOf(by, 'connection')}` : '';
    return {
      ok: often && by >= (clients ?? 0) && by <= (clientsAtMost ?? Number.POSITIVE_INFINITY),
      observed: ran.length === 0 ? 'not run' : `run ${countOf(ran.length, 'time')}${tabs}`,
    };
  },
  forbidden: async ({ commands }, look) => {
    const ran = look.executed.find((each) => isOneOf(commands, each));
    return { ok: !ran, observed: ran ? `${showCommand(ran.argv)} was run` : 'not run' };
  },
  writtenOnlyBy: async ({ key, commands }, look) => {
    const writers = await writersOf(look, key);
    const other = writers.find((each) => !isOneOf(commands, each));
    const names = [...new Set(writers.map(({ argv }) => argv[0]?.toUpperCase() ?? ''))];
    return {
      ok: !other && writers.length > 0,
      observed: other
        ? `${showCommand(other.argv)} wrote it`
        : names.length === 0
          ? 'nothing has written it'
          : `written by ${listing(names)}`,
    };
  },
  commandsAtMost: async ({ atMost, key, counting }, look) => {
    const counted = counting === 'all' && key === undefined ? look.log : await writersOf(look, key);
    const what = counting === 'all' ? 'command' : 'writing command';
    return { ok: counted.length <= atMost, observed: countOf(counted.length, what) };
  },
  roundTrips: async ({ atMost }, look) => ({
    ok: look.roundTrips <= atMost,
    observed: countOf(look.roundTrips, 'round trip'),
  }),
  batch: async ({ commands, between }, look) => {
    const largest = Math.max(0, ...batchesOf(look, commands).map(({ size }) => size));
    const observed = `${countOf(largest, 'command')} in the largest write`;
    return { ok: isBetween(between, String(largest)), observed };
  },
  transaction: (it, look) => evaluateTransaction(it, look),
  sequence: async ({ steps }, look) => {
    const reached = longestMatch(steps, look);
    const next = steps[reached];
    return {
      ok: next === undefined,
      observed: next === undefined ? 'seen in this order' : `not seen: ${next.command}`,
    };
  },
  received: async (it, look) => {
    const got = look.messages.filter((message) => isAbout(it, message));
    const by = new Set(got.map(({ client }) => client)).size;
    const often = isBetween(it.times ?? [1, Number.POSITIVE_INFINITY], String(got.length));
    return {
      ok: often && by >= (it.clients ?? 0),
      observed: `${countOf(got.length, 'message')} at ${countOf(by, 'connection')}`,
    };
  },
  output: async (it, look) => ({
    ok: meets(it, utf8Encode(look.output.trimEnd())),
    observed: look.output.trimEnd() === '' ? 'nothing printed' : look.output.trimEnd(),
  }),
};

const isOneOf = (patterns: readonly string[], { argv }: Pick<Executed, 'argv'>) =>
  patterns.some((pattern) => fits(pattern, argv));

const isFailed = ({ reply }: Pick<Executed, 'reply'>) => reply instanceof RedisError;

/** The different commands of each write that fit. */
function batchesOf({ log }: Look, patterns: readonly string[] = ['*']): Set<string>[] {
  const batches = new Map<number | LogEntry, Set<string>>();
  for (const entry of log) {
    if (isError(entry.reply) || !isOneOf(patterns, entry)) continue;
    const trip = entry.trip ?? entry;
    const batch = batches.get(trip) ?? new Set();
    batches.set(trip, batch.add(entry.argv.join(' ')));
  }
  return [...batches.values()];
}

/** What wrote a key (or anything), without the transaction commands around it. */
async function writersOf(look: Look, key?: string): Promise<Executed[]> {
  const candidates = look.executed.filter((each) => !isFailed(each));
  const wrote = await Promise.all(candidates.map((each) => look.writes(each, key)));
  return candidates.filter((_, index) => wrote[index]);
}

type Wanted = ConditionOf<'transaction'>;

async function evaluateTransaction(it: Wanted, look: Look): Promise<Finding> {
  const { transactions } = look;
  for (const transaction of transactions) {
    if (await isWanted(it, transaction, look)) return { ok: true, observed: inWords(transaction) };
  }
  const last = transactions.at(-1);
  return { ok: false, observed: last ? `the last one: ${inWords(last)}` : 'no transaction ended' };
}

async function isWanted(it: Wanted, transaction: Transaction, look: Look): Promise<boolean> {
  const { outcome, queued, watched } = transaction;
  const keys = watched.map(({ key }) => utf8Decode(key));
  const failed = queued.filter(({ reply }) => reply instanceof RedisError).length;
  return (
    outcome === it.outcome &&
    (it.commands ?? []).every((pattern) => queued.some(({ argv }) => fits(pattern, argv))) &&
    (it.watching ?? []).every((key) => keys.includes(key)) &&
    (!it.partlyFailed || (failed > 0 && failed < queued.length)) &&
    (await allWritten(it.writing ?? [], queued, look)) &&
    (it.foreignWrite === undefined || (await isDisturbed(it.foreignWrite, transaction, look)))
  );
}

/** Whether each key was written by a command that did not fail. */
async function allWritten(
  keys: readonly string[],
  queued: Transaction['queued'],
  look: Look,
): Promise<boolean> {
  const done = queued.filter(({ reply }) => !(reply instanceof RedisError));
  const written = await Promise.all(
    keys.map(async (key) => {
      const writes = await Promise.all(done.map((each) => look.writes(each, key)));
      return writes.includes(true);
    }),
  );
  return !written.includes(false);
}

/** Whether another client wrote the key while the transaction watched it. */
async function isDisturbed(key: string, transaction: Transaction, look: Look): Promise<boolean> {
  const { client, watched, index } = transaction;
  const from = watched.find((each) => each.key === utf8Encode(key))?.index;
  if (from === undefined) return false;
  const writers = await writersOf(look, key);
  return writers.some((each) => each.client !== client && each.index > from && each.index < index);
}

function inWords({ outcome, queued, watched }: Transaction): string {
  const commands = queued.map(({ argv }) => argv[0]?.toUpperCase() ?? '');
  const watching =
    watched.length === 0
      ? 'watching nothing'
      : `watching ${listing(watched.map(({ key }) => utf8Decode(key)))}`;
  const failed = queued.filter(({ reply }) => reply instanceof RedisError).length;
  const errors = failed === 0 ? '' : `, ${countOf(failed, 'error')} among the replies`;
  return `${outcomes[outcome]}, ${listing(commands) || 'nothing'} queued, ${watching}${errors}`;
}

const outcomes: Readonly<Record<Transaction['outcome'], string>> = {
  ran: 'EXEC ran it',
  nil: 'EXEC answered nil',
  aborted: 'EXEC refused it',
  discarded: 'discarded',
};

type Steps = ConditionOf<'sequence'>['steps'];

/** How many steps of the sequence the log shows, at best. */
function longestMatch(steps: Steps, look: Look): number {
  const { log } = look;
  const search = (step: number, from: number, bound: ReadonlyMap<string, string>): number => {
    const wanted = steps[step];
    if (!wanted) return step;
    let best = step;
    for (let at = from; at < log.length && best < steps.length; at++) {
      const names = bind(wanted, log[at], bound);
      if (names) best = Math.max(best, search(step + 1, at + 1, names));
    }
    return best;
  };
  return search(0, 0, new Map());
}

/** Who is who after this step, or undefined when the entry is not the step. */
function bind(
  step: Steps[number],
  entry: Look['log'][number] | undefined,
  bound: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> | undefined {
  if (!entry || !fits(step.command, entry.argv)) return undefined;
  const { command: _command, by, ...expectation } = step;
  if (Object.values(expectation).some((part) => part !== undefined)) {
    if (!meets(expectation, plain(entry.reply))) return undefined;
  }
  if (by === undefined) return bound;
  const known = bound.get(by);
  if (known !== undefined) return known === entry.client ? bound : undefined;
  if ([...bound.values()].includes(entry.client)) return undefined;
  return new Map([...bound, [by, entry.client]]);
}

function isAbout(it: ConditionOf<'received'>, message: Look['messages'][number]): boolean {
  return (
    matches(utf8Encode(it.channel), message.channel) &&
    (it.kind === undefined || it.kind === message.kind) &&
    (it.payload === undefined || matches(utf8Encode(it.payload), message.payload))
  );
}
