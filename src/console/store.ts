import { createStore } from 'zustand/vanilla';
import type { Docs } from './docs.ts';
import { atEnd, type Draft, type Edit, insert, insertPair } from './edit.ts';
import { History, type HistoryStorage } from './history.ts';
import { type ConsoleEffects, ConsoleTab, type Shared, type TabState } from './tab.ts';

/** A console with its tabs, each a connection of its own. */
export interface ConsoleState {
  readonly tabs: readonly TabState[];
  /** The id of the tab in front. */
  readonly active: string;
  /** The tab in front. */
  readonly tab: TabState;
  /** The servers that a new connection may lead to; empty where there is only one. */
  readonly servers: readonly ServerPlace[];
  /** Opens another connection, to "host:port" if not to the usual server, and goes to it. */
  addTab(name?: string, address?: string): void;
  /** The last tab stays. */
  closeTab(id: string): void;
  selectTab(id: string): void;
  renameTab(id: string, name: string): void;

  // Everything below concerns the tab in front.
  type(draft: Draft): void;
  edit(edit: Edit): void;
  insert(text: string): void;
  insertPair(pair: string): void;
  /** ↑ and ↓. */
  move(step: -1 | 1): void;
  complete(): Promise<void>;
  choose(index?: number): boolean;
  /** Esc. False when nothing was open. */
  dismiss(): boolean;
  searchBack(): void;
  submit(): void;
  /** Runs what was pasted when it has several lines; false when it should just be typed. */
  paste(text: string): boolean;
  interrupt(): void;
  clear(): void;
  speak(protocol: 2 | 3): void;
  /** Whether to go where a cluster sends it, as `redis-cli -c` does. */
  follow(follows: boolean): void;
  showMore(entry: number): void;
  /** Puts a line in the field, to be run with Enter. */
  suggest(line: string): void;
  /** Runs a line as if it had been typed. */
  run(line: string): void;
  /** Shows a sentence of the page's own. */
  note(text: string): void;
  /** For how many ms of lab time the tab in front has waited or listened. */
  elapsed(): number;
  /** Ends all connections. */
  close(): void;
}

export interface ConsoleOptions extends ConsoleEffects {
  /** "host:port" of the server that tabs connect to. */
  readonly address: string;
  readonly protocol?: 2 | 3;
  /** The servers to choose from, where there are several. */
  readonly servers?: readonly ServerPlace[];
  /** Where the history is kept; without it, it lasts as long as the page. */
  readonly storage?: HistoryStorage;
}

/** A server by its name, and where it listens. */
export interface ServerPlace {
  readonly name: string;
  /** "host:port". */
  readonly address: string;
}

export type ConsoleStore = ReturnType<typeof createConsoleStore>;

export function createConsoleStore(options: ConsoleOptions) {
  const tabs = new Tabs(options, () => publish());
  const front = () => tabs.front;
  const store = createStore<ConsoleState>()(() => ({
    ...tabs.snapshot(),
    servers: options.servers ?? [],
    ...tabActions(tabs),
    ...lineActions(front),
    submit: () => front().submit(),
    paste(text) {
      const several = isSeveralLines(text);
      // What is already typed takes part, as it would on a terminal.
      if (several) front().paste(insert(front().state.editor.draft, text).text);
      return several;
    },
    interrupt: () => front().interrupt(),
    clear: () => front().clear(),
    speak: (protocol) => front().speak(protocol),
    follow: (follows) => front().follow(follows),
    showMore: (entry) => front().showMore(entry),
    run: (line) => front().run(line),
    note: (text) => front().note(text),
    elapsed: () => options.now() - front().state.status.since,
    close: () => tabs.close(),
  }));
  const publish = () => store.setState(tabs.snapshot());
  return store;
}

type TabActions = Pick<ConsoleState, 'addTab' | 'closeTab' | 'selectTab' | 'renameTab'>;

const tabActions = (tabs: Tabs): TabActions => ({
  addTab: (name, address) => tabs.add(name, address),
  closeTab: (id) => tabs.remove(id),
  selectTab: (id) => tabs.select(id),
  renameTab: (id, name) => tabs.get(id)?.rename(name),
});

type LineActions = Pick<
  ConsoleState,
  | ('type' | 'edit' | 'insert' | 'insertPair' | 'move' | 'complete')
  | ('choose' | 'dismiss' | 'searchBack' | 'suggest')
>;

const lineActions = (front: () => ConsoleTab): LineActions => ({
  type(draft) {
    void front().learn();
    front().editor.type(draft);
  },
  edit: (edit) => front().editor.edit(edit),
  insert: (text) => front().editor.replace(insert(front().state.editor.draft, text)),
  insertPair: (pair) => front().editor.replace(insertPair(front().state.editor.draft, pair)),
  move: (step) => front().editor.move(step),
  async complete() {
    const tab = front();
    await tab.learn();
    await tab.editor.complete();
  },
  choose: (index) => front().editor.choose(index),
  dismiss: () => front().editor.dismiss(),
  searchBack: () => front().editor.searchBack(),
  suggest: (line) => front().editor.replace(atEnd(line)),
});

const isSeveralLines = (text: string) => /\n/.test(text.trim());

/** The tabs, and which is in front. */
class Tabs {
  readonly #options: ConsoleOptions;
  readonly #shared: Shared;
  #tabs: readonly ConsoleTab[] = [];
  #front: ConsoleTab;
  #opened = 0;

  constructor(options: ConsoleOptions, publish: () => void) {
    this.#options = options;
    this.#shared = {
      effects: options,
      history: new History(options.storage),
      docs: new Map<string, Docs>(),
      hints: true,
      // The first tab reports before there is a store; what it says is in the first snapshot.
      changed: () => this.#tabs.length > 0 && publish(),
    };
    this.#front = this.#open();
  }

  get front(): ConsoleTab {
    return this.#front;
  }

  snapshot(): Pick<ConsoleState, 'tabs' | 'active' | 'tab'> {
    const { state } = this.#front;
    return { tabs: this.#tabs.map((tab) => tab.state), active: state.id, tab: state };
  }

  get(id: string): ConsoleTab | undefined {
    return this.#tabs.find((tab) => tab.state.id === id);
  }

  add(name?: string, address?: string): void {
    this.#front = this.#open(name, address);
    this.#shared.changed();
  }

  select(id: string): void {
    this.#front = this.get(id) ?? this.#front;
    this.#shared.changed();
  }

  remove(id: string): void {
    const at = this.#tabs.findIndex((tab) => tab.state.id === id);
    if (at < 0 || this.#tabs.length === 1) return;
    this.#tabs[at]?.close();
    this.#tabs = this.#tabs.filter((_, i) => i !== at);
    const neighbour = this.#tabs[Math.min(at, this.#tabs.length - 1)];
    if (this.#front.state.id === id && neighbour) this.#front = neighbour;
    this.#shared.changed();
  }

  close(): void {
    for (const tab of this.#tabs) tab.close();
  }

  #open(name?: string, address = this.#options.address): ConsoleTab {
    const { protocol = 2 } = this.#options;
    const number = ++this.#opened;
    const called = name ?? `Console ${number}`;
    const tab = new ConsoleTab(this.#shared, `tab${number}`, called, { address, protocol });
    this.#tabs = [...this.#tabs, tab];
    return tab;
  }
}
