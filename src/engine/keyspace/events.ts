/**
 * Keyspace events by the letter of their class, as notify-keyspace-events selects them.
 * https://redis.io/docs/latest/develop/pubsub/keyspace-notifications/
 */
export type EventClass =
  | ('g' | '$' | 'l' | 's' | 'h' | 'z' | 't' | 'x' | 'e' | 'n' | 'm' | 'd' | 'a')
  | typeof UNHEARD;

/** The class of what is written but never told: no flag selects it. */
const UNHEARD = '';

const generic = ['del', 'expire', 'rename_from', 'rename_to', 'copy_to', 'move_from', 'move_to'];
generic.push('persist', 'restore', 'flushdb', 'flushall');

const classes: ReadonlyMap<string, EventClass> = new Map([
  ...generic.map((event) => [event, 'g'] as const),
  ['expired', 'x'],
  ['evicted', 'e'],
  ['new', 'n'],
  ['keymiss', 'm'],
]);

const byPrefix: readonly (readonly [RegExp, EventClass])[] = [
  [/^(json|ts)\./, 'd'],
  [/^(set|append|incr|decr|setrange|setbit|bitfield|getex|pfadd)/, '$'],
  [/^(l(push|pop|insert|set|rem|trim)|r(push|pop)|sortstore)/, 'l'],
  [/^(sadd|srem|spop|s(inter|union|diff)store)/, 's'],
  [/^h/, 'h'],
  [/^(z|geo)/, 'z'],
  [/^x/, 't'],
  [/^ar/, 'a'],
  [/^v(add|rem|setattr)$/, UNHEARD],
  [/^ft\./, UNHEARD],
  [/^(bf|cf|cms|topk|tdigest)\./, UNHEARD],
];

const cache = new Map<string, EventClass>(classes);

/** The class of an event by its name: `lpush` is of class `l`. */
export function classOf(event: string): EventClass {
  const known = cache.get(event);
  if (known) return known;
  const found = byPrefix.find(([prefix]) => prefix.test(event))?.[1] ?? 'g';
  cache.set(event, found);
  return found;
}
