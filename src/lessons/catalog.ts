/**
 * The course: 35 lessons in chapters. A lesson whose file exists is read from it; the others stand
 * in the plan below, visible as not written yet. A lesson beyond the plan needs only its file.
 */
import written from 'virtual:lessons';
import type { Lesson, LessonMeta } from './lesson.ts';

export interface Entry {
  readonly number: number;
  readonly slug: string;
  readonly title: string;
  readonly question: string;
  readonly chapter: string;
  readonly minutes: number;
  /** Of a lesson that is written: what the map shows, and how to load the rest. */
  readonly lesson?: WrittenLesson;
}

export interface WrittenLesson {
  readonly meta: LessonMeta;
  /** Loads the lesson's own chunk. */
  readonly load: () => Promise<Lesson>;
}

export interface Chapter {
  readonly name: string;
  readonly entries: readonly Entry[];
}

const plan = {
  'First steps': [
    [1, 'what-is-redis', 'What Redis is', 'What is Redis, and why do teams adopt it?', 15],
    [
      2,
      'data-types',
      'Data types',
      'Which data types does Redis have, and when do you use which?',
      25,
    ],
    [
      3,
      'connecting-basic-operations',
      'Connecting',
      'How do you connect to Redis from a shell, from Python and from Node.js?',
      20,
    ],
  ],
  'Commands together': [
    [
      6,
      'pub-sub',
      'Publish and subscribe',
      'How does Pub/Sub work, and what does it not promise?',
      20,
    ],
    [
      7,
      'transactions',
      'Transactions',
      'How do MULTI, EXEC and WATCH make a transaction, and what is missing from it?',
      30,
    ],
    [
      8,
      'pipelining',
      'Pipelining',
      'What does pipelining speed up, and when must you not use it?',
      20,
    ],
    [
      9,
      'lua-scripting',
      'Lua scripting',
      'Why run Lua inside the server, and what does it cost?',
      30,
    ],
    [
      13,
      'streams-event-sourcing',
      'Streams',
      'How do streams and consumer groups work, and how do they carry an event log?',
      35,
    ],
  ],
  'More types': [
    [
      20,
      'modules-json',
      'Modules and JSON',
      'What do modules add, and when is JSON its own type?',
      25,
    ],
    [25, 'time-series', 'Time series', 'How do you keep measurements over time in Redis?', 25],
  ],
  Durability: [
    [
      4,
      'rdb-vs-aof',
      'RDB and AOF',
      'Snapshots or an append-only file: which persistence, and when?',
      30,
    ],
    [
      23,
      'backup-disaster-recovery',
      'Backup and recovery',
      'How do you back up Redis, and how do you know that the backup works?',
      30,
    ],
    [28, 'data-migration', 'Migration', 'How do you move data to another host or version?', 30],
  ],
  Memory: [
    [10, 'memory-optimization', 'Saving memory', 'How do you fit more into the same memory?', 30],
    [
      19,
      'memory-management-eviction',
      'Limits and eviction',
      'What happens when memory is full, and who decides what goes?',
      30,
    ],
  ],
  'Many servers': [
    [16, 'replication', 'Replication', 'How does replication work, and what can it lose?', 30],
    [12, 'sentinel', 'Sentinel', 'How does Sentinel notice a dead master and replace it?', 30],
    [
      35,
      'high-availability-failover',
      'High availability',
      'How do you keep Redis up without anybody getting out of bed?',
      30,
    ],
    [
      5,
      'cluster-horizontal-scaling',
      'Cluster',
      'How does Redis Cluster spread keys over nodes?',
      30,
    ],
    [
      18,
      'cluster-data-distribution-failover',
      'Cluster internals',
      'What happens in a cluster when a node dies or slots move?',
      35,
    ],
    [
      33,
      'scalability-patterns',
      'Scaling patterns',
      'Which patterns carry Redis to very large systems?',
      30,
    ],
  ],
  'Patterns of use': [
    [14, 'message-queues', 'Queues', 'How do you build a job queue that loses nothing?', 30],
    [
      26,
      'distributed-locks',
      'Distributed locks',
      'How do you build a lock, and is Redlock safe?',
      30,
    ],
    [27, 'connection-pooling', 'Connection pools', 'How large should a connection pool be?', 25],
    [34, 'cache-warming', 'Cache warming', 'How do you avoid the cold cache after a restart?', 25],
    [21, 'microservices', 'Microservices', 'Which jobs does Redis do among microservices?', 30],
  ],
  'Speed and sight': [
    [
      15,
      'monitoring-debugging',
      'Monitoring',
      'How do you find out what a Redis server is doing?',
      30,
    ],
    [
      17,
      'performance-tuning',
      'Tuning',
      'How do you tune a server and its clients for throughput?',
      30,
    ],
    [
      29,
      'troubleshooting-bottlenecks',
      'Bottlenecks',
      'Redis is slow: how do you find out why?',
      30,
    ],
    [
      32,
      'benchmarking',
      'Benchmarking',
      'How do you benchmark Redis without fooling yourself?',
      25,
    ],
    [
      24,
      'prometheus-grafana',
      'Prometheus and Grafana',
      'How do you watch Redis with Prometheus and Grafana?',
      30,
    ],
  ],
  Security: [
    [
      11,
      'securing-production',
      'Securing a server',
      'How do you secure a Redis server for production?',
      30,
    ],
    [
      22,
      'security-hardening',
      'Hardening',
      'Which layers harden a deployment, and in which order?',
      30,
    ],
  ],
  Platforms: [
    [30, 'kubernetes', 'Kubernetes', 'How do you run Redis on Kubernetes?', 35],
    [31, 'enterprise-features', 'Enterprise features', 'What does the Enterprise edition add?', 30],
  ],
} as const satisfies Record<string, readonly (readonly [number, string, string, string, number])[]>;

/** Every lesson in the order of its number. */
export const entries: readonly Entry[] = merge(written);

/** The course map. */
export const chapters: readonly Chapter[] = inChapters(entries);

export const entryOf = (slug: string): Entry | undefined =>
  entries.find((entry) => entry.slug === slug);

/** The lessons before and after one. */
export function neighboursOf(slug: string): { previous?: Entry; next?: Entry } {
  const at = entries.findIndex((entry) => entry.slug === slug);
  const previous = at > 0 ? entries[at - 1] : undefined;
  const next = at >= 0 ? entries[at + 1] : undefined;
  return { ...(previous && { previous }), ...(next && { next }) };
}

function merge(lessons: readonly WrittenLesson[]): Entry[] {
  const merged = new Map<string, Entry>(
    Object.entries(plan).flatMap(([chapter, rows]) =>
      rows.map(([number, slug, title, question, minutes]) => [
        slug,
        { number, slug, title, question, chapter, minutes },
      ]),
    ),
  );
  for (const lesson of lessons) {
    const { number, slug, title, question, chapter, minutes } = lesson.meta;
    merged.set(slug, { number, slug, title, question, chapter, minutes, lesson });
  }
  return [...merged.values()].sort((a, b) => a.number - b.number);
}

function inChapters(all: readonly Entry[]): Chapter[] {
  const names = [...new Set([...Object.keys(plan), ...all.map(({ chapter }) => chapter)])];
  return names.map((name) => ({ name, entries: all.filter(({ chapter }) => chapter === name) }));
}
