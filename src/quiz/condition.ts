/**
 * The palette of conditions that a task may set: what the server must hold, and, where the way is
 * the lesson, what must have been done. In YAML a condition is flat, `check` says which it is:
 *
 *   - check: value
 *     key: account:alice
 *     is: 70
 *
 * Evaluated in conditions.ts, put into words in explain.ts; a new kind is one row here and one entry
 * in the table of each of these (the compiler names what is missing).
 */
import { z } from 'zod';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const count = z.number().int().nonnegative();
/** Inclusive. */
const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, {
  message: 'the first bound is above the second',
});

/** What a reply may be held against: null is nil, a number reads as its digits. */
export type Expected = null | string | readonly Expected[] | { readonly [field: string]: string };
const expected: z.ZodType<Expected, unknown> = z.lazy(() =>
  z.union([z.null(), text, z.array(expected), z.record(z.string(), text)]),
);

/**
 * Exactly one of these says what is expected. `is` is exact (lists in order, mappings in any),
 * `anyOrder` exact but for the order, `contains` at least these, `matches` a regular expression,
 * `json` equal after parsing, `error` the beginning of an error.
 */
const expectation = {
  is: expected.optional(),
  anyOrder: z.array(expected).optional(),
  contains: z.array(expected).optional(),
  between: range.optional(),
  matches: z.string().refine(isPattern, 'not a regular expression').optional(),
  json: z.json().optional(),
  error: z.string().optional(),
};
export type Expectation = z.output<z.ZodObject<typeof expectation>>;

/** One key, or every key that fits a glob (at least one must). */
const subject = { key: z.string().optional(), every: z.string().optional() };

/** From where to look, when not the default node, database 0, and the default user. */
const from = {
  node: z.string().optional(),
  db: count.optional(),
  user: z.string().optional(),
  password: z.string().optional(),
};

/**
 * The beginning of a command as typed: `INCR`, `SET lock`, `CONFIG SET *`. A word is a glob; `...`
 * stands for any words, so that `SET ... NX` is SET with NX anywhere. Options in capitals fit
 * either case.
 */
const pattern = z.string().min(1);
const patterns = z.array(pattern).min(1);

export const condition = z.discriminatedUnion(
  'check',
  [
    // What the server holds.
    kind('reply', { command: z.string(), ...from, ...expectation }).refine(...oneExpectation()),
    kind('value', { key: z.string(), ...from, ...expectation }).refine(...oneExpectation()),
    kind('exists', { keys: z.array(z.string()).min(1), ...from }),
    kind('missing', { keys: z.array(z.string()).min(1), ...from }),
    kind('onlyKeys', { keys: z.array(z.string()), ...from }),
    kind('type', { ...subject, is: z.string(), ...from }).refine(...oneSubject()),
    kind('encoding', { ...subject, is: z.string(), ...from }).refine(...oneSubject()),
    /** Seconds left, or `none` for a key that never expires. */
    kind('ttl', {
      ...subject,
      between: range.optional(),
      none: z.literal(true).optional(),
      ...from,
    })
      .refine(...oneSubject())
      .refine((it) => (it.between === undefined) !== (it.none === undefined), 'between or none'),
    kind('length', { key: z.string(), between: range, ...from }),
    /** Bytes: MEMORY USAGE of the keys together, or used_memory where no key is named. */
    kind('memory', { ...subject, atMost: count, ...from }),
    kind('sum', { keys: z.array(z.string()).min(1), is: text, ...from }),
    kind('config', { name: z.string(), is: text, node: z.string().optional() }),
    kind('info', { field: z.string(), node: z.string().optional(), ...expectation }).refine(
      ...oneExpectation(),
    ),
    kind('subscribers', { channel: z.string(), is: count }),
    kind('patterns', { is: count }),
    /** By ACL DRYRUN: command lines that the user may and may not run. */
    kind('acl', {
      of: z.string(),
      may: z.array(z.string()),
      mayNot: z.array(z.string()),
      ...from,
    }),
    /** A consumer group: entries not acknowledged, and consumers that have read. */
    kind('group', {
      key: z.string(),
      group: z.string(),
      pending: range.optional(),
      consumers: range.optional(),
    }),

    // What the learner did.
    /**
     * How many different entries of a stream were handed to consumers of a group (to those that fit,
     * by the commands that fit), and to how many of them.
     */
    kind('delivered', {
      key: z.string(),
      group: z.string(),
      consumer: z.string().optional(),
      by: patterns.optional(),
      atLeast: count.default(1),
      consumers: count.optional(),
    }),
    /** How many entries XACK has taken off the pending list of a group, by its replies. */
    kind('acknowledged', { key: z.string(), group: z.string(), atLeast: count.default(1) }),
    /**
     * One of the commands ran without an error, so often (once or more), from so many clients or
     * more, and from no more than so many.
     */
    kind('used', {
      commands: patterns,
      times: range.optional(),
      clients: count.optional(),
      clientsAtMost: count.optional(),
    }),
    kind('forbidden', { commands: patterns }),
    /** Nothing but these has written the key. */
    kind('writtenOnlyBy', { key: z.string(), commands: patterns }),
    /** Counts commands that write (to the key, when named); with `counting: all` every command. */
    kind('commandsAtMost', {
      atMost: count,
      key: z.string().optional(),
      counting: z.enum(['writes', 'all']).default('writes'),
    }),
    kind('roundTrips', { atMost: count }),
    /** How many different commands that fit, none of them an error, the largest single write held. */
    kind('batch', { commands: patterns.optional(), between: range }),
    /** A transaction of the learner's, as the log shows it; see transactions.ts. */
    kind('transaction', {
      outcome: z.enum(['ran', 'nil', 'aborted', 'discarded']),
      /** Each of these was queued in it. */
      commands: patterns.optional(),
      /** Keys that commands in it have written. */
      writing: z.array(z.string()).min(1).optional(),
      watching: z.array(z.string()).min(1).optional(),
      /** A watched key that another client wrote between WATCH and EXEC. */
      foreignWrite: z.string().optional(),
      /** One of its commands answered an error while another did not. */
      partlyFailed: z.literal(true).optional(),
    }),
    /**
     * These commands in this order, others in between allowed. `by` names whoever sent it: the same
     * name is the same client, two names are two clients.
     */
    kind('sequence', {
      steps: z
        .array(z.strictObject({ command: pattern, by: z.string().optional(), ...expectation }))
        .min(2),
    }),
    /** Messages that reached the learner's clients: of which channel, how many, at how many clients. */
    kind('received', {
      channel: z.string(),
      payload: z.string().optional(),
      kind: z.enum(['message', 'pmessage', 'smessage']).optional(),
      times: range.optional(),
      clients: count.optional(),
    }),
    kind('output', { ...expectation }).refine(...oneExpectation()),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? 'no condition is called so' : undefined) },
);

export type Condition = z.output<typeof condition>;
export type Kind = Condition['check'];
export type ConditionOf<K extends Kind> = Extract<Condition, { check: K }>;

function kind<K extends string, Shape extends z.ZodRawShape>(check: K, shape: Shape) {
  return z.strictObject({ check: z.literal(check), ...shape });
}

function oneExpectation(): [(it: Expectation) => boolean, string] {
  const names = Object.keys(expectation) as (keyof Expectation)[];
  return [
    (it) => names.filter((name) => it[name] !== undefined).length === 1,
    `exactly one of ${names.join(', ')} is needed`,
  ];
}

function oneSubject(): [(it: { key?: unknown; every?: unknown }) => boolean, string] {
  return [(it) => (it.key === undefined) !== (it.every === undefined), 'either key or every'];
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
