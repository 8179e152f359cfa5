/**
 * The texts of the scratchpad: tabs that the browser keeps. A text that a link has brought gets a tab of
 * its own, so that it never takes the place of another.
 */
import { createStore } from 'zustand/vanilla';
import { isKind, type Kind } from './address.ts';
import { kindNames, starters } from './kinds.ts';

export interface Pad {
  readonly id: string;
  readonly kind: Kind;
  readonly text: string;
  /** A link brought it, and nobody has changed it since. */
  readonly isFromLink: boolean;
}

export interface PadsState {
  /** Never empty. */
  readonly pads: readonly Pad[];
  readonly active: string;
  /** The browser could not keep the latest change. */
  readonly isUnkept: boolean;

  add(kind?: Kind): void;
  /** What a link says: a text, or undefined for the kind alone. */
  open(kind: Kind, text: string | undefined): void;
  select(id: string): void;
  /** Closes a tab; returns how to bring it back. */
  close(id: string): () => void;
  write(id: string, text: string): void;
  become(id: string, kind: Kind): void;
}

export type PadsStore = ReturnType<typeof createPadsStore>;

const KEY = 'keyspace:scratchpad';

export function createPadsStore(storage: Pick<Storage, 'getItem' | 'setItem'> | undefined) {
  const kept = readKept(storage);
  const store = createStore<PadsState>()((set, get) => {
    const patch = (id: string, change: (pad: Pad) => Partial<Pad>) =>
      set(({ pads }) => ({
        pads: pads.map((pad) => (pad.id === id ? { ...pad, ...change(pad) } : pad)),
      }));
    const append = (pad: Omit<Pad, 'id'>) => {
      const id = freeId(get().pads);
      set(({ pads }) => ({ pads: [...pads, { ...pad, id }], active: id }));
    };
    return {
      ...kept,
      isUnkept: false,
      add: (kind = 'redis') => append(fresh(kind)),
      open(kind, text) {
        const wanted = text ?? starters[kind] ?? '';
        const same = get().pads.find((pad) => pad.kind === kind && pad.text === wanted);
        if (same) set({ active: same.id });
        else append({ kind, text: wanted, isFromLink: text !== undefined });
        if (text === undefined) return;
        const { active } = get();
        patch(active, () => ({ isFromLink: true }));
      },
      select: (active) => set({ active }),
      close(id) {
        const before = get();
        const at = before.pads.findIndex((pad) => pad.id === id);
        const left = before.pads.filter((pad) => pad.id !== id);
        const pads = left.length > 0 ? left : [{ ...fresh('redis'), id: '1' }];
        const neighbour = pads[Math.min(Math.max(at, 0), pads.length - 1)]?.id ?? '1';
        set({ pads, active: id === before.active ? neighbour : before.active });
        return () => set({ pads: before.pads, active: before.active });
      },
      write: (id, text) => patch(id, () => ({ text, isFromLink: false })),
      // A text of the reader's own is never replaced.
      become: (id, kind) =>
        patch(id, (pad) =>
          pad.text === (starters[pad.kind] ?? '') ? { kind, text: starters[kind] ?? '' } : { kind },
        ),
    };
  });
  store.subscribe(({ pads, active }, before) => {
    if (pads === before.pads && active === before.active) return;
    const isKept = keep(storage, { pads, active });
    if (isKept === store.getState().isUnkept) store.setState({ isUnkept: !isKept });
  });
  return store;
}

/** What each tab is called: its kind, numbered where there are several of one. */
export function padNames(pads: readonly Pad[]): readonly string[] {
  const seen = new Map<Kind, number>();
  return pads.map(({ kind }) => {
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count === 1 ? kindNames[kind] : `${kindNames[kind]} ${count}`;
  });
}

const fresh = (kind: Kind): Omit<Pad, 'id'> => ({
  kind,
  text: starters[kind] ?? '',
  isFromLink: false,
});

const freeId = (pads: readonly Pad[]): string =>
  String(Math.max(0, ...pads.map(({ id }) => Number(id))) + 1);

type Kept = Pick<PadsState, 'pads' | 'active'>;

/** What was kept, as far as it can be read. */
function readKept(storage: Pick<Storage, 'getItem'> | undefined): Kept {
  let kept: unknown;
  try {
    kept = JSON.parse(storage?.getItem(KEY) ?? 'null');
  } catch {
    kept = undefined;
  }
  const { pads = [], active = '' } = (kept ?? {}) as { pads?: unknown; active?: unknown };
  const read = (Array.isArray(pads) ? pads : []).filter(isPad);
  const [first] = read;
  if (!first) return { pads: [{ ...fresh('redis'), id: '1' }], active: '1' };
  return { pads: read, active: read.some(({ id }) => id === active) ? String(active) : first.id };
}

function isPad(value: unknown): value is Pad {
  const { id, kind, text } = (value ?? {}) as Record<string, unknown>;
  const isNumbered = typeof id === 'string' && /^\d{1,9}$/.test(id);
  return isNumbered && typeof text === 'string' && typeof kind === 'string' && isKind(kind);
}

function keep(storage: Pick<Storage, 'setItem'> | undefined, kept: Kept): boolean {
  try {
    storage?.setItem(KEY, JSON.stringify(kept));
    return storage !== undefined;
  } catch {
    return false;
  }
}
