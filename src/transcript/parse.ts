/** Reads a transcript; the format is described in transcript.ts. */
import { RangeMistake, spellOut } from './ranges.ts';
import {
  type Arrival,
  type CommandStep,
  type Directive,
  type DirectiveStep,
  directives,
  type PipelineStep,
  type Step,
} from './transcript.ts';

/** A mistake in a transcript, at a line of it (1-based). */
export class TranscriptError extends Error {
  override readonly name = 'TranscriptError';
  constructor(
    readonly line: number,
    readonly reason: string,
  ) {
    super(`line ${line}: ${reason}`);
  }
}

/** The reply that stands for "the client waits". */
export const waits = '…';

/** The steps of a transcript, in order. Throws a TranscriptError on any mistake. */
export function parseTranscript(text: string): Step[] {
  const reader = new Reader();
  for (const [index, row] of text.split('\n').entries()) reader.read(row.trimEnd(), index + 1);
  return reader.end();
}

/** The data centres that `@lab` builds. */
export const labKinds = ['servers', 'nodes', 'replicated', 'sentinel', 'cluster'];

/** Whether a text can be read; a view asks beforehand, since what it throws goes past whoever shows it. */
export function isTranscript(text: string): boolean {
  try {
    parseTranscript(text);
    return true;
  } catch (error) {
    if (error instanceof TranscriptError) return false;
    throw error;
  }
}

/** The version of redis-server that a transcript asks for, such as `8.0`; undefined asks for none. */
export const sinceOf = (text: string): string | undefined => /^@since +(\S+)/m.exec(text)?.[1];

/** The data centre that a transcript asks for: `replicated 2`; undefined asks for one server. */
export const labOf = (text: string): string | undefined => /^@lab +(.+)$/m.exec(text)?.[1]?.trim();

/** What a row of a transcript is, by itself. */
export type Row =
  | { readonly kind: 'blank' }
  | { readonly kind: 'remark' }
  | { readonly kind: 'command'; readonly client: string; readonly command: string }
  | { readonly kind: 'arrival'; readonly client: string; readonly text: string }
  | { readonly kind: 'directive'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'reply'; readonly text: string };

export function readRow(row: string): Row {
  if (row === '') return { kind: 'blank' };
  if (row.startsWith('#')) return { kind: 'remark' };
  const [, sender, command] = /^([A-Za-z][\w-]*)?> (.*)$/.exec(row) ?? [];
  if (command !== undefined) return { kind: 'command', client: sender ?? '', command };
  const [, receiver, text] = /^([A-Za-z][\w-]*)?<(?: (.*))?$/.exec(row) ?? ['', '', null];
  if (text !== null) return { kind: 'arrival', client: receiver ?? '', text: text ?? '' };
  const [, name, rest] = /^@([a-z]+)(?: +(.*))?$/.exec(row) ?? [];
  if (name !== undefined) return { kind: 'directive', name, args: rest?.split(/ +/) ?? [] };
  return { kind: 'reply', text: row.replace(/^\| ?/, '') };
}

/** How a line of a reply is written, so that readRow takes it for one; blanks at its end are lost. */
export function writeReplyRow(text: string): string {
  const row = text.trimEnd();
  const plain = readRow(row).kind === 'reply' && !row.startsWith('|');
  return plain ? row : `| ${row}`.trimEnd();
}

/** Milliseconds of `250ms`, `61s`, `5m`, `2h`, `1d`; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  return unit === undefined ? undefined : Number(amount) * (units[unit] ?? 0);
}

type Draft = { step: Step; reply: string[]; arrivals: Arrival[]; open: boolean };

class Reader {
  private readonly drafts: Draft[] = [];
  private pipeline: { client: string; line: number; commands: string[] } | undefined;
  private varies = false;

  read(source: string, line: number): void {
    const row = readRow(source);
    const last = this.drafts.at(-1);
    if (row.kind === 'blank' || row.kind === 'remark') {
      if (last) last.open = false;
    } else if (row.kind === 'command') this.command(row.client, row.command, line);
    else if (row.kind === 'directive') this.directive(row.name, row.args, line);
    else if (!last?.open || this.pipeline) throw new TranscriptError(line, 'a reply to nothing');
    else {
      if (row.kind === 'arrival') addArrival(last, row);
      else if (last.arrivals.length > 0) {
        throw new TranscriptError(line, 'a reply after what arrived at other clients');
      } else last.reply.push(row.text);
      last.step = { ...last.step, endLine: line };
    }
  }

  end(): Step[] {
    if (this.pipeline) throw new TranscriptError(this.pipeline.line, '@pipeline without @end');
    return this.drafts.map(({ step, reply, arrivals }) => {
      const text = reply.join('\n');
      return { ...step, reply: text === waits ? undefined : text, arrivals };
    });
  }

  private command(client: string, command: string, line: number): void {
    if (!this.pipeline) this.add({ kind: 'command', client, command }, line, line);
    else if (client !== '' && client !== this.pipeline.client) {
      throw new TranscriptError(line, `a command of ${client} in the pipeline of another client`);
    } else {
      checkRanges(command, line);
      this.pipeline.commands.push(command);
    }
  }

  private directive(name: string, args: readonly string[], line: number): void {
    if (name === 'end') this.endPipeline(line);
    else if (this.pipeline) throw new TranscriptError(line, `@${name} within a pipeline`);
    else if (name === 'pipeline') {
      this.pipeline = { client: args[0] ?? '', line, commands: [] };
    } else if (name === 'varies') this.varies = true;
    else if (name === 'since') this.checkSince(args, line);
    else if (name === 'lab') this.checkLab(args, line);
    else {
      const directive = checkDirective(name, args, line);
      this.add({ kind: 'directive', directive }, line, line);
    }
  }

  private checkSince([version = '']: readonly string[], line: number): void {
    if (this.drafts.length > 0) throw new TranscriptError(line, '@since after the first step');
    if (!/^\d+\.\d+$/.test(version)) throw new TranscriptError(line, '@since takes VERSION');
  }

  private checkLab([kind = '', nodes = '1']: readonly string[], line: number): void {
    if (this.drafts.length > 0) throw new TranscriptError(line, '@lab after the first step');
    if (!labKinds.includes(kind) || !/^[1-9]\d?$/.test(nodes)) {
      throw new TranscriptError(line, `@lab takes ${labKinds.join(', ')} and how many nodes`);
    }
  }

  private endPipeline(lastLine: number): void {
    if (!this.pipeline) throw new TranscriptError(lastLine, '@end without @pipeline');
    const { client, commands, line } = this.pipeline;
    if (commands.length === 0) throw new TranscriptError(line, 'a pipeline without commands');
    this.pipeline = undefined;
    this.add({ kind: 'pipeline', client, commands }, line, lastLine);
  }

  private add(what: What, line: number, lastLine: number): void {
    const { varies } = this;
    this.varies = false;
    const base = { line, lastLine, endLine: lastLine, reply: '', arrivals: [], varies };
    this.drafts.push({ step: { ...what, ...base }, reply: [], arrivals: [], open: true });
  }
}

type What =
  | Pick<CommandStep, 'kind' | 'client' | 'command'>
  | Pick<PipelineStep, 'kind' | 'client' | 'commands'>
  | Pick<DirectiveStep, 'kind' | 'directive'>;

function addArrival(draft: Draft, { client, text }: Arrival): void {
  const last = draft.arrivals.at(-1);
  if (last?.client !== client) draft.arrivals.push({ client, text });
  else draft.arrivals[draft.arrivals.length - 1] = { client, text: `${last.text}\n${text}` };
}

function checkRanges(command: string, line: number): void {
  try {
    spellOut(command);
  } catch (error) {
    throw error instanceof RangeMistake ? new TranscriptError(line, error.message) : error;
  }
}

function checkDirective(name: string, args: readonly string[], line: number): Directive {
  const row = Object.entries(directives).find(([known]) => known === name);
  if (!row) throw new TranscriptError(line, `unknown directive @${name}`);
  const takes = row[1].takes.split(' ');
  const needed = takes.filter((word) => !word.startsWith('['));
  if (args.length < needed.length || args.length > takes.length) {
    throw new TranscriptError(line, `@${name} takes ${row[1].takes}`);
  }
  for (const [i, arg] of args.entries()) {
    if (takes[i] === 'DURATION' && parseDuration(arg) === undefined) {
      throw new TranscriptError(line, `${arg} is no duration such as 250ms, 61s, 5m, 2h or 1d`);
    }
    const isNumber = takes[i] === 'KILOBYTES' || takes[i] === 'PERCENT';
    if (isNumber && !/^\d+$/.test(arg)) throw new TranscriptError(line, `${arg} is no number`);
  }
  return { name: name as Directive['name'], args };
}
