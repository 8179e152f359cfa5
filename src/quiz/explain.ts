/**
 * Conditions in words: the sentence that is shown before an attempt, and what was expected after it.
 * Code stands between backticks; the lesson's build makes them `<code>`.
 */
import type { Condition, ConditionOf, Expectation, Kind } from './condition.ts';
import { countOf, listing, showExpected } from './show.ts';
import type { Vantage } from './world.ts';

export interface Wording {
  /** A sentence without its full stop, in Markdown: "`stock` holds `"7"`". */
  readonly says: string;
  /** What `observed` is held against, plain: `"7"`. */
  readonly expected: string;
}

/** What a condition asks, in words. */
export function explain(condition: Condition): Wording {
  // The table has an entry of the right type for every kind.
  const word = wordings[condition.check] as (condition: Condition) => readonly [string, string];
  const [says, expected] = word(condition);
  const place = whereFrom(condition as Vantage);
  return { says: place === '' ? says : `${says} (${place})`, expected };
}

/** [says, expected] of every kind. */
type Wordings = { readonly [K in Kind]: (condition: ConditionOf<K>) => readonly [string, string] };

const wordings: Wordings = {
  reply: (it) => [`${code(it.command)} answers ${marked(it)}`, expects(it)],
  value: (it) => [`${code(it.key)} holds ${marked(it)}`, expects(it)],
  exists: ({ keys }) => [`${codes(keys)} ${are(keys)} there`, `${listing(keys)} there`],
  missing: ({ keys }) => [`${codes(keys, 'or')} does not exist`, `${listing(keys)} missing`],
  onlyKeys: ({ keys }) =>
    keys.length === 0
      ? ['the database is empty', 'no key at all']
      : [`${codes(keys)} and no other ${keys.length === 1 ? 'key' : 'keys'}`, listing(keys)],
  type: (it) => [`${subject(it)} ${has(it)} the type ${code(it.is)}`, it.is],
  encoding: (it) => [`${subject(it)} ${has(it)} the encoding ${code(it.is)}`, it.is],
  ttl: (it) =>
    it.between
      ? [`${subject(it)} ${has(it)} ${span(it.between)} s to live`, `${span(it.between)} s left`]
      : [`${subject(it)} never ${it.every ? 'expire' : 'expires'}`, 'never expires'],
  length: ({ key, between }) => [`${code(key)} has the length ${span(between)}`, span(between)],
  memory: (it) =>
    it.key === undefined && it.every === undefined
      ? [`the server uses at most ${it.atMost} bytes`, `at most ${it.atMost} bytes`]
      : [`${subject(it)} ${takes(it)} at most ${it.atMost} bytes`, `at most ${it.atMost} bytes`],
  sum: ({ keys, is }) => [`${codes(keys)} add up to ${code(is)}`, is],
  config: ({ name, is }) => [`the directive ${code(name)} is ${code(is)}`, `"${is}"`],
  info: (it) => [`${code(it.field)} in INFO is ${marked(it)}`, expects(it)],
  subscribers: ({ channel, is }) => [
    `${countOf(is, 'connection')} subscribed to ${code(channel)}`,
    `${is} subscribed`,
  ],
  patterns: ({ is }) => [`${countOf(is, 'pattern subscription')} on the server`, String(is)],
  acl: ({ of, may, mayNot }) => {
    const yes = may.length > 0 ? [`may ${codes(may)}`] : [];
    const no = mayNot.length > 0 ? [`may not ${codes(mayNot, 'or')}`] : [];
    return [`the user ${code(of)} ${listing([...yes, ...no])}`, 'exactly that'];
  },
  group: ({ key, group, pending, consumers }) => {
    const parts = [
      ...(pending ? [`${span(pending)} pending`] : []),
      ...(consumers ? [`${span(consumers)} consumers`] : []),
    ];
    return [`group ${code(group)} of ${code(key)} has ${listing(parts)}`, listing(parts)];
  },
  delivered: (it) => explainDelivered(it),
  acknowledged: ({ key, group, atLeast }) => [
    `${entries(atLeast)} of ${code(key)} or more acknowledged in the group ${code(group)}`,
    `${entries(atLeast)} or more`,
  ],
  used: ({ commands, times, clients, clientsAtMost }) => {
    const often = times ? ` ${span(times)} times` : '';
    const by = clients === undefined ? '' : ` from ${countOf(clients, 'connection')} or more`;
    const most =
      clientsAtMost === undefined ? '' : ` from ${countOf(clientsAtMost, 'connection')} at most`;
    return [`${codes(commands, 'or')} was run${often}${by}${most}`, `run${often}${by}${most}`];
  },
  forbidden: ({ commands }) => [`${codes(commands, 'or')} was not run`, 'not run'],
  writtenOnlyBy: ({ key, commands }) => [
    `only ${codes(commands, 'or')} has written ${code(key)}`,
    `only ${listing(commands, 'or')}`,
  ],
  commandsAtMost: ({ atMost, key, counting }) => {
    const what = countOf(atMost, counting === 'all' ? 'command' : 'writing command');
    return [`at most ${what}${key === undefined ? '' : ` on ${code(key)}`}`, `at most ${what}`];
  },
  roundTrips: ({ atMost }) => {
    const most = `at most ${countOf(atMost, 'round trip')}`;
    return [most, most];
  },
  batch: ({ commands, between }) => {
    const what = commands ? ` ${codes(commands, 'or')}` : '';
    return [`the largest write holds ${span(between)}${what} commands`, span(between)];
  },
  transaction: (it) => explainTransaction(it),
  sequence: ({ steps }) => {
    const names = steps.map(({ command }) => code(command));
    return [`${names.join(', then ')}, in this order`, 'seen in this order'];
  },
  received: ({ channel, payload, kind, times, clients }) => {
    const often = times ? `${span(times)} messages` : 'a message';
    const text = payload === undefined ? '' : ` ${code(payload)}`;
    const by = clients === undefined ? '' : ` at ${countOf(clients, 'connection')} or more`;
    const how = kind === undefined ? '' : ` as ${code(kind)}`;
    return [`${often}${text} arrived on ${code(channel)}${how}${by}`, `${often}${by}`];
  },
  output: (it) => [`the program prints ${marked(it)}`, expects(it)],
};

function explainDelivered(it: ConditionOf<'delivered'>): readonly [string, string] {
  const { key, group, consumer, by, atLeast, consumers } = it;
  const to =
    consumer === undefined
      ? `to ${countOf(consumers ?? 1, 'consumer')} or more`
      : `to ${code(consumer)}`;
  const how = by ? `, by ${codes(by, 'or')}` : '';
  const says = `${entries(atLeast)} of ${code(key)} or more handed ${to} of the group ${code(group)}${how}`;
  return [says, `${entries(atLeast)} or more ${to.replaceAll('`', '')}`];
}

const entries = (number: number) => (number === 1 ? '1 entry' : `${number} entries`);

function explainTransaction(it: ConditionOf<'transaction'>): readonly [string, string] {
  const { outcome, commands, writing, watching, foreignWrite, partlyFailed } = it;
  const parts = [
    ...(commands ? [`with ${codes(commands)} queued`] : []),
    ...(writing ? [`writing ${codes(writing)}`] : []),
    ...(watching ? [`watching ${codes(watching)}`] : []),
    ...(foreignWrite === undefined ? [] : [`after another client wrote ${code(foreignWrite)}`]),
    ...(partlyFailed ? ['in which one command failed and another did not'] : []),
  ];
  const says = [outcomes[outcome], ...parts].join(', ');
  return [says, says.replaceAll('`', '')];
}

const outcomes: Readonly<Record<ConditionOf<'transaction'>['outcome'], string>> = {
  ran: 'a transaction that `EXEC` ran',
  nil: 'an `EXEC` that answered nil',
  aborted: 'an `EXEC` that was refused',
  discarded: 'a transaction dropped by `DISCARD`',
};

/** What an expectation expects, plain. */
function expects(it: Expectation): string {
  const { is, anyOrder, contains, between, matches, json, error } = it;
  if (error !== undefined) return `(error) ${error}…`;
  if (is !== undefined) return showExpected(is);
  if (anyOrder !== undefined) return `${showExpected(anyOrder)} in any order`;
  if (contains !== undefined) return `at least ${showExpected(contains)}`;
  if (between !== undefined) return span(between);
  if (matches !== undefined) return `text that matches /${matches}/`;
  return `JSON equal to ${JSON.stringify(json)}`;
}

/** The same within a sentence: what is literal stands in code. */
function marked(it: Expectation): string {
  const { is, error, between } = it;
  if (is !== undefined || error !== undefined) return code(expects(it));
  return between === undefined ? expects(it) : span(between);
}

const code = (text: string) => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);
const codes = (texts: readonly string[], word?: string) => listing(texts.map(code), word);
const are = (items: readonly unknown[]) => (items.length === 1 ? 'is' : 'are');

type Subject = { readonly key?: string | undefined; readonly every?: string | undefined };
const subject = ({ key, every }: Subject) =>
  key === undefined ? `all keys ${code(every ?? '*')}` : code(key);
const has = ({ every }: Subject) => (every === undefined ? 'has' : 'have');
const takes = ({ every }: Subject) => (every === undefined ? 'takes' : 'take together');

function span([low, high]: readonly [number, number]): string {
  if (low === high) return String(low);
  if (high === Number.POSITIVE_INFINITY || high >= Number.MAX_SAFE_INTEGER) return `${low} or more`;
  return `${low} to ${high}`;
}

function whereFrom({ node, db, user }: Vantage): string {
  const parts = [
    ...(node === undefined ? [] : [`on ${node}`]),
    ...(db === undefined ? [] : [`in database ${db}`]),
    ...(user === undefined ? [] : [`as user ${user}`]),
  ];
  return parts.join(', ');
}
