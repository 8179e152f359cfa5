/** A transcript as it is shown: its steps, with the remarks and gaps that stand between them. */
import { parseTranscript, readRow } from './parse.ts';
import type { Directive, Step } from './transcript.ts';

export type Part =
  | { readonly kind: 'step'; readonly step: Step; readonly index: number }
  | { readonly kind: 'remark'; readonly text: string; readonly line: number }
  /** One or more blank rows. */
  | { readonly kind: 'gap'; readonly line: number };

/** Throws a TranscriptError where the text is no transcript. Recorded replies are left out. */
export function layOut(source: string): Part[] {
  const steps = new Map(
    parseTranscript(source).map((step, index) => [
      step.line,
      { kind: 'step', step, index } as const,
    ]),
  );
  const parts: Part[] = [];
  let insideUntil = 0;
  source.split('\n').forEach((row, index) => {
    const line = index + 1;
    const step = steps.get(line);
    if (step) {
      insideUntil = step.step.endLine;
      parts.push(step);
    } else if (line > insideUntil) parts.push(...between(row, line, parts.at(-1)));
  });
  return parts.at(-1)?.kind === 'gap' ? parts.slice(0, -1) : parts;
}

function between(row: string, line: number, before: Part | undefined): Part[] {
  const { kind } = readRow(row);
  if (kind === 'remark') return [{ kind: 'remark', text: row.trim(), line }];
  return kind === 'blank' && before?.kind === 'step' ? [{ kind: 'gap', line }] : [];
}

/** A transcript without the replies that it records: what one would type. */
export function commandsOf(source: string): string {
  const rows = source.split('\n');
  return layOut(source)
    .flatMap((part) => {
      if (part.kind === 'gap') return [''];
      if (part.kind === 'remark') return [part.text];
      return rows.slice(part.step.line - 1, part.step.lastLine);
    })
    .join('\n');
}

/** What a directive does, for those who read it: `61 s later`. */
export function directiveInWords({ name, args }: Directive): string {
  const [first = '', second = '', third = ''] = args;
  return directiveWords[name](first, second, third);
}

const directiveWords: {
  readonly [Name in Directive['name']]: (first: string, second: string, third: string) => string;
} = {
  advance: (duration) => `${durationInWords(duration)} later`,
  connect: (name, node) => (node === '' ? `${name} connects` : `${name} connects to ${node}`),
  close: (name) => `${name === '' ? 'the client' : name} disconnects`,
  cut: (a, b) => `the network between ${a} and ${b} is cut`,
  heal: (a, b) => `the network between ${a} and ${b} is mended`,
  delay: (a, b, duration) => `${a} and ${b} hear one another ${durationInWords(duration)} later`,
  bandwidth: (a, b, kilobytes) =>
    kilobytes === '0'
      ? `everything goes through between ${a} and ${b}`
      : `${kilobytes}\u202fkB/s go through between ${a} and ${b}`,
  lose: (a, b, percent) => `${percent}\u202f% are lost between ${a} and ${b}`,
  name: (name, node) => `${name} is the address of ${node}`,
  kill: (node) => `${node} is killed`,
  pause: (node) => `${node} stands still`,
  revive: (node) => `${node} starts again`,
};

const units: Readonly<Record<string, string>> = { ms: 'ms', s: 's', m: 'min', h: 'h', d: 'd' };

function durationInWords(duration: string): string {
  const [, amount = duration, unit = ''] = /^(\d+)([a-z]+)$/.exec(duration) ?? [];
  return `${amount}\u202f${units[unit] ?? unit}`;
}

/** The clients of a transcript in the order in which they appear; the unnamed one is ''. */
export function clientsIn(parts: readonly Part[]): string[] {
  const names = parts.flatMap((part) => {
    if (part.kind !== 'step' || part.step.kind === 'directive') return [];
    return [part.step.client];
  });
  return [...new Set(names)];
}
