/**
 * What a region of an Active-Active database knows: a data type that every region may change by
 * itself, and that is the same everywhere once each has heard of all changes.
 *
 * A key is a set of cells: the value of a string, a member of a set, a field of a hash, the score of
 * a member. A cell holds writes: what was put there, and what was added to that. An operation brings
 * one write and takes away those that its region had seen in the cell. What it had not seen stays,
 * which is why a concurrent SADD survives an SREM; between two concurrent puts the later one counts,
 * and additions add up. An operation is carried out when everything that its region had seen has
 * been carried out here, too.
 * https://redis.io/docs/latest/operate/rs/databases/active-active/develop/
 */

export type Kind = 'string' | 'set' | 'hash' | 'zset';
type CellKind = Kind | 'expiry';

/** Names an operation: the region, and which of its operations it is. */
export type Dot = `${string}#${number}`;

export interface Change {
  readonly kind: CellKind;
  /** The member or field; '' of a string and of an expiry. */
  readonly field: string;
  /** The writes that it takes away. */
  readonly removes: readonly Dot[];
  readonly puts?: string;
  /** A number, and the write that it is added to; '' where there was none. */
  readonly adds?: { readonly by: number; readonly to: Dot | '' };
}

/** How many operations of each region are known. */
export type Seen = Readonly<Record<string, number>>;

export interface Operation {
  readonly region: string;
  /** Counted from 1 in its region. */
  readonly number: number;
  /** What its region had seen before it. */
  readonly seen: Seen;
  /** Lab time, ms since 1970. */
  readonly at: number;
  readonly key: string;
  /** The command that it came from, for people. */
  readonly command: readonly string[];
  readonly changes: readonly Change[];
}

/** What a server shows of a key. */
export interface View {
  readonly kind: Kind;
  /** By member or field; a string has '' only, and members of sets have '' as their value. */
  readonly entries: ReadonlyMap<string, string>;
  /** Lab time, ms since 1970. */
  readonly expiresAt: number | undefined;
}

interface Write {
  readonly dot: Dot;
  readonly at: number;
  readonly puts?: string;
  readonly adds?: { readonly by: number; readonly to: Dot | '' };
}

interface Cell {
  readonly kind: CellKind;
  readonly field: string;
  readonly writes: Map<Dot, Write>;
}

export class Region {
  readonly name: string;
  /** Operations that were carried out here, in that order. */
  readonly log: Operation[] = [];
  readonly #seen = new Map<string, number>();
  readonly #keys = new Map<string, Map<string, Cell>>();
  #waiting: Operation[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get seen(): Seen {
    return Object.fromEntries(this.#seen);
  }

  /** Changes a key here, and says so as an operation for the other regions. */
  perform(key: string, changes: readonly Change[], at: number, command: readonly string[]) {
    const number = (this.#seen.get(this.name) ?? 0) + 1;
    const head = { region: this.name, number, seen: this.seen, at };
    const operation: Operation = { ...head, key, command, changes };
    this.#carryOut(operation);
    return operation;
  }

  /**
   * Takes operations of other regions, in any order and more than once. Returns the keys that have
   * changed; what was not ready to be carried out waits.
   */
  receive(operations: readonly Operation[]): ReadonlySet<string> {
    this.#waiting.push(...operations);
    const changed = new Set<string>();
    for (;;) {
      const ready = this.#waiting.find((each) => this.#isReady(each));
      if (!ready) break;
      this.#carryOut(ready);
      changed.add(ready.key);
      this.#waiting = this.#waiting.filter((each) => !this.#isKnown(each));
    }
    this.#waiting = this.#waiting.filter((each) => !this.#isKnown(each));
    return changed;
  }

  /** The operations that somebody who has seen so much lacks. */
  missing(seen: Seen): readonly Operation[] {
    return this.log.filter(({ region, number }) => number > countOf(seen, region));
  }

  view(key: string): View | undefined {
    const cells = [...(this.#keys.get(key)?.values() ?? [])];
    const kind = kindOf(cells);
    if (kind === undefined) return undefined;
    const entries = new Map<string, string>();
    for (const cell of cells) {
      const value = cell.kind === kind ? worthOf(cell) : undefined;
      if (value !== undefined) entries.set(cell.field, kind === 'set' ? '' : value);
    }
    const expiry = cells.find((cell) => cell.kind === 'expiry');
    const until = expiry && worthOf(expiry);
    return { kind, entries, expiresAt: until === undefined ? undefined : Number(until) };
  }

  /** A change that puts a value in the place of what is known here. */
  put(key: string, kind: CellKind, field: string, puts: string): Change {
    return { kind, field, puts, removes: this.#dots(key, kind, field) };
  }

  /** A change that adds to what is known here. */
  add(key: string, kind: CellKind, field: string, by: number): Change {
    const cell = this.#keys.get(key)?.get(idOf(kind, field));
    const to = (cell && newestPut(cell)?.dot) ?? '';
    return { kind, field, removes: [], adds: { by, to } };
  }

  /** A change that takes away what is known here. */
  remove(key: string, kind: CellKind, field: string): Change {
    return { kind, field, removes: this.#dots(key, kind, field) };
  }

  /** Changes that take away all of a key. */
  removeAll(key: string): Change[] {
    const cells = [...(this.#keys.get(key)?.values() ?? [])];
    return cells.map(({ kind, field }) => this.remove(key, kind, field));
  }

  #dots(key: string, kind: CellKind, field: string): readonly Dot[] {
    const cell = this.#keys.get(key)?.get(idOf(kind, field));
    return [...(cell?.writes.keys() ?? [])];
  }

  #isKnown({ region, number }: Operation): boolean {
    return number <= (this.#seen.get(region) ?? 0);
  }

  #isReady({ region, number, seen }: Operation): boolean {
    if (number !== (this.#seen.get(region) ?? 0) + 1) return false;
    return Object.entries(seen).every(([name, count]) => count <= (this.#seen.get(name) ?? 0));
  }

  #carryOut(operation: Operation): void {
    const { key, region, number, at } = operation;
    this.#seen.set(region, number);
    this.log.push(operation);
    const cells = this.#keys.get(key) ?? new Map<string, Cell>();
    this.#keys.set(key, cells);
    for (const { kind, field, removes, puts, adds } of operation.changes) {
      const id = idOf(kind, field);
      const cell = cells.get(id) ?? { kind, field, writes: new Map() };
      for (const dot of removes) cell.writes.delete(dot);
      const dot: Dot = `${region}#${number}`;
      if (puts !== undefined) cell.writes.set(dot, { dot, at, puts });
      else if (adds) cell.writes.set(dot, { dot, at, adds });
      if (cell.writes.size > 0) cells.set(id, cell);
      else cells.delete(id);
    }
    if (cells.size === 0) this.#keys.delete(key);
  }
}

/** Whether neither of two operations knew of the other. */
export const areConcurrent = (one: Operation, other: Operation): boolean =>
  one !== other &&
  countOf(one.seen, other.region) < other.number &&
  countOf(other.seen, one.region) < one.number;

const countOf = (seen: Seen, region: string): number =>
  Object.hasOwn(seen, region) ? (seen[region] as number) : 0;

const idOf = (kind: CellKind, field: string) => `${kind} ${field}`;

/** Where regions have written different types, the newest write says which it is. */
function kindOf(cells: readonly Cell[]): Kind | undefined {
  let found: { readonly kind: Kind; readonly write: Write } | undefined;
  for (const { kind, writes } of cells) {
    if (kind === 'expiry') continue;
    for (const write of writes.values()) {
      if (!found || isNewer(write, found.write)) found = { kind, write };
    }
  }
  return found?.kind;
}

function worthOf(cell: Cell): string | undefined {
  if (cell.writes.size === 0) return undefined;
  const base = newestPut(cell);
  // Additions to what somebody has deleted meanwhile begin with nothing.
  const added = [...cell.writes.values()].filter(
    ({ adds }) => adds && (base === undefined || adds.to === base.dot),
  );
  if (added.length === 0) return base?.puts;
  // In one order everywhere: sums of decimals depend on it.
  const inOrder = added.toSorted((a, b) => (a.dot < b.dot ? -1 : 1));
  const start = Number(base?.puts ?? 0);
  return printNumber(inOrder.reduce((sum, { adds }) => sum + (adds?.by ?? 0), start));
}

function newestPut({ writes }: Cell): Write | undefined {
  let newest: Write | undefined;
  for (const write of writes.values()) {
    if (write.puts !== undefined && (!newest || isNewer(write, newest))) newest = write;
  }
  return newest;
}

/** By time; the name of the operation decides between two at the same time, everywhere alike. */
const isNewer = (one: Write, other: Write) =>
  one.at > other.at || (one.at === other.at && one.dot > other.dot);

/** Without the digits that are there because 0.1 is none of two's powers. */
const printNumber = (value: number) =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
