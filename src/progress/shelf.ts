/**
 * Where a progress is kept: one entry of the browser's storage, read and written as a whole. A
 * shelf never throws. It says what it could not do, and never overwrites what it could not read.
 */
import type { Progress } from './progress.ts';
import { parseSaved, toSaved } from './schema.ts';

/** The part of `localStorage` that a shelf needs. */
export type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem'>;

export type ShelfRead =
  | { readonly kind: 'empty' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** Was unreadable; it now lies under `asideKey` and the shelf is free. */
  | { readonly kind: 'corrupt'; readonly asideKey: string }
  | { readonly kind: 'unusable'; readonly reason: KeptBecause };

export type ShelfWrite = { readonly kind: 'written' } | Extract<ShelfRead, { kind: 'unusable' }>;

/**
 * Why progress is kept in this tab only. blocked: the browser forbids storage. full: there is no
 * room. newer: a newer version of the page wrote the entry. stuck: it is unreadable and could not
 * be put aside.
 */
export type KeptBecause = 'blocked' | 'full' | 'newer' | 'stuck';

export interface Shelf {
  read(): ShelfRead;
  write(progress: Progress): ShelfWrite;
}

export const SHELF_KEY = 'keyspace.progress';

/** `storage` is undefined where the browser refuses even to hand it out. */
export function createShelf(storage: KeyValueStorage | undefined, now: () => number): Shelf {
  /** What was read or written last, so that an unchanged entry is not parsed again. */
  let known: { readonly text: string; readonly progress: Progress } | undefined;

  const putAside = (storage: KeyValueStorage, text: string): ShelfRead => {
    const asideKey = `${SHELF_KEY}.unreadable.${now()}`;
    try {
      storage.setItem(asideKey, text);
      storage.setItem(SHELF_KEY, '');
      return { kind: 'corrupt', asideKey };
    } catch {
      return { kind: 'unusable', reason: 'stuck' };
    }
  };

  return {
    read() {
      if (!storage) return { kind: 'unusable', reason: 'blocked' };
      let text: string | null;
      try {
        text = storage.getItem(SHELF_KEY);
      } catch {
        return { kind: 'unusable', reason: 'blocked' };
      }
      if (!text) return { kind: 'empty' };
      if (known?.text === text) return { kind: 'progress', progress: known.progress };
      const parsed = parseSaved(fromJson(text));
      if (parsed.kind === 'newer') return { kind: 'unusable', reason: 'newer' };
      if (parsed.kind === 'invalid') return putAside(storage, text);
      known = { text, progress: parsed.progress };
      return parsed;
    },

    write(progress) {
      if (!storage) return { kind: 'unusable', reason: 'blocked' };
      const text = JSON.stringify(toSaved(progress));
      try {
        storage.setItem(SHELF_KEY, text);
      } catch (error) {
        return { kind: 'unusable', reason: isFull(error) ? 'full' : 'blocked' };
      }
      known = { text, progress };
      return { kind: 'written' };
    },
  };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Firefox has a name of its own for it. */
const isFull = (error: unknown) =>
  error instanceof Error &&
  (error.name === 'QuotaExceededError' || error.name === 'NS_ERROR_DOM_QUOTA_REACHED');
