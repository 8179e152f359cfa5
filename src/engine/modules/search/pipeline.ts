/** Runs an aggregation: rows go in, are reshaped step by step, and what is left comes out. */
import { RedisError } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import type { Random } from '../../time/random.ts';
import { type Source, sourceAt } from './document.ts';
import { evaluate } from './expression.ts';
import type { Hit } from './hits.ts';
import { fieldText } from './listing.ts';
import type { Column, Fold, Plan, PlanStep, SortKey } from './plan.ts';
import { type Reducer, reducerOf } from './reducers.ts';
import type { SearchIndex } from './search-index.ts';
import { compareValues, isTrue, numberOf, type Value } from './value.ts';
import { fold } from './words.ts';

/** The properties of a row by their names, in the order in which they are shown. */
export type Properties = Map<string, Value>;

export interface Outcome {
  readonly rows: readonly Properties[];
  /** How many there were, as the module tells it; see `counted`. */
  readonly total: number;
  /** What went wrong in the middle: the rows before it stand. */
  readonly warning: RedisError | undefined;
}

interface Setting {
  readonly db: Database;
  readonly index: SearchIndex;
  readonly distances: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly dialect: number;
  readonly random: Random;
}

export function runPlan(plan: Plan, hits: readonly Hit[], setting: Setting): Outcome {
  let rows = readRows(plan, hits, setting);
  let [total, warning]: [number, RedisError | undefined] = [rows.length, undefined];
  for (const step of plan.steps) {
    const before = rows.length;
    const done = runStep(step, rows, setting.random);
    rows = done.rows;
    if (step.kind === 'group') total = rows.length;
    if (step.kind === 'filter') total -= before - rows.length;
    warning = done.warning;
    if (warning) break;
  }
  if (warning && rows.length === 0) throw warning;
  return { rows, total: Math.max(total, 0), warning };
}

/** Documents as rows; those that are gone are left out. */
function readRows(plan: Plan, hits: readonly Hit[], setting: Setting): Properties[] {
  const { db, index } = setting;
  const needsSource = plan.loadsAll || plan.columns.some(({ from }) => from.kind === 'field');
  const rows: Properties[] = [];
  for (const hit of hits) {
    const source = needsSource
      ? sourceAt(db, hit.document.key, index.definition.isJson)
      : undefined;
    if (needsSource && !source) continue;
    rows.push(readRow(plan, hit, source, setting));
  }
  return rows;
}

function readRow(plan: Plan, hit: Hit, source: Source | undefined, setting: Setting): Properties {
  const row: Properties = new Map();
  for (const column of plan.columns) {
    const value = columnValue(column, hit, source, setting);
    if (value !== undefined) row.set(column.name, value);
  }
  if (plan.loadsAll && source) {
    for (const [name, value] of source.entries()) if (!row.has(name)) row.set(name, value);
  }
  return row;
}

function columnValue(
  { name, from, isLoaded }: Column,
  { document, score }: Hit,
  source: Source | undefined,
  { index, distances, dialect }: Setting,
): Value {
  switch (from.kind) {
    case 'score':
      return score;
    case 'key':
      return document.key;
    case 'distance':
      return distances.get(name)?.get(document.id);
    case 'made':
      return undefined;
    default:
      break;
  }
  const { field, path } = from;
  const text = source && fieldText(index, source, field?.name ?? path, dialect);
  if (text === undefined) return undefined;
  if (field?.kind === 'NUMERIC') return numberOf(text) ?? text;
  const isFolded = field?.isSortable && !field.isUnformatted && !isLoaded;
  return isFolded ? fold(text) : text;
}

interface Done {
  readonly rows: Properties[];
  readonly warning?: RedisError | undefined;
}

function runStep(step: PlanStep, rows: Properties[], random: Random): Done {
  switch (step.kind) {
    case 'group':
      return { rows: group(step.by, step.folds, rows, random) };
    case 'apply':
      return untilError(rows, (row) => {
        row.set(
          step.name,
          evaluate(step.expression, (name) => row.get(name)),
        );
        return true;
      });
    case 'filter':
      return untilError(rows, (row) => isTrue(evaluate(step.expression, (name) => row.get(name))));
    case 'sort': {
      const sorted = step.keys.length > 0 ? sortRows(rows, step.keys) : rows;
      const { offset, count = Infinity } = step;
      return { rows: sorted.slice(offset, offset + count) };
    }
  }
}

/** The rows that are kept, up to the first that goes wrong. */
function untilError(rows: readonly Properties[], keeps: (row: Properties) => boolean): Done {
  const kept: Properties[] = [];
  try {
    for (const row of rows) if (keeps(row)) kept.push(row);
  } catch (error) {
    if (!(error instanceof RedisError)) throw error;
    return { rows: kept, warning: error };
  }
  return { rows: kept };
}

function sortRows(rows: readonly Properties[], keys: readonly SortKey[]): Properties[] {
  return [...rows].sort((a, b) => {
    for (const { name, isDescending } of keys) {
      const [x, y] = [a.get(name), b.get(name)];
      // Rows without the property come last either way.
      if (x === undefined || y === undefined) {
        if (x !== y) return x === undefined ? 1 : -1;
        continue;
      }
      const order = compareValues(x, y) ?? 0;
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  });
}

interface Group {
  readonly keys: readonly Value[];
  readonly reducers: readonly Reducer[];
}

/** Rows of equal properties become one. */
function group(
  by: readonly string[],
  folds: readonly Fold[],
  rows: readonly Properties[],
  random: Random,
): Properties[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    for (const keys of keysOf(row, by)) {
      const id = JSON.stringify(keys);
      const found = groups.get(id) ?? {
        keys,
        reducers: folds.map(({ kind }) => reducerOf(kind, random)),
      };
      groups.set(id, found);
      folds.forEach(({ of, by: sortedBy }, i) => {
        const value = of === undefined ? undefined : row.get(of);
        const order = sortedBy === undefined ? undefined : row.get(sortedBy);
        found.reducers[i]?.add(value, order);
      });
    }
  }
  return Array.from(groups.values(), ({ keys, reducers }) => {
    const properties: Properties = new Map();
    by.forEach((name, i) => {
      properties.set(name, keys[i]);
    });
    folds.forEach(({ name }, i) => {
      properties.set(name, reducers[i]?.result());
    });
    return properties;
  });
}

/** A row is in one group for each value of a list. */
function keysOf(row: Properties, by: readonly string[]): Value[][] {
  return by.reduce<Value[][]>(
    (all, name) => {
      const value = row.get(name) ?? null;
      const values = Array.isArray(value) ? (value as readonly Value[]) : [value];
      return all.flatMap((keys) => values.map((each) => [...keys, each]));
    },
    [[]],
  );
}
