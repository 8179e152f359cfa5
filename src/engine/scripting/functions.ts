/** FUNCTION and FCALL. */
import { matches } from '../bytes/glob.ts';
import type { Args } from '../commands/args.ts';
import { type Command, command, type Flag } from '../commands/command.ts';
import { container, wrongSubcommand } from '../commands/help.ts';
import type { Wait } from '../commands/wait.ts';
import { redisError } from '../errors.ts';
import { MapReply, mapOf, ok, type Reply, SetReply, Status } from '../resp/reply.ts';
import type { ScriptNeeds } from './eval.ts';
import type { FunctionLibraries, Library } from './function-libraries.ts';
import type { LibraryFunction } from './machine.ts';

/** What the commands of this file need beyond the base context. */
export interface FunctionNeeds<Client> extends ScriptNeeds<Client> {
  propagate(...argv: string[]): void;
}

/** FUNCTION DUMP's serialization, which is that of the RDB file. */
export interface FunctionPayload {
  write(codes: readonly string[]): string;
  /** Undefined when the version or the checksum is wrong. Throws a RedisError for other contents. */
  read(payload: string): readonly string[] | undefined;
}

/** The rows, for a server with this type of client. */
export const functionCommands = <Client>(
  payload: FunctionPayload,
): readonly Command<FunctionNeeds<Client>>[] => [
  ...callCommands<Client>(),
  ...container('FUNCTION', containerOfFunction, [
    ...writingSubcommands<Client>(payload),
    ...readingSubcommands<Client>(payload),
  ]),
];

const callRow = {
  group: 'scripting',
  since: '7.0.0',
  complexity: 'Depends on the function that is executed.',
} as const;
const callFlags: readonly Flag[] = ['noscript', 'stale', 'skip_monitor', 'no_mandatory_keys'];

const callCommands = <Client>() => [
  command<FunctionNeeds<Client>>('FCALL function numkeys:int [key [key ...]] [arg [arg ...]]', {
    ...callRow,
    flags: [...callFlags, 'may_replicate'],
    keyUse: ['RW access update'],
    summary: 'Calls a function.',
    run: (ctx, args) => call(ctx, args, false),
  }),
  command<FunctionNeeds<Client>>('FCALL_RO function numkeys:int [key [key ...]] [arg [arg ...]]', {
    ...callRow,
    flags: ['readonly', ...callFlags],
    keyUse: ['RO access'],
    summary: 'Calls a function that only reads.',
    run: (ctx, args) => call(ctx, args, true),
  }),
];

const containerOfFunction = {
  since: '7.0.0',
  group: 'scripting',
  helpSince: '7.0.0',
  summary: 'A container for function commands.',
} as const;
const row = { group: 'scripting', since: '7.0.0' } as const;
const writeRow = {
  ...row,
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
} as const;

const writingSubcommands = <Client>(payload: FunctionPayload) => [
  command<FunctionNeeds<Client>>('FUNCTION|DELETE library-name', {
    ...writeRow,
    flags: ['write', 'noscript'],
    complexity: 'O(1)',
    summary: 'Deletes a library and its functions.',
    run: (ctx, args) => {
      ctx.scripts.functions.delete(args.string());
      return told(ctx, ok);
    },
  }),
  command<FunctionNeeds<Client>>('FUNCTION|FLUSH [<ASYNC | SYNC>]', {
    ...writeRow,
    flags: ['write', 'noscript'],
    complexity: 'O(N) where N is the number of functions deleted',
    summary: 'Deletes all libraries.',
    run: (ctx, args) => {
      if (args.left > 1) throw wrongSubcommand('FUNCTION', args);
      if (!args.done && !args.oneOf('ASYNC', 'SYNC')) {
        throw redisError('ERR FUNCTION FLUSH only supports SYNC|ASYNC option');
      }
      ctx.scripts.functions.flush();
      return told(ctx, ok);
    },
  }),
  command<FunctionNeeds<Client>>('FUNCTION|LOAD [REPLACE] function-code', {
    ...writeRow,
    flags: ['write', 'denyoom', 'noscript'],
    complexity: 'O(1) (considering compilation time is redundant)',
    summary: 'Loads a library.',
    run: (ctx, args) => {
      const replaces = readReplace(args);
      return told(ctx, ctx.scripts.functions.load(args.string(), replaces));
    },
  }),
  command<FunctionNeeds<Client>>('FUNCTION|RESTORE serialized-value [<FLUSH | APPEND | REPLACE>]', {
    ...writeRow,
    flags: ['write', 'denyoom', 'noscript'],
    complexity: 'O(N) where N is the number of functions on the payload',
    summary: 'Loads the libraries that FUNCTION DUMP has written.',
    run: (ctx, args) => told(ctx, restore(ctx.scripts.functions, payload, args)),
  }),
];

const readingSubcommands = <Client>(payload: FunctionPayload) => [
  command<FunctionNeeds<Client>>('FUNCTION|DUMP', {
    ...row,
    flags: ['noscript'],
    complexity: 'O(N) where N is the number of functions',
    summary: 'Writes all libraries into a string that FUNCTION RESTORE reads.',
    run: ({ scripts }) => payload.write(scripts.functions.libraries.map(({ code }) => code)),
  }),
  command<FunctionNeeds<Client>>('FUNCTION|KILL', {
    ...row,
    flags: ['noscript', 'allow_busy'],
    complexity: 'O(1)',
    tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
    summary: 'Ends the running function, if it has not written yet.',
    run({ scripts }) {
      scripts.runner.kill('FUNCTION');
      return ok;
    },
  }),
  command<FunctionNeeds<Client>>('FUNCTION|LIST [LIBRARYNAME library-name-pattern] [WITHCODE]', {
    ...row,
    flags: ['noscript'],
    complexity: 'O(N) where N is the number of functions',
    tips: ['nondeterministic_output_order'],
    summary: 'Lists the libraries.',
    run: ({ scripts }, args) => list(scripts.functions, args),
  }),
  command<FunctionNeeds<Client>>('FUNCTION|STATS', {
    ...row,
    flags: ['noscript', 'allow_busy'],
    complexity: 'O(1)',
    tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
    summary: 'Says which function is running, and how many there are.',
    run: (ctx) => stats(ctx),
  }),
];

/** A change of libraries is no change of keys, so it is told to replicas and the AOF explicitly. */
function told<Client>(ctx: FunctionNeeds<Client>, reply: Reply): Reply {
  ctx.propagate(...ctx.argv);
  return reply;
}

function call<Client>(ctx: FunctionNeeds<Client>, args: Args, readOnly: boolean): Reply | Wait {
  const { client, argv, scripts } = ctx;
  const found = scripts.functions.find(args.string());
  const keyCount = args.index(() => redisError('ERR Bad number of keys provided'));
  if (keyCount > args.left) {
    throw redisError("ERR Number of keys can't be greater than number of args");
  }
  if (keyCount < 0) throw redisError("ERR Number of keys can't be negative");
  ctx.propagateNothing();
  const keys = args.take(keyCount);
  return scripts.functions.call(client, found, { keys, args: args.rest(), readOnly, argv });
}

function readReplace(args: Args): boolean {
  let replaces = false;
  while (args.left > 1) {
    if (!args.token('REPLACE')) {
      throw redisError(`ERR Unknown option given: ${args.string()}`);
    }
    replaces = true;
  }
  return replaces;
}

function restore<Client>(
  functions: FunctionLibraries<Client>,
  payload: FunctionPayload,
  args: Args,
): Reply {
  const serialized = args.string();
  if (args.left > 1) throw wrongSubcommand('FUNCTION', args);
  const policy = args.done ? 'APPEND' : args.oneOf('FLUSH', 'APPEND', 'REPLACE');
  if (!policy) {
    throw redisError(
      'ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.',
    );
  }
  const codes = payload.read(serialized);
  if (!codes) throw redisError('ERR DUMP payload version or checksum are wrong');
  functions.restore(codes, policy);
  return ok;
}

function list<Client>(functions: FunctionLibraries<Client>, args: Args): Reply {
  let pattern: string | undefined;
  let withCode = false;
  while (!args.done) {
    if (!withCode && args.token('WITHCODE')) withCode = true;
    else if (pattern === undefined && args.token('LIBRARYNAME')) {
      if (args.done) throw redisError('ERR library name argument was not given');
      pattern = args.string();
    } else throw redisError(`ERR Unknown argument ${args.string()}`);
  }
  return functions.libraries
    .filter(
      ({ script }) => pattern === undefined || matches(pattern, script.name, { nocase: true }),
    )
    .map((library) => libraryReply(library, withCode));
}

const libraryReply = ({ script, functions, code }: Library, withCode: boolean): Reply =>
  mapOf({
    library_name: script.name,
    engine: 'LUA',
    functions: functions.map(functionReply),
    ...(withCode && { library_code: code }),
  });

const functionReply = ({ name, description, flags }: LibraryFunction): Reply =>
  mapOf({
    name,
    description: description ?? null,
    flags: new SetReply([...flags].map((flag) => new Status(flag))),
  });

function stats<Client>({ scripts: { functions, runner } }: FunctionNeeds<Client>): Reply {
  const running = runner.report;
  if (running?.job.kind === 'SCRIPT')
    throw runner.busyError ?? redisError('ERR a script is running');
  const script = running
    ? mapOf({
        name: running.job.name,
        command: running.job.argv,
        duration_ms: running.durationMs,
      })
    : null;
  const engine = mapOf({
    libraries_count: functions.libraries.length,
    functions_count: functions.functionCount,
  });
  return new MapReply([
    ['running_script', script],
    ['engines', new MapReply([['LUA', engine]])],
  ]);
}
