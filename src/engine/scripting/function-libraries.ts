/**
 * The function libraries of one server. A library is one text, loaded and deleted as a whole; names
 * of functions are unique across libraries and, unlike those of libraries, match in any case.
 * https://redis.io/docs/latest/develop/interact/programmability/functions-intro/
 */
import { own } from '../bytes/bytes.ts';
import type { Wait } from '../commands/wait.ts';
import { redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { readLibraryHeader } from './library-header.ts';
import type { LibraryFunction, LuaHost, LuaMachine, Script } from './machine.ts';
import type { ScriptRunner } from './script-runner.ts';

export interface Library {
  readonly script: Script;
  /** The text as it was loaded. */
  readonly code: string;
  readonly functions: readonly LibraryFunction[];
}

export interface FunctionRequest {
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** FCALL_RO. */
  readonly readOnly: boolean;
  readonly argv: readonly string[];
}

export interface Found {
  readonly library: Library;
  readonly definition: LibraryFunction;
}

export class FunctionLibraries<Client> {
  readonly #runner: ScriptRunner<Client>;
  readonly #lua: () => LuaMachine;
  readonly #log: LuaHost['log'];
  readonly #libraries = new Map<string, Library>();
  readonly #functions = new Map<string, Found>();

  constructor(runner: ScriptRunner<Client>, lua: () => LuaMachine, log: LuaHost['log']) {
    this.#runner = runner;
    this.#lua = lua;
    this.#log = log;
  }

  /** In the order in which they were loaded. */
  get libraries(): readonly Library[] {
    return [...this.#libraries.values()];
  }

  get functionCount(): number {
    return this.#functions.size;
  }

  /** Loads a library and answers its name; throws when there is anything wrong with it. */
  load(code: string, replaces: boolean): string {
    const { name, body } = readLibraryHeader(own(code));
    const before = this.#libraries.get(name);
    if (before && !replaces) throw redisError(`ERR Library '${name}' already exists`);
    const script = { name, body };
    const functions = this.#lua().loadLibrary(script, this.#log);
    if (typeof functions === 'string') throw redisError(`ERR ${functions}`);
    const clash = functions.find((each) => this.#isTaken(each.name, before));
    if (clash || functions.length === 0) {
      this.#lua().unloadLibrary(script);
      throw redisError(
        clash ? `ERR Function ${clash.name} already exists` : 'ERR No functions registered',
      );
    }
    if (before) this.#remove(before);
    this.#add({ script, code: own(code), functions });
    return name;
  }

  /**
   * Loads the libraries of a payload, all or none. Names that exist are an error, unless the policy
   * is to replace them or to flush everything first.
   */
  restore(codes: readonly string[], policy: 'FLUSH' | 'APPEND' | 'REPLACE'): void {
    const before = this.libraries;
    if (policy === 'FLUSH') this.flush();
    try {
      for (const code of codes) this.#restoreOne(code, policy === 'REPLACE');
    } catch (thrown) {
      this.flush();
      for (const { code } of before) this.load(code, false);
      throw thrown;
    }
  }

  delete(name: string): void {
    const library = this.#libraries.get(name);
    if (!library) throw redisError('ERR Library not found');
    this.#remove(library);
  }

  flush(): void {
    if (this.#libraries.size > 0) this.#lua().flushLibraries();
    this.#libraries.clear();
    this.#functions.clear();
  }

  /** The function of this name, in any case. */
  find(name: string): Found {
    const found = this.#functions.get(name.toLowerCase());
    if (!found) throw redisError('ERR Function not found');
    return found;
  }

  /** What the function of this name says of itself; undefined where there is none. */
  flagsOf(name: string): Found['definition']['flags'] | undefined {
    return this.#functions.get(name.toLowerCase())?.definition.flags;
  }

  /** Calls a function for a client. A Wait means that it was paused. */
  call(client: Client, { library, definition }: Found, request: FunctionRequest): Reply | Wait {
    const { keys, args, readOnly, argv } = request;
    const { name, flags } = definition;
    return this.#runner.run(client, {
      kind: 'FUNCTION',
      name,
      argv,
      flags,
      readOnly,
      start: (host) => this.#lua().runFunction({ library: library.script, name, keys, args }, host),
    });
  }

  #restoreOne(code: string, replaces: boolean): void {
    const { name } = readLibraryHeader(code);
    if (!replaces && this.#libraries.has(name)) {
      throw redisError(`ERR Library ${name} already exists`);
    }
    this.load(code, replaces);
  }

  #isTaken(name: string, replaced: Library | undefined): boolean {
    const found = this.#functions.get(name.toLowerCase());
    return found !== undefined && found.library !== replaced;
  }

  #add(library: Library): void {
    this.#libraries.set(library.script.name, library);
    for (const definition of library.functions) {
      this.#functions.set(definition.name.toLowerCase(), { library, definition });
    }
  }

  #remove(library: Library): void {
    this.#lua().unloadLibrary(library.script);
    this.#libraries.delete(library.script.name);
    for (const { name } of library.functions) this.#functions.delete(name.toLowerCase());
  }
}
