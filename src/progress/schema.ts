/**
 * What a saved progress may hold. Whatever comes from outside, an entry in the browser's storage,
 * another tab or a file, passes here once; inside, the types are trusted.
 */
import * as z from 'zod/mini';
import {
  cardStates,
  confidences,
  type Item,
  itemKinds,
  type LessonProgress,
  type Progress,
  type Settings,
} from './progress.ts';

/** Written with every saved progress. Raise it with a step in `migrations`. */
export const VERSION = 1;

/** `migrations[n]` turns version n into version n + 1. */
export type Migrations = Readonly<Record<number, (saved: unknown) => unknown>>;
export const migrations: Migrations = {};

export type Parsed =
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** Written by a newer version of the page, which knows more than this one. */
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

export interface Problem {
  /** Where: `progress.items["transactions/transfer"].attempts`. Empty for the whole. */
  readonly path: string;
  /** What is wrong there, as a sentence without a full stop. */
  readonly message: string;
}

const time = z.int().check(z.gte(0), z.lte(8.64e15));
const count = z.int().check(z.gte(0));
const amount = z.number().check(z.gte(0), z.lte(1e9));
const slug = '[a-z0-9][a-z0-9-]*';
const lessonKey = z.string().check(z.regex(new RegExp(`^${slug}$`)));
const itemKey = z.string().check(z.regex(new RegExp(`^${slug}/${slug}$`)));
const stamped = <Value extends z.ZodMiniType>(value: Value) => z.strictObject({ value, at: time });

const card = z.strictObject({
  due: time,
  lastReview: time,
  stability: amount,
  difficulty: amount,
  scheduledDays: amount,
  reps: count,
  lapses: count,
  state: z.enum(cardStates),
});

const item: z.ZodMiniType<Item> = z.strictObject({
  attempts: count,
  hints: count,
  solved: z.nullable(z.strictObject({ at: time, firstTry: z.boolean() })),
  latest: z.strictObject({
    at: time,
    kind: z.enum(itemKinds),
    confidence: z.nullable(z.enum(confidences)),
    round: z.strictObject({ tries: count, hints: count, revealed: z.boolean() }),
    card: z.nullable(card),
  }),
});

const lesson: z.ZodMiniType<LessonProgress> = z.strictObject({
  begunAt: time,
  section: z.nullable(stamped(z.string().check(z.maxLength(200)))),
});

const settings = {
  theme: z.enum(['system', 'light', 'dark']),
  motion: z.enum(['system', 'reduced', 'full']),
  resp: z.literal([2, 3]),
  interviewDate: z.nullable(z.iso.date()),
  dailyCap: z.int().check(z.gte(1), z.lte(500)),
  dockWidth: z.number().check(z.gte(0), z.lte(100)),
  dockOpen: z.boolean(),
} satisfies { [Name in keyof Settings]: z.ZodMiniType<Settings[Name]> };

const progress = z.strictObject({
  epoch: time,
  items: z.record(itemKey, item),
  lessons: z.record(lessonKey, lesson),
  settings: z.strictObject({
    theme: z.exactOptional(stamped(settings.theme)),
    motion: z.exactOptional(stamped(settings.motion)),
    resp: z.exactOptional(stamped(settings.resp)),
    interviewDate: z.exactOptional(stamped(settings.interviewDate)),
    dailyCap: z.exactOptional(stamped(settings.dailyCap)),
    dockWidth: z.exactOptional(stamped(settings.dockWidth)),
    dockOpen: z.exactOptional(stamped(settings.dockOpen)),
  }),
});

/** Reads `{ version, progress }`, of this version or an older one. Never throws. */
export function parseSaved(saved: unknown, steps: Migrations = migrations): Parsed {
  const envelope = z.looseObject({ version: count, progress: z.unknown() }).safeParse(saved);
  if (!envelope.success) return invalid(envelope.error.issues);
  const { version } = envelope.data;
  if (version > VERSION) return { kind: 'newer', version };
  const upgraded = upgrade(envelope.data.progress, version, steps);
  if (upgraded.kind === 'invalid') return upgraded;
  const parsed = progress.safeParse(upgraded.progress);
  return parsed.success
    ? { kind: 'progress', progress: parsed.data }
    : invalid(parsed.error.issues, ['progress']);
}

/** What `parseSaved` reads. */
export const toSaved = (of: Progress) => ({ version: VERSION, progress: of });

function upgrade(saved: unknown, from: number, steps: Migrations) {
  let upgraded = saved;
  for (let version = from; version < VERSION; version++) {
    const step = steps[version];
    if (!step) return problem('version', `version ${version} is not known`);
    try {
      upgraded = step(upgraded);
    } catch {
      return problem('progress', `is not what version ${version} wrote`);
    }
  }
  return { kind: 'upgraded', progress: upgraded } as const;
}

const problem = (path: string, message: string) =>
  ({ kind: 'invalid', problems: [{ path, message }] }) as const;

type Issue = z.core.$ZodIssue;

function invalid(issues: readonly Issue[], under: readonly PropertyKey[] = []) {
  const problems = issues.map((issue) => ({
    path: pathText([...under, ...issue.path]),
    message: messageOf(issue),
  }));
  return { kind: 'invalid', problems } as const;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (/^[a-z_]\w*$/i.test(String(key)) ? `.${String(key)}` : `[${quoted(key)}]`))
    .join('')
    .replace(/^\./, '');
}

const quoted = (key: PropertyKey) => JSON.stringify(typeof key === 'number' ? key : String(key));

function messageOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.expected} expected`;
    case 'invalid_value':
      return `is none of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `is less than ${issue.minimum}`;
    case 'too_big':
      return `is more than ${issue.maximum}`;
    case 'unrecognized_keys':
      return `has unknown entries: ${issue.keys.join(', ')}`;
    case 'invalid_key':
      return 'is not a name that this page gives';
    default:
      return 'is not of the form that is expected';
  }
}
