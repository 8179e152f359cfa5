/** The tests of redis-benchmark: what each is called, and the command that it sends. */
export interface BenchmarkTest {
  readonly title: string;
  readonly command: readonly string[];
}

const RANDOM = '__rand_int__';

interface Known {
  /** What -t may call it. */
  readonly names: readonly string[];
  readonly title: string;
  readonly command: (value: string) => readonly string[];
}

const pushForRange: Known = {
  names: ['lrange', 'lrange_100', 'lrange_300', 'lrange_500', 'lrange_600'],
  title: 'LPUSH (needed to benchmark LRANGE)',
  command: (value) => ['LPUSH', 'mylist', value],
};

const range = (count: number): Known => ({
  names: ['lrange', `lrange_${count}`],
  title: `LRANGE_${count} (first ${count} elements)`,
  command: () => ['LRANGE', 'mylist', '0', String(count - 1)],
});

const known: readonly Known[] = [
  { names: ['ping_inline', 'ping'], title: 'PING_INLINE', command: () => ['PING'] },
  { names: ['ping_mbulk', 'ping'], title: 'PING_MBULK', command: () => ['PING'] },
  { names: ['set'], title: 'SET', command: (value) => ['SET', `key:${RANDOM}`, value] },
  { names: ['get'], title: 'GET', command: () => ['GET', `key:${RANDOM}`] },
  { names: ['incr'], title: 'INCR', command: () => ['INCR', `counter:${RANDOM}`] },
  { names: ['lpush'], title: 'LPUSH', command: (value) => ['LPUSH', 'mylist', value] },
  { names: ['rpush'], title: 'RPUSH', command: (value) => ['RPUSH', 'mylist', value] },
  { names: ['lpop'], title: 'LPOP', command: () => ['LPOP', 'mylist'] },
  { names: ['rpop'], title: 'RPOP', command: () => ['RPOP', 'mylist'] },
  { names: ['sadd'], title: 'SADD', command: () => ['SADD', 'myset', `element:${RANDOM}`] },
  {
    names: ['hset'],
    title: 'HSET',
    command: (value) => ['HSET', 'myhash', `element:${RANDOM}`, value],
  },
  { names: ['spop'], title: 'SPOP', command: () => ['SPOP', 'myset'] },
  { names: ['zadd'], title: 'ZADD', command: () => ['ZADD', 'myzset', '0', `element:${RANDOM}`] },
  { names: ['zpopmin'], title: 'ZPOPMIN', command: () => ['ZPOPMIN', 'myzset'] },
  pushForRange,
  ...[100, 300, 500, 600].map(range),
  {
    names: ['mset'],
    title: 'MSET (10 keys)',
    command: (value) => [
      'MSET',
      ...Array.from({ length: 10 }, () => [`key:${RANDOM}`, value]).flat(),
    ],
  },
];

/** The tests that -t names, or all of them. */
export function benchmarkTests(
  names: readonly string[] | undefined,
  value: string,
): BenchmarkTest[] {
  const chosen = names
    ? known.filter((test) => test.names.some((name) => names.includes(name)))
    : known;
  return chosen.map(({ title, command }) => ({ title, command: command(value) }));
}

/** Writes another random number into each place that asks for one: twelve digits, as Redis does. */
export function filled(
  command: readonly string[],
  keyspace: number | undefined,
): readonly string[] {
  if (keyspace === undefined) return command;
  return command.map((word) =>
    word.replaceAll(RANDOM, () => String(Math.floor(Math.random() * keyspace)).padStart(12, '0')),
  );
}
