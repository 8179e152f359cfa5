/** Stands in for Node's `util`; `inspect` and `format` are Node's own, from npm. */
import nodeInspect from 'node-inspect-extracted';

export const { inspect, format, formatWithOptions, stripVTControlCharacters } = nodeInspect;

type Callback = (error: unknown, value?: unknown) => void;
type CallbackLast = (...args: unknown[]) => unknown;

const custom = Symbol.for('nodejs.util.promisify.custom');

export function promisify(call: CallbackLast & { [custom]?: CallbackLast }): CallbackLast {
  if (call[custom]) return call[custom];
  return function promisified(this: unknown, ...args: unknown[]) {
    return new Promise((resolve, reject) => {
      const done: Callback = (error, value) => (error ? reject(error) : resolve(value));
      call.call(this, ...args, done);
    });
  };
}
promisify.custom = custom;

export const callbackify =
  (call: (...args: unknown[]) => Promise<unknown>) =>
  (...args: unknown[]): void => {
    const done = args.pop() as Callback;
    call(...args).then(
      (value) => done(null, value),
      (error: unknown) => done(error),
    );
  };

export const deprecate = <F>(call: F): F => call;

export function inherits(child: { prototype: object }, parent: { prototype: object }): void {
  Object.setPrototypeOf(child.prototype, parent.prototype);
  Object.setPrototypeOf(child, parent);
}

export const debuglog = () => Object.assign(() => {}, { enabled: false });

/** Equal as `assert.deepStrictEqual` sees it: what prints the same in full is the same. */
export const isDeepStrictEqual = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || inFull(a) === inFull(b);

const inFull = (value: unknown): string =>
  inspect(value, {
    ...{ depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null },
    sorted: true,
  });

export const types = {
  isUint8Array: (value: unknown) => value instanceof Uint8Array,
  isDate: (value: unknown) => value instanceof Date,
  isRegExp: (value: unknown) => value instanceof RegExp,
  isPromise: (value: unknown) => value instanceof Promise,
  isMap: (value: unknown) => value instanceof Map,
  isSet: (value: unknown) => value instanceof Set,
  isNativeError: (value: unknown) => value instanceof Error,
};

const { TextEncoder, TextDecoder } = globalThis;

export { TextDecoder, TextEncoder };

export default {
  ...{ inspect, format, formatWithOptions, stripVTControlCharacters, promisify, callbackify },
  ...{ deprecate, inherits, debuglog, isDeepStrictEqual, types, TextEncoder, TextDecoder },
};
