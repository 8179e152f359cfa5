/**
 * The modules of a server. They are there from the start, as in Redis 8, unless loadmodule names some:
 * then only those. Their code is this engine's own; a file is a name for it.
 * https://redis.io/docs/latest/operate/oss_and_stack/stack-with-enterprise/
 */
import type { Command } from '../commands/command.ts';
import { redisError } from '../errors.ts';
import { Search } from '../modules/search/registry.ts';
import type { Disk } from '../persistence/disk.ts';
import { LoadError } from '../persistence/host.ts';
import { mapOf, type Reply } from '../resp/reply.ts';
import type { CommandTable } from './lookup.ts';
import type { Log } from './persisting.ts';

interface Module {
  readonly name: string;
  /** As MODULE LIST prints it: 81000 is 8.10.0. */
  readonly version: number;
  /** The name of its file; none for what is part of the server itself. */
  readonly file: string | undefined;
}

const modules: readonly Module[] = [
  { name: 'vectorset', version: 1, file: undefined },
  { name: 'ReJSON', version: 81_000, file: 'rejson.so' },
  { name: 'timeseries', version: 81_000, file: 'redistimeseries.so' },
  { name: 'search', version: 81_000, file: 'redisearch.so' },
  { name: 'bf', version: 81_000, file: 'redisbloom.so' },
];

/** Where the modules of an installation lie; they are there on every disk. */
export const MODULE_FOLDER = '/usr/local/lib/redis/modules/';

interface Loaded {
  readonly module: Module;
  readonly path: string;
}

interface Files {
  read(path: string): string | undefined;
}

/** The module that a file is; a text says why it is none, as the system's loader says it. */
export function openModule(path: string, disk: Files): Module | string {
  const at = path.lastIndexOf('/') + 1;
  const [folder, file] = [path.slice(0, at), path.slice(at)];
  const content = disk.read(path);
  const found = modules.find((each) => each.file === file);
  if (found && (folder === MODULE_FOLDER || content !== undefined)) return found;
  return content === undefined
    ? `${path}: cannot open shared object file: No such file or directory`
    : `${path}: file too short`;
}

/** The two lines of the log of a server that ends because of a module. */
export const moduleFailure = (path: string, reason: string): readonly [string, string] => [
  `Module ${path} failed to load: ${reason}`,
  `Can't load module from ${path}: server aborting`,
];

interface Host {
  readonly disk: Disk;
  readonly log: Log;
}

interface Start {
  /** Every command, those of all modules included. */
  readonly table: CommandTable;
  /** The files that loadmodule names. */
  readonly modules?: readonly string[];
}

export class Modules {
  /** The indexes of the search module, and what else it knows. */
  readonly search = new Search();
  readonly #loaded: Loaded[] = [];
  /** The commands that there are: those of the server itself and of the modules that are loaded. */
  readonly table: Map<string, Command<never>>;

  readonly #all: CommandTable;

  /** Loads what loadmodule names, or all. Throws a LoadError where a file is no module. */
  constructor(
    private readonly host: Host,
    { table, modules: paths }: Start,
  ) {
    this.#all = table;
    this.table = new Map([...table].filter(([, { module }]) => module === undefined));
    for (const module of modules) {
      const isIn = module.file === undefined || paths === undefined || paths.length === 0;
      if (isIn) this.#add(module, module.file ? `${MODULE_FOLDER}${module.file}` : '');
    }
    for (const path of paths ?? []) {
      const reason = this.#open(path);
      if (reason !== undefined) throw new LoadError(moduleFailure(path, reason)[1]);
    }
  }

  /** MODULE LOAD. */
  load(path: string): void {
    const reason = this.#open(path);
    if (reason === undefined) return;
    this.host.log('warning', `Module ${path} failed to load: ${reason}`);
    throw redisError('ERR Error loading the extension. Please check the server logs.');
  }

  /** MODULE UNLOAD: none of these can be, since keys may be of their types. */
  unload(name: string): never {
    const found = this.#loaded.find(({ module }) => module.name === name);
    const reason = !found
      ? 'no such module with that name'
      : found.module.file === undefined
        ? "the module can't be unloaded"
        : "the module exports one or more module-side data types, can't unload";
    throw redisError(`ERR Error unloading module: ${reason}`);
  }

  /** What MODULE LIST and HELLO say. */
  list(): Reply[] {
    return this.#loaded.map(({ module: { name, version }, path }) =>
      mapOf({ name, ver: version, path, args: [] }),
    );
  }

  /** The lines of INFO modules. */
  info(): [field: string, value: string][] {
    return this.#loaded.map(({ module: { name, version } }) => [
      'module',
      `name=${name},ver=${version},api=1,filters=0,usedby=[],using=[],options=[handle-io-errors]`,
    ]);
  }

  /** Loads a module, or says why not. */
  #open(path: string): string | undefined {
    const found = openModule(path, this.host.disk);
    if (typeof found === 'string') return found;
    if (this.#loaded.some(({ module }) => module === found)) {
      return 'a module of this name is loaded already';
    }
    this.#add(found, path);
    return undefined;
  }

  #add(module: Module, path: string): void {
    this.#loaded.push({ module, path });
    for (const [name, command] of this.#all) {
      if (command.module === module.name) this.table.set(name, command);
    }
  }
}
