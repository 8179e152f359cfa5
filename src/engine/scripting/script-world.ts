/** The Lua that EVAL's scripts share: each compiled once, all seeing KEYS and ARGV as globals. */
import { RedisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { type LuaApi, LuaStatus } from './lua-api.ts';
import type { LuaHost, Script } from './machine.ts';
import { type Given, openSandbox } from './sandbox.ts';
import { Session } from './session.ts';

export class ScriptWorld {
  readonly session: Session;
  readonly #globals: number;
  readonly #compiled = new Map<string, number>();

  constructor(api: LuaApi, given: Given) {
    // First the globals: a thread has those that there are when it is made.
    this.#globals = openSandbox(api, given, () => this.session.run).content;
    this.session = new Session(api);
  }

  /** Undefined, or why it does not compile. */
  compile({ name, body }: Script): string | undefined {
    if (this.#compiled.has(name)) return undefined;
    const { api } = this.session;
    if (api.load(api.main, body, '@user_script') === LuaStatus.ok) {
      this.#compiled.set(name, api.ref(api.main));
      return undefined;
    }
    const mistake = api.toString(api.main, -1);
    api.setTop(api.main, 0);
    return mistake ?? '';
  }

  /** Undefined when the script was suspended. */
  start(
    script: Script,
    keys: readonly string[],
    args: readonly string[],
    host: LuaHost,
  ): Reply | undefined {
    const mistake = this.compile(script);
    if (mistake !== undefined) return new RedisError(`ERR ${mistake}`);
    this.#setGlobalList('KEYS', keys);
    this.#setGlobalList('ARGV', args);
    const { api, thread } = this.session;
    api.getRef(thread, this.#compiled.get(script.name) ?? 0);
    return this.session.begin({ name: script.name, host, argumentCount: 0 });
  }

  #setGlobalList(name: string, items: readonly string[]): void {
    const { api } = this.session;
    const L = api.main;
    api.getRef(L, this.#globals);
    this.session.pushList(L, items);
    api.setField(L, -2, name);
    api.setTop(L, 0);
  }
}
