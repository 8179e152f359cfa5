/** What the API server refuses, in its words. */

export type Reason = 'NotFound' | 'AlreadyExists' | 'Invalid' | 'BadRequest' | 'Forbidden';

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly reason: Reason,
    message: string,
  ) {
    super(message);
  }
}

/** A mistake in a field of a manifest: its path, and what is said about it. */
export interface FieldProblem {
  readonly path: string;
  readonly problem: string;
}

export const required = (path: string, detail = ''): FieldProblem => ({
  path,
  problem: detail === '' ? 'Required value' : `Required value: ${detail}`,
});

export const invalid = (path: string, value: unknown, detail: string): FieldProblem => ({
  path,
  problem: `Invalid value: ${inGo(value)}: ${detail}`,
});

export const notFound = (path: string, name: string): FieldProblem => ({
  path,
  problem: `Not found: ${JSON.stringify(name)}`,
});

export const duplicate = (path: string, name: string): FieldProblem => ({
  path,
  problem: `Duplicate value: ${JSON.stringify(name)}`,
});

export const forbidden = (path: string, detail: string): FieldProblem => ({
  path,
  problem: `Forbidden: ${detail}`,
});

export const unsupported = (
  path: string,
  value: string,
  supported: readonly string[],
): FieldProblem => ({
  path,
  problem: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((each) => JSON.stringify(each)).join(', ')}`,
});

/** All that is wrong with an object, as one error. `kind` may carry its group: "StatefulSet.apps". */
export function invalidObject(
  kind: string,
  name: string,
  problems: readonly FieldProblem[],
): ApiError {
  const lines = problems.map(({ path, problem }) => `${path}: ${problem}`);
  const all = lines.length === 1 ? (lines[0] as string) : `[${lines.join(', ')}]`;
  const error = new InvalidError(`${kind} ${JSON.stringify(name)} is invalid: ${all}`);
  return Object.assign(error, { kindName: kind.replace(/\..*$/, ''), objectName: name, lines });
}

/** What kubectl prints as a list. */
export class InvalidError extends ApiError {
  kindName = '';
  objectName = '';
  lines: readonly string[] = [];
  constructor(message: string) {
    super('Invalid', message);
  }

  /** As kubectl words it. */
  get listing(): string {
    const head = `The ${this.kindName} ${JSON.stringify(this.objectName)} is invalid: `;
    if (this.lines.length === 1) return `${head}${this.lines[0]}`;
    return `${head}\n${this.lines.map((line) => `* ${line}`).join('\n')}`;
  }
}

/** A value as Go prints it with %#v, as far as it appears in messages. */
export function inGo(value: unknown): string {
  if (value === undefined || value === null) return 'map[string]string(nil)';
  if (typeof value !== 'object') return JSON.stringify(value);
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[string]string{${pairs.map(([key, each]) => `${JSON.stringify(key)}:${JSON.stringify(each)}`).join(', ')}}`;
}
