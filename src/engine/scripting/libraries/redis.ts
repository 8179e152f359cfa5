/**
 * The global `redis`: how a script reaches its server.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-api/#redis_object
 */
import { printDouble } from '../../bytes/numbers.ts';
import { sha1Hex } from '../../bytes/sha1.ts';
import { RedisError } from '../../errors.ts';
import { pushError, pushField, pushReply } from '../convert.ts';
import { showValue } from '../debug-values.ts';
import { raisedAt } from '../error-report.ts';
import { type LuaApi, type LuaFunction, type LuaState, LuaType, register } from '../lua-api.ts';
import type { Run } from '../run.ts';

const LOG_LEVELS = { LOG_DEBUG: 0, LOG_VERBOSE: 1, LOG_NOTICE: 2, LOG_WARNING: 3 };
const REPLICATION = { REPL_NONE: 0, REPL_AOF: 1, REPL_SLAVE: 2, REPL_REPLICA: 2, REPL_ALL: 3 };

/** What scripts and functions have alike. */
export function openRedis(api: LuaApi, L: LuaState, version: string, run: () => Run): void {
  api.pushGlobals(L);
  api.newTable(L, 0, 24);
  register(api, L, {
    ...commandFunctions(api, run),
    ...replyFunctions(api),
    ...hostFunctions(api, run),
  });
  setConstants(api, L, { ...LOG_LEVELS, ...REPLICATION });
  setVersion(api, L, version);
  api.setField(L, -2, 'redis');
  api.setTop(L, -2);
}

/** What only scripts have, for the sake of old ones. */
export function addScriptFunctions(api: LuaApi, L: LuaState, run: () => Run): void {
  api.pushGlobals(L);
  register(api, L, { __redis__err__handler: errorHandler(api) });
  api.getField(L, -1, 'redis');
  register(api, L, scriptFunctions(api, run));
  api.setTop(L, -3);
}

/** Pushes what a function library sees of `redis` while it is loaded. */
export function pushLoadingRedis(
  api: LuaApi,
  L: LuaState,
  { version, run, registerFunction }: Loading,
): void {
  api.newTable(L, 0, 8);
  register(api, L, {
    register_function: registerFunction,
    log: (caller) => log(api, caller, run()),
  });
  setConstants(api, L, LOG_LEVELS);
  setVersion(api, L, version);
}

interface Loading {
  readonly version: string;
  readonly run: () => Run;
  readonly registerFunction: LuaFunction;
}

function setConstants(api: LuaApi, L: LuaState, constants: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(constants)) {
    api.pushNumber(L, value);
    api.setField(L, -2, name);
  }
}

function setVersion(api: LuaApi, L: LuaState, version: string): void {
  setConstants(api, L, { REDIS_VERSION_NUM: toNumber(version) });
  api.pushString(L, version);
  api.setField(L, -2, 'REDIS_VERSION');
}

/** "7.0.15" as 0x0007000f, so that versions can be compared. */
const toNumber = (version: string): number =>
  version.split('.').reduce((number, part) => number * 256 + Number(part), 0);

type Functions = Readonly<Record<string, LuaFunction>>;

const NO_COMMAND = 'ERR Please specify at least one argument for this redis lib call';
const BAD_ARGUMENT = 'ERR Lua redis lib command arguments must be strings or integers';

function commandFunctions(api: LuaApi, run: () => Run): Functions {
  const execute = (L: LuaState, fail: (L: LuaState, message: string) => number): number => {
    const argv = takeArgv(api, L);
    if (typeof argv === 'string') return fail(L, argv);
    const { host, protocol } = run();
    const reply = host.call(argv, protocol);
    if (reply instanceof RedisError) return fail(L, reply.message);
    pushReply(api, L, reply, protocol);
    return 1;
  };
  const permits: LuaFunction = (L) => {
    const argv = takeArgv(api, L);
    if (typeof argv === 'string') return raiseError(api, L, argv);
    const answer = run().host.isPermitted(argv);
    if (answer === undefined) {
      return raiseError(api, L, 'ERR Invalid command passed to redis.acl_check_cmd()');
    }
    api.pushBoolean(L, answer);
    return 1;
  };
  return {
    call: (L) => execute(L, (L, message) => raiseError(api, L, message)),
    pcall: (L) => execute(L, (L, message) => answerError(api, L, message)),
    acl_check_cmd: permits,
  };
}

/** The arguments of redis.call() as a command, or the error about them. */
function takeArgv(api: LuaApi, L: LuaState): string[] | string {
  const count = api.getTop(L);
  if (count === 0) return NO_COMMAND;
  const argv: string[] = [];
  for (let i = 1; i <= count; i++) {
    const type = api.type(L, i);
    if (type === LuaType.string) argv.push(api.toString(L, i) ?? '');
    else if (type === LuaType.number) argv.push(printNumber(api, L, i));
    else return BAD_ARGUMENT;
  }
  return argv;
}

/** Lua's own conversion would lose digits; but only Lua knows the sign of a NaN. */
function printNumber(api: LuaApi, L: LuaState, index: number): string {
  const value = api.toNumber(L, index);
  return Number.isNaN(value) ? (api.toString(L, index) ?? '') : printDouble(value);
}

function raiseError(api: LuaApi, L: LuaState, message: string): never {
  pushError(api, L, message);
  return api.error(L);
}

function answerError(api: LuaApi, L: LuaState, message: string): number {
  pushError(api, L, message);
  return 1;
}

function replyFunctions(api: LuaApi): Functions {
  const oneString =
    (push: (L: LuaState, text: string) => void): LuaFunction =>
    (L) => {
      if (api.getTop(L) !== 1 || api.type(L, -1) !== LuaType.string) {
        return answerError(api, L, 'ERR wrong number or type of arguments');
      }
      push(L, api.toString(L, -1) ?? '');
      return 1;
    };
  return {
    error_reply: oneString((L, text) => pushField(api, L, 'err', withCode(text))),
    status_reply: oneString((L, text) => pushField(api, L, 'ok', text)),
    sha1hex: (L) => {
      if (api.getTop(L) !== 1) return raiseError(api, L, 'ERR wrong number of arguments');
      api.pushString(L, sha1Hex(api.toString(L, 1) ?? ''));
      return 1;
    },
  };
}

/** An error of one word gets the code ERR; a leading dash is part of the protocol, not of the text. */
function withCode(text: string): string {
  const message = text.startsWith('-') ? text.slice(1) : text;
  return message.includes(' ') ? message : `ERR ${message}`;
}

const BAD_REPLICATION =
  'ERR Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.';

function hostFunctions(api: LuaApi, run: () => Run): Functions {
  return {
    log: (L) => log(api, L, run()),
    setresp: (L) => {
      if (api.getTop(L) !== 1) {
        return raiseError(api, L, 'ERR redis.setresp() requires one argument.');
      }
      const protocol = Math.trunc(api.toNumber(L, 1));
      if (protocol !== 2 && protocol !== 3) {
        return raiseError(api, L, 'ERR RESP version must be 2 or 3.');
      }
      run().protocol = protocol;
      return 0;
    },
    set_repl: (L) => {
      if (api.getTop(L) !== 1) {
        return raiseError(api, L, 'ERR redis.set_repl() requires two arguments.');
      }
      const flags = Math.trunc(api.toNumber(L, 1));
      if (flags < 0 || flags > REPLICATION.REPL_ALL) return raiseError(api, L, BAD_REPLICATION);
      run().host.setReplication(flags);
      return 0;
    },
  };
}

function log(api: LuaApi, L: LuaState, { host }: Run): number {
  const count = api.getTop(L);
  if (count < 2) return raiseError(api, L, 'ERR redis.log() requires two arguments or more.');
  if (!api.isNumber(L, 1)) {
    return raiseError(api, L, 'ERR First argument must be a number (log level).');
  }
  const level = Math.trunc(api.toNumber(L, 1));
  if (level < LOG_LEVELS.LOG_DEBUG || level > LOG_LEVELS.LOG_WARNING) {
    return raiseError(api, L, 'ERR Invalid debug level.');
  }
  const words: string[] = [];
  for (let i = 2; i <= count; i++) {
    const word = api.toString(L, i);
    if (word !== undefined) words.push(word);
  }
  host.log(level, words.join(' '));
  return 0;
}

/** Old scripts ask for what is so anyway; and the debugger's functions, for when one is attached. */
function scriptFunctions(api: LuaApi, run: () => Run): Functions {
  return {
    replicate_commands: (L) => {
      api.pushBoolean(L, true);
      return 1;
    },
    breakpoint: (L) => {
      const { debugger: attached } = run().host;
      attached?.breaks();
      api.pushBoolean(L, attached !== undefined);
      return 1;
    },
    debug: (L) => {
      const count = api.getTop(L);
      const values = Array.from({ length: count }, (_, i) => showValue(api, L, i - count));
      run().host.debugger?.shows(api.place(L, 1)?.line ?? 0, values);
      return 0;
    },
  };
}

/** Makes a table of an error, with the place it came from, as Redis does for errors of scripts. */
function errorHandler(api: LuaApi): LuaFunction {
  return (L) => {
    api.setTop(L, 1);
    if (api.type(L, 1) !== LuaType.table) pushField(api, L, 'err', `ERR ${api.display(L, 1)}`);
    const place = raisedAt(api, L, 1);
    if (!place) return 1;
    api.pushString(L, place.source);
    api.setField(L, -2, 'source');
    api.pushNumber(L, place.line);
    api.setField(L, -2, 'line');
    return 1;
  };
}
