import { promptOf } from '../shell/redis-cli/tracking.ts';
import { readPaste } from '../transcript/paste.ts';
import type { Dial } from '../wire/link.ts';
import { adviceOn } from './advice.ts';
import { type Docs, readDocs } from './docs.ts';
import type { History } from './history.ts';
import { helpOn, interpret } from './interpret.ts';
import { type EditorState, LineEditor } from './line-editor.ts';
import { scanKeys } from './scan-keys.ts';
import { append, type Content, type Entry, entryOf } from './scrollback.ts';
import { type Printed, Session, type SessionOptions, type SessionStatus } from './session.ts';

/** What a console needs from the page. */
export interface ConsoleEffects {
  readonly dial: Dial;
  /** The lab's time in ms. */
  now(): number;
  /** Runs a task soon, at most about once a frame: output that floods in is shown in batches. */
  schedule(task: () => void): void;
}

export interface TabState {
  readonly id: string;
  /** Given by the reader; the status is shown in any case. */
  readonly name: string;
  readonly status: SessionStatus;
  readonly prompt: string;
  readonly entries: readonly Entry[];
  readonly editor: EditorState;
}

/** What all tabs of a console share. */
export interface Shared {
  readonly effects: ConsoleEffects;
  readonly history: History;
  /** What servers have said about their commands, by address. */
  readonly docs: Map<string, Docs>;
  hints: boolean;
  changed(): void;
}

/** A line to run, and what it answered where it was copied from. */
interface Line {
  readonly text: string;
  readonly remark?: string | undefined;
  readonly expected?: string | undefined;
}

/**
 * One tab: a session, the line being typed for it, and all it has shown. Lines that are entered
 * while a command waits are kept, as a terminal keeps them, and run after it.
 */
export class ConsoleTab {
  state: TabState;
  readonly editor: LineEditor;
  readonly #shared: Shared;
  readonly #session: Session;
  #queue: Line[] = [];
  #running = false;
  #unshown: Content[] = [];
  #nextEntry = 0;
  #learning: Promise<void> | undefined;
  /** What the running command has printed, where it will be compared. */
  #heard: string[] | undefined;

  constructor(shared: Shared, id: string, name: string, options: SessionOptions) {
    this.#shared = shared;
    this.#session = new Session(
      {
        dial: shared.effects.dial,
        now: shared.effects.now,
        print: (printed) => this.#print(printed),
        changed: (status) => this.#set({ status, prompt: promptOf(status) }),
      },
      options,
    );
    const { status } = this.#session;
    this.editor = new LineEditor({
      history: shared.history,
      docs: () => this.#docs(),
      hintsOn: () => shared.hints,
      keys: (prefix) => scanKeys((argv) => this.#session.ask(argv), prefix),
      changed: (editor) => this.#set({ editor }),
    });
    this.state = {
      id,
      name,
      status,
      prompt: promptOf(status),
      entries: [],
      editor: this.editor.state,
    };
    void this.#session.connect();
  }

  /** Enter: runs the line. A prompt or a remark that came along with it is taken off. */
  submit(): void {
    const typed = this.editor.take();
    this.#shared.history.add(typed);
    this.#enqueue(linesOf(typed));
  }

  /** Several lines at once: run one after the other, expected replies compared. */
  paste(text: string): void {
    const lines = linesOf(text);
    this.editor.edit('killLine');
    for (const line of lines) this.#shared.history.add(line.text);
    this.#enqueue(lines);
  }

  /** Runs one line for a button of the page: shown as if it had been typed. */
  run(line: string): void {
    this.#enqueue([{ text: line }]);
  }

  /** A sentence of the page's own. */
  note(text: string): void {
    this.#show({ kind: 'note', text });
  }

  /** Ctrl-C: drops the line, and ends what is waiting along with all that waits behind it. */
  interrupt(): void {
    this.#queue = [];
    const { text } = this.editor.state.draft;
    if (this.#session.interrupt() || text === '') return;
    this.#show({ kind: 'command', prompt: this.state.prompt, text: `${text}^C` });
    this.editor.edit('killLine');
  }

  /** The server is asked about its commands once, when the reader begins to type. */
  async learn(): Promise<void> {
    if (this.#docs()) return;
    this.#learning ??= this.#learn();
    await this.#learning;
    this.#learning = undefined;
  }

  /** Switches the protocol, now and for later connections, by the command that does it. */
  speak(protocol: 2 | 3): void {
    this.#session.prefer(protocol);
    this.#enqueue([{ text: `HELLO ${protocol}` }]);
  }

  /** Goes where a cluster sends it, as `redis-cli -c`, or does not. */
  follow(follows: boolean): void {
    this.#session.follow(follows);
  }

  rename(name: string): void {
    this.#set({ name });
  }

  clear(): void {
    this.#unshown = [];
    this.#set({ entries: [] });
  }

  showMore(id: number): void {
    const entries = this.state.entries.map((entry) =>
      entry.id === id && entry.kind === 'reply'
        ? { ...entry, portions: entry.portions + 1 }
        : entry,
    );
    this.#set({ entries });
  }

  close(): void {
    this.#queue = [];
    this.#session.close();
  }

  #enqueue(lines: readonly Line[]): void {
    this.#queue.push(...lines);
    if (!this.#running) void this.#work();
  }

  async #work(): Promise<void> {
    this.#running = true;
    for (let line = this.#queue.shift(); line; line = this.#queue.shift()) await this.#run(line);
    this.#running = false;
  }

  async #run({ text, remark, expected }: Line): Promise<void> {
    const shown = remark === undefined ? text : `${text} ${remark}`.trim();
    this.#show({ kind: 'command', prompt: this.state.prompt, text: shown });
    if (remark !== undefined) this.#show({ kind: 'note', text: stripped });
    this.#heard = expected === undefined ? undefined : [];
    await this.#perform(text);
    if (expected !== undefined) this.#compare(expected, this.#heard?.join('\n') ?? '');
    this.#heard = undefined;
  }

  async #perform(line: string): Promise<void> {
    const action = interpret(line);
    if (action.do === 'send') await this.#session.execute(action.argv, action.times);
    else if (action.do === 'connect') await this.#session.connectTo(action.address);
    else if (action.do === 'say') this.#show({ kind: 'cli', text: action.text });
    else if (action.do === 'clear') this.clear();
    else if (action.do === 'help') await this.#help(action.topic);
    else if (action.do === 'hints') this.#shared.hints = action.on;
    else if (action.do === 'quit') await this.#quit();
  }

  async #help(topic: readonly string[]): Promise<void> {
    await this.learn();
    this.#show({ kind: 'cli', text: helpOn(this.#docs() ?? new Map(), topic) });
  }

  async #quit(): Promise<void> {
    this.#show({ kind: 'note', text: 'redis-cli would end here; this console starts it again.' });
    await this.#session.restart();
  }

  /** The documentation prints a status in quotes: `"OK"`. */
  #compare(expected: string, observed: string): void {
    const agrees = [observed.trim(), `"${observed.trim()}"`].includes(expected.trim());
    this.#show({ kind: 'comparison', text: expected, agrees });
  }

  async #learn(): Promise<void> {
    const { address } = this.state.status;
    const reply = await this.#session.ask(['COMMAND', 'DOCS']);
    if (reply === undefined) return;
    this.#shared.docs.set(address, readDocs(reply));
    this.editor.refresh();
  }

  #docs(): Docs | undefined {
    return this.#shared.docs.get(this.state.status.address);
  }

  #print(printed: Printed): void {
    if (printed.kind === 'reply') {
      this.#heard?.push(printed.text);
      this.#show({ ...printed, portions: 0 });
      const advice = adviceOn(printed.text, this.#docs());
      if (advice !== undefined) this.note(advice);
    } else {
      if (printed.kind !== 'note') this.#heard?.push(printed.text);
      this.#show(printed);
    }
  }

  /** Shows something soon, in order. */
  #show(content: Content): void {
    if (this.#unshown.push(content) === 1) this.#shared.effects.schedule(() => this.#flush());
  }

  #flush(): void {
    const added = this.#unshown.map((content) => entryOf(this.#nextEntry++, content));
    this.#unshown = [];
    if (added.length > 0) this.#set({ entries: append(this.state.entries, added) });
  }

  #set(patch: Partial<TabState>): void {
    this.state = { ...this.state, ...patch };
    this.#shared.changed();
  }
}

const stripped = 'The remark was stripped; a real server would have received it.';

/** The commands of what was typed or pasted; a line of nothing but a remark is one that does nothing. */
function linesOf(text: string): Line[] {
  const steps = readPaste(text);
  if (steps.length > 0) return steps.map(({ command, ...rest }) => ({ text: command, ...rest }));
  return text.trim() === '' ? [{ text: '' }] : [{ text: '', remark: text.trim() }];
}
