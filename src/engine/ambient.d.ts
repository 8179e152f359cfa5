/**
 * The few globals outside ECMAScript that the engine uses. They exist in browsers, workers and Node
 * alike; declared word for word as in lib.dom, so that both can be loaded together.
 */

interface TextEncoderEncodeIntoResult {
  read: number;
  written: number;
}

interface TextEncoder {
  encodeInto(source: string, destination: Uint8Array): TextEncoderEncodeIntoResult;
}

declare var TextEncoder: {
  prototype: TextEncoder;
  new (): TextEncoder;
};

interface TextDecoderOptions {
  fatal?: boolean;
  ignoreBOM?: boolean;
}

interface TextDecoder {
  decode(input?: Uint8Array): string;
}

declare var TextDecoder: {
  prototype: TextDecoder;
  new (label?: string, options?: TextDecoderOptions): TextDecoder;
};

/** WebAssembly as far as the Lua machine needs it. */
declare namespace WebAssembly {
  // biome-ignore lint/complexity/noBannedTypes: word for word as lib.dom declares it, or the two would not merge.
  type Module = {};

  interface Instance {
    readonly exports: Exports;
  }

  type Exports = Record<string, ExportValue>;
  // biome-ignore lint/complexity/noBannedTypes: word for word as lib.dom declares it, or the two would not merge.
  type ExportValue = Function | Global | Memory | Table;
  // biome-ignore lint/complexity/noBannedTypes: word for word as lib.dom declares it, or the two would not merge.
  type Global = {};

  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(delta: number): number;
  }

  interface Table {
    get(index: number): unknown;
    grow(delta: number, value?: unknown): number;
    set(index: number, value?: unknown): void;
  }

  var Module: {
    prototype: Module;
    new (bytes: Uint8Array<ArrayBuffer>): Module;
  };

  var Instance: {
    prototype: Instance;
    // biome-ignore lint/complexity/noBannedTypes: word for word as lib.dom declares it, or the two would not merge.
    new (module: Module, imports?: Record<string, Record<string, Function>>): Instance;
  };
}

/** How many calls the stack of an error has. Elsewhere than in V8 it is without effect. */
interface ErrorConstructor {
  stackTraceLimit: number;
}
