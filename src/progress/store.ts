/**
 * The reader's progress, shared by all tabs of a browser. Every change first takes in what other
 * tabs have written, then is applied, saved and posted to them; so no tab overwrites another.
 * Where storage fails, everything goes on in memory, and `keeping` says so.
 */
import { createStore } from 'zustand/vanilla';
import { type Attempt, afterAttempt, afterHint, afterReveal, type Schedule } from './attempt.ts';
import type { Channel } from './channel.ts';
import { mergeProgress } from './merge.ts';
import {
  emptyProgress,
  type Item,
  type ItemKind,
  itemKey,
  lessonIn,
  type Progress,
  type Settings,
  settingsOf,
} from './progress.ts';
import { parseSaved, toSaved } from './schema.ts';
import type { KeptBecause, Shelf } from './shelf.ts';
import { afterImport, type ImportMode } from './transfer.ts';

export interface ProgressState {
  readonly progress: Progress;
  /** The settings with their defaults filled in. */
  readonly settings: Settings;
  readonly keeping: Keeping;
  /** The key under which an unreadable entry was put aside in this session. */
  readonly asideKey: string | null;
  /** What the last reset or import replaced. */
  readonly undoable: { readonly what: 'reset' | 'import'; readonly before: Progress } | null;

  /** The lesson was opened. */
  begin(lesson: string): void;
  /** The section with this id was reached. */
  reachSection(lesson: string, section: string): void;
  /** An answer to an exercise was checked. */
  attempt(lesson: string, exercise: string, attempt: Attempt): void;
  /** The `count`-th hint of an exercise was opened. */
  hint(lesson: string, exercise: string, kind: ItemKind, count: number): void;
  /** The solution of an exercise was shown. */
  reveal(lesson: string, exercise: string, kind: ItemKind): void;
  set<Name extends keyof Settings>(name: Name, value: Settings[Name]): void;
  /** Takes in a validated file (transfer.ts). Undoable. */
  take(file: Progress, mode: ImportMode): void;
  /** Forgets everything but the settings. Undoable. */
  reset(): void;
  /** Brings back what the last import replaced, or joins what a reset took with what came since. */
  undo(): void;
}

/** Where progress is kept: in the browser, or in this tab only and why. */
export type Keeping =
  | { readonly kind: 'saved' }
  | { readonly kind: 'memory'; readonly reason: KeptBecause };

export interface ProgressEffects {
  readonly shelf: Shelf;
  readonly channel: Channel;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly schedule: Schedule;
}

export type ProgressStore = ReturnType<typeof createProgressStore>;

export const createProgressStore = ({ shelf, channel, now, schedule }: ProgressEffects) =>
  createStore<ProgressState>()((setState, getState) => {
    const keeper = openKeeper(shelf);
    const show = (progress: Progress) =>
      setState({ progress, settings: settingsOf(progress), ...keeper.state() });

    /** Applies a change to the newest progress there is, and saves it. */
    const change: Change = (apply) => {
      const known = getState().progress;
      const newest = keeper.takeIn(known);
      const changed = apply(newest, now());
      if (changed === known) return;
      if (changed !== newest) {
        keeper.save(changed);
        channel.post(toSaved(changed));
      }
      show(changed);
    };
    channel.listen((saved) => {
      const parsed = saved === undefined ? undefined : parseSaved(saved);
      const stored = keeper.takeIn(getState().progress);
      show(parsed?.kind === 'progress' ? mergeProgress(stored, parsed.progress) : stored);
    });

    const progress = keeper.takeIn(emptyProgress);
    return {
      progress,
      settings: settingsOf(progress),
      ...keeper.state(),
      undoable: null,
      ...learning(change, schedule),
      ...replacing(change, getState, (undoable) => setState({ undoable })),
      set: (name, value) =>
        change((before, at) => ({
          ...before,
          settings: { ...before.settings, [name]: { value, at } },
        })),
    };
  });

type Change = (apply: (progress: Progress, at: number) => Progress) => void;
type Learning = Pick<ProgressState, 'begin' | 'reachSection' | 'attempt' | 'hint' | 'reveal'>;
type Replacing = Pick<ProgressState, 'take' | 'reset' | 'undo'>;

/** The actions by which a reader gets on. */
function learning(change: Change, schedule: Schedule): Learning {
  const changeItem = (key: string, apply: (item: Item | undefined, context: Context) => Item) =>
    change((progress, now) => {
      const { interviewDate } = settingsOf(progress);
      const item = apply(progress.items[key], { now, interviewDate, schedule });
      return { ...progress, items: { ...progress.items, [key]: item } };
    });
  const changeLesson = (slug: string, section: string | null) =>
    change((progress, at) => {
      const before = lessonIn(progress, slug);
      if (before && (section === null || before.section?.value === section)) return progress;
      const begunAt = before?.begunAt ?? at;
      const after = { begunAt, section: section === null ? null : { value: section, at } };
      return { ...progress, lessons: { ...progress.lessons, [slug]: after } };
    });
  return {
    begin: (slug) => changeLesson(slug, null),
    reachSection: (slug, section) => changeLesson(slug, section),
    attempt: (lesson, exercise, attempt) =>
      changeItem(itemKey(lesson, exercise), (item, context) =>
        afterAttempt(item, attempt, context),
      ),
    hint: (lesson, exercise, kind, count) =>
      changeItem(itemKey(lesson, exercise), (item, { now }) => afterHint(item, kind, count, now)),
    reveal: (lesson, exercise, kind) =>
      changeItem(itemKey(lesson, exercise), (item, context) => afterReveal(item, kind, context)),
  };
}

type Context = Parameters<typeof afterAttempt>[2];

/** The actions that replace the whole, each undoable until the next one. */
function replacing(
  change: Change,
  getState: () => ProgressState,
  setUndoable: (undoable: ProgressState['undoable']) => void,
): Replacing {
  /** A new epoch, so that joining with an older version does not undo the replacement. */
  const replace = (apply: (progress: Progress) => Progress): Progress => {
    let replaced = emptyProgress;
    change((progress, at) => {
      replaced = progress;
      return { ...apply(progress), epoch: Math.max(progress.epoch + 1, at) };
    });
    return replaced;
  };
  return {
    take: (file, mode) =>
      setUndoable({
        what: 'import',
        before: replace((progress) => afterImport(progress, file, mode)),
      }),
    reset: () =>
      setUndoable({
        what: 'reset',
        before: replace(({ settings }) => ({ ...emptyProgress, settings })),
      }),
    undo() {
      const { undoable } = getState();
      if (!undoable) return;
      const { what, before } = undoable;
      replace((progress) =>
        what === 'import' ? before : mergeProgress(progress, { ...before, epoch: progress.epoch }),
      );
      setUndoable(null);
    },
  };
}

/** Reads and writes the shelf, and remembers what it said. */
function openKeeper(shelf: Shelf) {
  let unreadable: KeptBecause | undefined;
  let unwritable: KeptBecause | undefined;
  let asideKey: string | null = null;
  return {
    state(): Pick<ProgressState, 'keeping' | 'asideKey'> {
      const reason = unreadable ?? unwritable;
      return { keeping: reason ? { kind: 'memory', reason } : { kind: 'saved' }, asideKey };
    },
    /** Joins what lies on the shelf with what this tab knows. */
    takeIn(known: Progress): Progress {
      const read = shelf.read();
      if (read.kind === 'corrupt') asideKey = read.asideKey;
      unreadable = read.kind === 'unusable' ? read.reason : undefined;
      if (read.kind !== 'progress' || read.progress === known) return known;
      return mergeProgress(known, read.progress);
    },
    save(progress: Progress): void {
      // What could not be read must not be overwritten.
      if (unreadable) return;
      const written = shelf.write(progress);
      unwritable = written.kind === 'unusable' ? written.reason : undefined;
    },
  };
}
