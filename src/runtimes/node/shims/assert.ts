/** Stands in for Node's `assert`. */
import { inspect, isDeepStrictEqual } from './util.ts';

export class AssertionError extends Error {
  readonly code = 'ERR_ASSERTION';
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator: string;

  constructor({ message, actual, expected, operator = 'fail' }: Failure) {
    super(message);
    this.name = 'AssertionError';
    [this.actual, this.expected, this.operator] = [actual, expected, operator];
  }
}

interface Failure {
  readonly message: string;
  readonly actual?: unknown;
  readonly expected?: unknown;
  readonly operator?: string;
}

type Message = string | Error | undefined;

function check(holds: boolean, message: Message, failure: Failure): void {
  if (holds) return;
  if (message instanceof Error) throw message;
  throw new AssertionError({ ...failure, message: message ?? failure.message });
}

export function ok(value: unknown, message?: Message): void {
  const said = 'The expression evaluated to a falsy value';
  check(Boolean(value), message, { message: said, actual: value, expected: true, operator: '==' });
}

type Compare = (a: unknown, b: unknown) => boolean;

const comparison =
  (compare: Compare, operator: string, says: string) =>
  (actual: unknown, expected: unknown, message?: Message): void => {
    const said = `${says}:\n\n${inspect(actual)} ${operator} ${inspect(expected)}\n`;
    check(compare(actual, expected), message, { message: said, actual, expected, operator });
  };

// biome-ignore lint/suspicious/noDoubleEquals: that is what assert.equal does.
const loosely: Compare = (a, b) => a == b;
const not =
  (compare: Compare): Compare =>
  (a, b) =>
    !compare(a, b);
const SAME = 'Expected values to be strictly equal';
const OTHER = 'Expected "actual" to be strictly unequal to';
const DEEP = 'Expected values to be strictly deep-equal';

export const equal = comparison(loosely, '==', 'Expected values to be loosely equal');
export const notEqual = comparison(not(loosely), '!=', 'Expected values to differ');
export const strictEqual = comparison(Object.is, '!==', SAME);
export const notStrictEqual = comparison(not(Object.is), '===', OTHER);
export const deepStrictEqual = comparison(isDeepStrictEqual, 'should equal', DEEP);
export const deepEqual = deepStrictEqual;
export const notDeepStrictEqual = comparison(not(isDeepStrictEqual), 'should not equal', DEEP);

export function fail(message: Message = 'Failed'): never {
  if (message instanceof Error) throw message;
  throw new AssertionError({ message });
}

export function throws(task: () => unknown, expected?: unknown, message?: Message): void {
  let thrown: unknown;
  let threw = false;
  try {
    task();
  } catch (error) {
    [thrown, threw] = [error, true];
  }
  check(threw, message, { message: 'Missing expected exception.', operator: 'throws' });
  match(thrown, expected);
}

export async function rejects(
  task: Promise<unknown> | (() => Promise<unknown>),
  expected?: unknown,
): Promise<void> {
  const promise = typeof task === 'function' ? task() : task;
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (!outcome) fail('Missing expected rejection.');
  match(outcome.error, expected);
}

function match(thrown: unknown, expected: unknown): void {
  if (expected instanceof RegExp && !expected.test(String(thrown))) throw thrown;
  if (typeof expected !== 'object' || expected === null || expected instanceof RegExp) return;
  for (const [key, value] of Object.entries(expected)) {
    deepStrictEqual((thrown as Record<string, unknown>)[key], value);
  }
}

const parts = {
  ...{ ok, equal, notEqual, strictEqual, notStrictEqual, deepEqual, deepStrictEqual },
  ...{ notDeepStrictEqual, fail, throws, rejects, AssertionError },
};
const assert = Object.assign((value: unknown, message?: Message) => ok(value, message), parts);
export const strict = Object.assign(assert, { strict: assert });
export default strict;
