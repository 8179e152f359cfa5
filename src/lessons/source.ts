/** A part of a lesson file, and how its mistakes are told: `content/07-x.md:LINE: reason`. */
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';

/** A mistake in a lesson file. */
export class LessonError extends Error {
  override readonly name = 'LessonError';
  constructor(
    readonly file: string,
    /** 1-based. */
    readonly line: number,
    readonly reason: string,
  ) {
    super(`${file}:${line}: ${reason}`);
  }
}

export type Path = readonly PropertyKey[];

/** YAML within a lesson file: data read by a schema, each part of it with its line. */
export class YamlSource<T> {
  readonly data: T;
  private readonly counter = new LineCounter();
  private readonly document;

  constructor(
    readonly file: string,
    /** The line in the file of the first line of the text. */
    private readonly firstLine: number,
    private readonly text: string,
    schema: z.ZodType<T, unknown>,
  ) {
    this.document = parseDocument(text, { lineCounter: this.counter, prettyErrors: false });
    const [wrong] = this.document.errors;
    if (wrong) throw this.error(wrong.pos[0], wrong.message.split('\n')[0] ?? 'not YAML');
    const parsed = schema.safeParse(this.document.toJS());
    if (!parsed.success) throw this.issue(worst(parsed.error.issues));
    this.data = parsed.data;
  }

  /** The mistake of the part at `path`, on a line of its text (1-based) when it has several. */
  mistake(path: Path, reason: string, line = 1): LessonError {
    return new LessonError(this.file, this.lineOf(path) + line - 1, reason);
  }

  /** The line in the file at which the text at `path` begins; of a `|` block, its first line. */
  lineOf(path: Path): number {
    const node = this.nodeAt(path);
    const start = this.toLine(node?.range?.[0] ?? 0);
    const isBlock = isScalar(node) && /^BLOCK_/.test(node.type ?? '');
    return isBlock ? start + 1 : start;
  }

  private issue(issue: z.core.$ZodIssue | undefined): LessonError {
    if (!issue) return new LessonError(this.file, this.firstLine, 'not understood');
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    if (unknown !== undefined) {
      return this.error(this.offsetOf([...issue.path, unknown]), `unknown key ${unknown}`);
    }
    const name = issue.path.map(String).join('.');
    const reason = name === '' ? issue.message : `${name}: ${issue.message}`;
    return new LessonError(this.file, this.toLine(this.offsetOf(issue.path)), reason);
  }

  private error(offset: number, reason: string): LessonError {
    return new LessonError(this.file, this.toLine(offset), reason);
  }

  /** Where the part at `path` begins, with its key, or the nearest part around it that is there. */
  private offsetOf(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const key = this.keyOffset(path.slice(0, length - 1), path[length - 1]);
      const offset = key ?? this.nodeAt(path.slice(0, length))?.range?.[0];
      if (offset !== undefined) return offset;
    }
    return 0;
  }

  private keyOffset(path: Path, name: PropertyKey | undefined): number | undefined {
    const map = this.nodeAt(path);
    if (!isMap(map)) return undefined;
    const keys = map.items.map(({ key }) => key).filter(isScalar);
    return keys.find(({ value }) => value === name)?.range?.[0];
  }

  private nodeAt(path: Path): Node | undefined {
    const node = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    return (node ?? undefined) as Node | undefined;
  }

  /** The line in the file of an offset in the text. */
  private toLine(offset: number): number {
    const { line } = this.counter.linePos(Math.min(offset, this.text.length));
    return this.firstLine + Math.max(line, 1) - 1;
  }
}

/** A misspelt key is at the root of a missing one. */
const worst = (issues: readonly z.core.$ZodIssue[]) =>
  issues.find(
    ({ code, message }) => code === 'unrecognized_keys' || /^unknown key/.test(message),
  ) ?? issues[0];
