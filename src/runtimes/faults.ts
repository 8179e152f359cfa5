/** Where in a text something is wrong, read from what was said when it ran. */
import type { Screen } from './screen.ts';

export interface Fault {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** What a run came to, as far as it is words. */
export interface Said {
  /** The text that ran. */
  readonly source: string;
  readonly screen?: Screen | undefined;
  readonly problem?: string | undefined;
  readonly outcomes: readonly { readonly reply?: string | undefined }[];
}

/** Of a text in this language; none where nothing went wrong, or no line was named. */
export function faultsOf(language: string, said: Said): readonly Fault[] {
  const { source, screen, problem = '', outcomes } = said;
  const errors = screen?.chunks.filter(({ stream }) => stream === 'err') ?? [];
  const replies = language === 'lua' ? outcomes.map(({ reply = '' }) => reply) : [];
  const text = [...errors.map((chunk) => chunk.text), problem, ...replies].join('\n');
  const found = readers.get(language)?.(text, source);
  return found ? [found] : [];
}

type Reader = (text: string, source: string) => Fault | undefined;

/** Reads the first place that the pattern finds: its line, and what is said about it. */
const matching =
  (pattern: RegExp): Reader =>
  (text) => {
    const [, line, message = ''] = pattern.exec(text) ?? [];
    return line === undefined ? undefined : { line: Number(line), message: message.trim() };
  };

const readers: ReadonlyMap<string, Reader> = new Map([
  ['redis', matching(/line (\d+): (.*)/)],
  ['python', readTraceback],
  ['node', matching(/example\.js:(\d+)\b[\s\S]*?^((?:\w*Error|Uncaught)\b.*)$/m)],
  ['conf', readFatal],
  ['sentinel-conf', matching(/at line (\d+)\n>>> .*\n(.*)/)],
  ['acl', matching(/users\.acl:(\d+): (.*)/)],
  ['lua', matching(/user_(?:script|function):\s?(\d+): (.*)/)],
]);

/** Some refusals name no line but what the line is about. */
function readFatal(text: string, source: string): Fault | undefined {
  const [, said, user] =
    /# (No tls-\S+ configured!|.*the user named '([^']+)': .*)/.exec(text) ?? [];
  if (said === undefined) return matching(/at line (\d+)\n>>> .*\n(.*)/)(text, source);
  const rows = source.split('\n').map((row) => row.trim().split(/\s+/));
  const at = rows.findLastIndex(([name, value]) =>
    user === undefined ? /^tls-/i.test(name ?? '') : name === 'user' && value === user,
  );
  return at < 0 ? undefined : { line: at + 1, message: said };
}

/** The innermost of the learner's own lines, and the error itself, which is said last. */
function readTraceback(text: string): Fault | undefined {
  const places = [...text.matchAll(/File "[^"]*example\.py", line (\d+)/g)];
  const line = places.at(-1)?.[1];
  const [message = ''] =
    text.match(/^[\w.]*(?:Error|Exception|Interrupt|Exit)\b.*$/gm)?.slice(-1) ?? [];
  return line === undefined ? undefined : { line: Number(line), message };
}
