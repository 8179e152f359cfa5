/**
 * The lines typed before, as redis-cli keeps them: no line twice in a row, none with a password in
 * it, and one history for all connections. Kept by the browser, shared by all its windows.
 */
import { splitArgs } from '../engine/resp/split.ts';

/** The part of localStorage that is needed; it may throw, be full or be blocked. */
export interface HistoryStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const STORAGE_KEY = 'keyspace.console.history';
const MAX_LINES = 500;

export class History {
  readonly #storage: HistoryStorage | undefined;
  #lines: readonly string[];

  constructor(storage?: HistoryStorage) {
    this.#storage = storage;
    this.#lines = this.#load() ?? [];
  }

  /** The oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  add(line: string): void {
    if (line.trim() === '' || isSensitive(line)) return;
    // Another window may have added lines since.
    const lines = this.#load() ?? this.#lines;
    this.#lines = lines.at(-1) === line ? lines : [...lines, line].slice(-MAX_LINES);
    this.#save();
  }

  /** The newest line at or before `from` that contains `text`, as Ctrl-R looks for it. */
  search(text: string, from = this.#lines.length - 1): number | undefined {
    const needle = text.toLowerCase();
    for (let at = Math.min(from, this.#lines.length - 1); at >= 0; at--) {
      if (this.#lines[at]?.toLowerCase().includes(needle)) return at;
    }
    return undefined;
  }

  #load(): readonly string[] | undefined {
    try {
      const lines: unknown = JSON.parse(this.#storage?.getItem(STORAGE_KEY) ?? 'null');
      return Array.isArray(lines) ? lines.filter((line) => typeof line === 'string') : undefined;
    } catch {
      return undefined; // blocked or damaged: this window remembers by itself
    }
  }

  #save(): void {
    try {
      this.#storage?.setItem(STORAGE_KEY, JSON.stringify(this.#lines));
    } catch {
      // A full or blocked storage costs the memory of the next visit, nothing now.
    }
  }
}

/**
 * Whether redis-cli keeps a line out of its history: passwords, users, and the settings and options
 * that carry them.
 */
export function isSensitive(line: string): boolean {
  const [command = '', sub = '', ...rest] = (splitArgs(line) ?? line.trim().split(/\s+/)).map((w) =>
    w.toLowerCase(),
  );
  if (command === 'auth') return true;
  if (command === 'acl') return sub === 'setuser';
  if (command === 'config' && sub === 'set') {
    return rest.some((word) => /^(requirepass|masterauth|masteruser)$/.test(word));
  }
  if (command === 'hello') return rest.includes('auth');
  if (command === 'migrate') return rest.some((word) => word === 'auth' || word === 'auth2');
  return command === 'sentinel' && rest.some((word) => /^auth-(pass|user)$/.test(word));
}
