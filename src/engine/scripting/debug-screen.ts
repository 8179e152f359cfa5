/** What a client of the debugger is shown: lines of text, gathered and then sent together. */
import { encodeReply } from '../resp/encode.ts';
import { Status } from '../resp/reply.ts';

/** Values are cut after so many bytes, unless `maxlen` says otherwise; fewer it does not take. */
const MAX_LENGTH = 256;
const LEAST_MAX_LENGTH = 60;
const MAX_BREAKPOINTS = 64;
const TRIMMED = "<hint> The above reply was trimmed. Use 'maxlen 0' to disable trimming.";

export class DebugScreen {
  /** The line of the script that comes next. */
  line = 0;
  readonly #source: readonly string[];
  readonly #send: (bytes: string) => void;
  readonly #breakpoints: number[] = [];
  #lines: string[] = [];
  #maxLength = MAX_LENGTH;
  #toldOfTrimming = false;

  constructor(script: string, send: (bytes: string) => void) {
    this.#source = script.replace(/[\r\n]+$/, '').split('\n');
    this.#send = send;
  }

  log(line: string): void {
    this.#lines.push(line.replace(/[\r\n]/g, ' '));
  }

  /** Logs a value, and no more of it than `maxlen` allows. */
  logValue(line: string): void {
    if (this.#maxLength === 0 || line.length <= this.#maxLength) {
      this.log(line);
      return;
    }
    this.log(`${line.slice(0, this.#maxLength)} ...`);
    if (!this.#toldOfTrimming) this.log(TRIMMED);
    this.#toldOfTrimming = true;
  }

  /** Logs a line of the script with its number, and whether it is next or has a breakpoint. */
  logSource(line: number): void {
    const text = this.#source[line - 1] ?? '<out of range source code line>';
    const isBreakpoint = this.breaksAt(line);
    const isNext = line === this.line;
    const mark = isNext ? (isBreakpoint ? '->#' : '-> ') : isBreakpoint ? '  #' : '   ';
    this.log(`${mark}${String(line).padEnd(3)} ${text}`);
  }

  /** Logs the lines around one, or all where it is undefined. */
  list(around: number | undefined, context: number): void {
    for (let line = 1; line <= this.#source.length; line++) {
      if (around === undefined || Math.abs(around - line) <= context) this.logSource(line);
    }
  }

  breaksAt(line: number): boolean {
    return this.#breakpoints.includes(line);
  }

  clearBreakpoints(): void {
    this.#breakpoints.length = 0;
  }

  showBreakpoints(): void {
    const lines = this.#breakpoints;
    if (lines.length === 0) this.log("No breakpoints set. Use 'b <line>' to add one.");
    else this.log(`${lines.length} breakpoints set:`);
    for (const line of lines) this.logSource(line);
  }

  addBreakpoint(line: number): void {
    const set = this.#breakpoints;
    if (set.length === MAX_BREAKPOINTS) this.log('Too many breakpoints set.');
    else if (line > this.#source.length || set.includes(line)) this.log('Wrong line number.');
    else {
      set.push(line);
      this.list(line, 1);
    }
  }

  removeBreakpoint(line: number): void {
    const at = this.#breakpoints.indexOf(line);
    if (at >= 0) this.#breakpoints.splice(at, 1);
    this.log(at >= 0 ? 'Breakpoint removed.' : 'No breakpoint in the specified line.');
  }

  /** `maxlen`: shows it, and sets it where bytes are given; 0 is without limit. */
  setMaxLength(bytes: number | undefined): void {
    if (bytes !== undefined) {
      this.#toldOfTrimming = true;
      this.#maxLength = bytes === 0 ? 0 : Math.max(bytes, LEAST_MAX_LENGTH);
    }
    const limit = this.#maxLength === 0 ? 'unlimited' : `truncated at ${this.#maxLength} bytes`;
    this.log(`<value> replies are ${limit}.`);
  }

  /** Sends what was logged, be it nothing. */
  flush(): void {
    const lines = this.#lines;
    this.#lines = [];
    this.#send(
      encodeReply(
        lines.map((line) => new Status(line)),
        2,
      ),
    );
  }
}
