/** What a chart is: values with defaults, and templates that make manifests of them. */
import type { Manifest } from '../kubernetes/objects.ts';

/** Values as they are read from YAML: maps, lists and plain values. */
export type Value = string | number | boolean | null | readonly Value[] | Values;
export interface Values {
  readonly [name: string]: Value;
}

/** What templates know of the release beside its values. */
export interface ReleaseFacts {
  readonly name: string;
  readonly namespace: string;
  /** A password that is made once; the one of the secret where there is one already. */
  readonly password: string;
}

/** A template's result, and the file that it is called after. */
export interface Rendered {
  readonly file: string;
  readonly manifest: Manifest;
}

export interface Chart {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  readonly description: string;
  readonly values: Values;
  /** Throws a ChartError for values that it does not take. */
  render(values: Values, release: ReleaseFacts): readonly Rendered[];
  notes(values: Values, release: ReleaseFacts): string;
}

/** Values that a chart refuses, or that are not simulated here. */
export class ChartError extends Error {
  override readonly name = 'ChartError';
}

/** The value at "auth.password"; undefined where there is none. */
export function valueAt(values: Values, path: string): Value | undefined {
  let at: Value | undefined = values;
  for (const name of path.split('.')) {
    if (!isMap(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

export const isMap = (value: Value | undefined): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textAt = (values: Values, path: string): string => {
  const value = valueAt(values, path);
  return value === undefined || value === null ? '' : String(value);
};

export const isOn = (values: Values, path: string): boolean => {
  const value = valueAt(values, path);
  return value !== false && value !== null && value !== undefined && value !== '' && value !== 0;
};
