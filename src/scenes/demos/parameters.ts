/**
 * What the parameters of each demo widget may be, with their defaults. Read when lessons are built,
 * so that a mistake fails the build at its line and the widgets can trust what they get.
 */
import { z } from 'zod';

const count = z.number().int().positive();
const counts = z.array(count).min(1).max(8);
const words = z.array(z.string().min(1)).min(1);
const valueType = z.enum(['string', 'list', 'set', 'hash', 'zset']);

export const demoParameters = {
  throughput: z.strictObject({
    command: z.string().default('SET key:{n} value'),
    batches: counts.default([1, 10, 100]),
    commands: count.max(1_000_000).default(20_000),
  }),
  'lost-update': z.strictObject({ times: count.max(50).default(5) }),
  roles: z.strictObject({ seconds: count.default(20) }),
  'key-life': z.strictObject({
    commands: words.default(['SET session:42 "{\\"user\\":\\"ada\\"}" EX 60']),
    key: z.string().default('session:42'),
    skipsS: counts.default([10, 60, 3600]),
  }),
  structure: z
    .strictObject({
      type: valueType.default('hash'),
      types: z.array(valueType).min(2).optional(),
      sizes: z.array(count.max(2000)).min(2).optional(),
    })
    .refine(({ types, sizes }) => !types || !sizes, 'sizes are of one type: give type, not types'),
  chat: z.strictObject({
    channel: z.string().default('chat:room'),
    people: z.tuple([z.string(), z.string()]).default(['Ada', 'Grace']),
  }),
  toasts: z.strictObject({
    channel: z.string().default('notify:42'),
    pattern: z.string().default('notify:*'),
  }),
  score: z.strictObject({
    channel: z.string().default('match:7'),
    readers: count.max(6).default(3),
  }),
  services: z.strictObject({
    channel: z.string().default('orders'),
    services: words.max(8).default(['billing', 'stock', 'mail', 'search', 'audit']),
  }),
  steps: z.strictObject({
    transcript: z.string().min(1),
    keys: z.array(z.string()).default([]),
  }),
  'side-by-side': z.strictObject({
    setup: z.array(z.string().min(1)).default([]),
    clients: z
      .array(z.strictObject({ name: z.string().regex(/^[A-Za-z][\w-]*$/), steps: words.max(12) }))
      .min(2)
      .max(3),
    keys: z.array(z.string()).default([]),
    waitS: count.optional(),
  }),
  'service-map': z.strictObject({}),
  'lock-contention': z.strictObject({
    clients: count.max(40).default(20),
    holdMs: count.max(500).default(50),
  }),
  redlock: z.strictObject({ ttlS: count.max(600).default(30) }),
  'shard-growth': z.strictObject({
    keys: count.max(20_000).default(1000),
    shards: count.min(2).max(8).default(4),
  }),
  'optimistic-lock': z.strictObject({
    balance: z.number().int().nonnegative().default(300),
    price: count.default(100),
    tries: count.max(20).default(5),
  }),
  'round-trips': z.strictObject({
    commands: count.max(100_000).default(10_000),
    rttsMs: z.array(z.number().positive()).min(2).default([0.2, 1, 10, 50, 150]),
    batches: counts.default([1, 10, 100, 1000, 10_000]),
    limits: z
      .strictObject({ seconds: z.number().positive(), kilobytes: z.number().positive() })
      .optional(),
  }),
  'reply-memory': z.strictObject({
    valueBytes: count.max(65_536).default(1024),
    batches: counts.default([1, 100, 1000, 10_000]),
  }),
  'queued-read': z.strictObject({
    commands: words.default(['SET stock 7', 'GET stock', 'DECR stock']),
  }),
  'rate-limiter': z.strictObject({
    limit: count.max(20).default(5),
    windowS: count.max(120).default(10),
    member: z.enum(['unique', 'second', 'both']).default('unique'),
  }),
  'lua-bench': z.strictObject({
    script: z.string().min(1),
    keys: z.array(z.string().min(1)).default([]),
    args: z.array(z.string().min(1)).default([]),
    setup: z.array(z.string().min(1)).default([]),
  }),
  digest: z.strictObject({
    script: z.string().default("return redis.call('GET', KEYS[1])"),
  }),
  crash: z.strictObject({ writes: count.max(60).default(25) }),
  recovery: z.strictObject({
    keys: count.max(20_000).default(2000),
    writes: count.max(50).default(10),
  }),
  'key-cost': z.strictObject({
    long: z.string().min(1).default('application:production:user:profile:12345:name'),
    short: z.string().min(1).default('u:12345:n'),
    value: z.string().default('Ada'),
    keys: counts.default([1000, 1_000_000, 100_000_000]),
  }),
  eviction: z.strictObject({
    keys: count.max(400).default(120),
    keep: z.number().min(0.1).max(0.9).default(0.7),
  }),
  'busy-script': z.strictObject({ writes: z.boolean().default(false) }),
  'queue-depth': z.strictObject({
    jobs: count.max(20).default(3),
    workers: count.max(20).default(3),
    alarmS: count.default(30),
  }),
  'monitor-cost': z.strictObject({
    command: z.string().default('SET key:{n} value'),
    commands: count.max(1_000_000).default(20_000),
    monitors: z.array(z.number().int().nonnegative().max(20)).min(2).max(6).default([0, 1, 4]),
  }),
  'tuning-board': z.strictObject({
    products: count.max(1000).default(300),
    rttMs: z.number().positive().default(0.5),
  }),
  'cold-start': z.strictObject({
    products: count.max(5000).default(1000),
    warmed: count.max(5000).default(200),
  }),
  'pool-simulator': z.strictObject({
    sizes: counts.default([4, 8, 16, 32]),
    cores: count.default(8),
    perSecond: count.max(400).default(200),
    serviceMs: count.max(100).default(40),
    rttMs: z.number().int().nonnegative().max(50).default(1),
    patienceMs: count.default(5000),
  }),
  'pool-health': z.strictObject({}),
  alerts: z.strictObject({}),
  observatory: z.strictObject({
    config: z.string().min(1),
    rules: z.string().min(1),
    panels: z.array(
      z.strictObject({
        title: z.string().min(1),
        expression: z.string().min(1),
        limit: z.number().optional(),
      }),
    ),
  }),
  'probe-matrix': z.strictObject({
    users: z.array(z.strictObject({ name: z.string().min(1), rules: z.string() })).min(1),
    probes: words,
  }),
  reach: z.strictObject({}),
  handshake: z.strictObject({ mutual: z.boolean().default(false) }),
  checklist: z.strictObject({}),
  'break-in': z.strictObject({ alarm: count.default(10) }),
  'active-active': z.strictObject({
    commands: words.max(12).default(['INCR visits', 'SADD cart tea', 'SREM cart tea']),
  }),
  availability: z.strictObject({}),
  tiering: z.strictObject({}),
  autoscaler: z.strictObject({}),
  capacity: z.strictObject({}),
  slots: z.strictObject({
    keys: words.default(['foo', '123456789', '{user:42}:name', '{user:42}:email']),
    primaries: count.max(6).default(3),
  }),
} as const satisfies Record<string, z.ZodType>;

export type WidgetName = keyof typeof demoParameters;
export type ParametersOf<W extends WidgetName> = z.output<(typeof demoParameters)[W]>;

export const isWidget = (name: string): name is WidgetName => Object.hasOwn(demoParameters, name);
