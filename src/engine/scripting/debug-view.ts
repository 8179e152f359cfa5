/** A script that stands still, as its debugger looks at it. */
import { showValue } from './debug-values.ts';
import { type LuaApi, type LuaState, LuaStatus } from './lua-api.ts';
import type { DebugView, Frame, Protocol } from './machine.ts';
import type { Run } from './run.ts';

export class StoppedScript implements DebugView {
  readonly #api: LuaApi;
  readonly #run: Run;

  constructor(api: LuaApi, run: Run) {
    this.#api = api;
    this.#run = run;
  }

  get protocol(): Protocol {
    return this.#run.protocol;
  }

  get frames(): readonly Frame[] {
    const found: Frame[] = [];
    for (let level = 0; ; level++) {
      const place = this.#api.place(this.#run.thread, level);
      if (!place) return found;
      if (place.source === SCRIPT) found.push({ name: place.functionName, line: place.line });
    }
  }

  get locals(): readonly (readonly [name: string, value: string])[] {
    return this.#localsAt(0).filter(([name]) => !name.includes('(*temporary)'));
  }

  find(name: string): string | undefined {
    for (let level = 0; this.#api.place(this.#run.thread, level); level++) {
      const found = this.#localsAt(level).find(([local]) => local === name);
      if (found) return found[1];
    }
    return name === 'KEYS' || name === 'ARGV' ? this.#global(name) : undefined;
  }

  evaluate(code: string): { readonly value: string } | { readonly error: string } {
    const api = this.#api;
    const L = api.newThread(api.main);
    const ref = api.ref(api.main);
    try {
      if (api.load(L, `return ${code}`, CODE) !== LuaStatus.ok) {
        api.setTop(L, 0);
        if (api.load(L, code, CODE) !== LuaStatus.ok) return { error: api.toString(L, -1) ?? '' };
      }
      if (api.resume(L, 0) !== LuaStatus.ok) return { error: api.toString(L, -1) ?? '' };
      api.setTop(L, 1);
      return { value: showValue(api, L, -1) };
    } finally {
      api.unref(api.main, ref);
    }
  }

  #localsAt(level: number): (readonly [name: string, value: string])[] {
    const api = this.#api;
    const L = this.#run.thread;
    const found: (readonly [string, string])[] = [];
    for (let at = 1; ; at++) {
      const name = api.getLocal?.(L, level, at);
      if (name === undefined) return found;
      found.push([name, this.#pop(L)]);
    }
  }

  #global(name: string): string {
    const L = this.#api.main;
    this.#api.pushGlobals(L);
    this.#api.getField(L, -1, name);
    this.#api.remove(L, -2);
    return this.#pop(L);
  }

  /** Takes the value at the top off a stack. It is shown elsewhere: a thread that stands still has no room. */
  #pop(L: LuaState): string {
    const api = this.#api;
    const { main } = api;
    const ref = api.ref(L);
    api.getRef(main, ref);
    api.unref(main, ref);
    const shown = showValue(api, main, -1);
    api.setTop(main, -2);
    return shown;
  }
}

const SCRIPT = '@user_script';
const CODE = '@ldb_eval';
