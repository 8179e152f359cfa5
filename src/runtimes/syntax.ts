/** What can be said against a text before it runs: where it does not parse. */
import type { Fault } from './faults.ts';

/** Nobody types more than this by hand, and to parse it at every pause would be felt. */
const LONGEST = 100_000;

/** Of a text in this language; none where nobody here can read it without running it. */
export async function syntaxFaults(language: string, text: string): Promise<readonly Fault[]> {
  const read = text.length > LONGEST ? undefined : readers.get(language);
  return (await read?.(text)) ?? [];
}

type Reader = (text: string) => Promise<readonly Fault[]>;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['node', readProgram],
  ['python', async (text) => (await import('./python/machine.ts')).checkPython(text)],
  ['yaml', readYaml],
  ['prometheus', readYaml],
  ['prometheus-conf', readYaml],
]);

async function readProgram(text: string): Promise<readonly Fault[]> {
  const { toScript, Unreadable } = await import('./node/compile.ts');
  try {
    toScript(text);
    return [];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [{ line: error.line, message: error.message }];
  }
}

async function readYaml(text: string): Promise<readonly Fault[]> {
  const { LineCounter, parseAllDocuments } = await import('yaml');
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, prettyErrors: false });
  const errors = 'empty' in documents ? [] : documents.flatMap(({ errors }) => errors);
  return errors.map(({ pos: [at], message }) => ({ line: lineCounter.linePos(at).line, message }));
}
