/**
 * Turns a program as a learner writes it (TypeScript or not, `import` or `require`, `await` anywhere)
 * into a function. Lines stay where they are.
 */
import { parse } from 'acorn';
import { transform } from 'sucrase';
import { FILE } from './home.ts';

export interface Compiled {
  readonly run: (...scope: unknown[]) => Promise<void>;
  /** What it asks for by name. */
  readonly modules: readonly string[];
  /** How far its first line has been moved to the right. */
  readonly shift: number;
}

/** Where the program cannot be read. */
export class Unreadable extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

const HEAD = '(async function (exports, require, module, __filename, __dirname) {';

/** Throws `Unreadable`. */
export function compile(code: string): Compiled {
  const script = toScript(code);
  const modules = [...script.matchAll(/\brequire\(\s*(['"])([^'"]+)\1\s*\)/g)];
  const text = `${HEAD}${script}\n})\n//# sourceURL=${FILE}`;
  // biome-ignore lint/security/noGlobalEval: running what the learner wrote is what this is for.
  const run = globalThis.eval(text) as Compiled['run'];
  const shift = HEAD.length + firstLine(script).length - firstLine(code).length;
  return { run, modules: modules.map(([, , name = '']) => name), shift };
}

/** As plain JavaScript that asks for modules by `require`. Throws `Unreadable`. */
export function toScript(code: string): string {
  return readable(code, () => {
    const script = transform(code, {
      transforms: ['typescript', 'imports'],
      disableESTransforms: true,
      preserveDynamicImport: false,
      filePath: FILE,
    }).code;
    parse(script, {
      ecmaVersion: 'latest',
      allowAwaitOutsideFunction: true,
      allowReturnOutsideFunction: true,
    });
    return script;
  });
}

const SUCRASE = 'Error transforming ';

const firstLine = (text: string): string => text.slice(0, `${text}\n`.indexOf('\n'));

/** Errors of sucrase and acorn say their place; sucrase counts columns from 1. */
function readable<T>(code: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    const { message, loc = { line: 1, column: 0 } } = error as Error & { loc?: Place };
    const said = message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '');
    const column = Math.max(loc.column - (message.startsWith(SUCRASE) ? 1 : 0), 0);
    const line = Math.min(loc.line, code.split('\n').length);
    throw new Unreadable(said, line, column);
  }
}

interface Place {
  readonly line: number;
  readonly column: number;
}
