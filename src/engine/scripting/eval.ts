/** EVAL and its kin, and SCRIPT. */
import type { Args } from '../commands/args.ts';
import { type Command, command, type Flag } from '../commands/command.ts';
import { container } from '../commands/help.ts';
import type { Wait } from '../commands/wait.ts';
import { redisError } from '../errors.ts';
import { ok, type Reply } from '../resp/reply.ts';
import type { Debugger } from './debugger.ts';
import type { CachedScript, Scripts } from './scripts.ts';

/** What the commands of this file need beyond the base context. */
export interface ScriptNeeds<Client> {
  readonly client: Client;
  readonly argv: readonly string[];
  readonly scripts: Scripts<Client>;
  /** What a script changed was told to replicas and the AOF by the commands that it called. */
  propagateNothing(): void;
}

/** The rows, for a server with this type of client. */
export const scriptCommands = <Client>(): readonly Command<ScriptNeeds<Client>>[] => [
  ...evalCommands<Client>(),
  ...container('SCRIPT', containerOfScript, subcommands<Client>()),
];

const row = {
  group: 'scripting',
  complexity: 'Depends on the script that is executed.',
} as const;
const flags: readonly Flag[] = ['noscript', 'stale', 'skip_monitor', 'no_mandatory_keys'];
const writerFlags: readonly Flag[] = [...flags, 'may_replicate'];
const readOnlyFlags: readonly Flag[] = ['readonly', ...flags];
const WRITES = ['RW access update'];
const READS = ['RO access'];

const evalCommands = <Client>() => [
  command<ScriptNeeds<Client>>('EVAL script numkeys:int [key [key ...]] [arg [arg ...]]', {
    ...row,
    flags: writerFlags,
    keyUse: WRITES,
    since: '2.6.0',
    summary: 'Runs a Lua script on the server.',
    run: (ctx, args) => evaluate(ctx, args, false),
  }),
  command<ScriptNeeds<Client>>('EVALSHA sha1 numkeys:int [key [key ...]] [arg [arg ...]]', {
    ...row,
    flags: writerFlags,
    keyUse: WRITES,
    since: '2.6.0',
    summary: 'Runs a cached Lua script, named by its SHA1.',
    run: (ctx, args) => evaluateSha(ctx, args, false),
  }),
  command<ScriptNeeds<Client>>('EVAL_RO script numkeys:int [key [key ...]] [arg [arg ...]]', {
    ...row,
    flags: readOnlyFlags,
    keyUse: READS,
    since: '7.0.0',
    summary: 'Runs a Lua script that only reads.',
    run: (ctx, args) => evaluate(ctx, args, true),
  }),
  command<ScriptNeeds<Client>>('EVALSHA_RO sha1 numkeys:int [key [key ...]] [arg [arg ...]]', {
    ...row,
    flags: readOnlyFlags,
    keyUse: READS,
    since: '7.0.0',
    summary: 'Runs a cached Lua script that only reads.',
    run: (ctx, args) => evaluateSha(ctx, args, true),
  }),
];

const containerOfScript = {
  since: '2.6.0',
  group: 'scripting',
  summary: 'A container for Lua script commands.',
} as const;
const scriptRow = { group: 'scripting', since: '2.6.0', flags: ['noscript'] } as const;

const subcommands = <Client>() => [
  command<ScriptNeeds<Client>>('SCRIPT|DEBUG <YES | SYNC | NO>', {
    ...scriptRow,
    since: '3.2.0',
    complexity: 'O(1)',
    summary: 'Sets the debug mode of the scripts that follow.',
    run: (ctx, args) => debug(ctx, args),
  }),
  command<ScriptNeeds<Client>>('SCRIPT|EXISTS sha1 [sha1 ...]', {
    ...scriptRow,
    complexity: 'O(N) with N being the number of scripts to check',
    tips: ['request_policy:all_shards', 'response_policy:agg_logical_and'],
    summary: 'Says which scripts are in the script cache.',
    run: ({ scripts }, args) => args.rest().map((sha) => (scripts.find(sha) ? 1 : 0)),
  }),
  command<ScriptNeeds<Client>>('SCRIPT|FLUSH [<ASYNC | SYNC>]', {
    ...scriptRow,
    complexity: 'O(N) with N being the number of scripts in cache',
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    history: [['6.2.0', 'Added the ASYNC and SYNC options.']],
    summary: 'Empties the script cache.',
    run: ({ scripts }, args) => flush(scripts, args),
  }),
  command<ScriptNeeds<Client>>('SCRIPT|KILL', {
    ...scriptRow,
    flags: ['noscript', 'allow_busy'],
    complexity: 'O(1)',
    tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
    summary: 'Ends the running script, if it has not written yet.',
    run({ scripts }) {
      scripts.runner.kill('SCRIPT');
      return ok;
    },
  }),
  command<ScriptNeeds<Client>>('SCRIPT|LOAD script', {
    ...scriptRow,
    flags: ['noscript', 'stale'],
    complexity: 'O(N) with N being the length in bytes of the script body.',
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    summary: 'Puts a script into the script cache without running it.',
    run: ({ scripts }, args) => scripts.load(args.string()).name,
  }),
];

function evaluate<Client>(ctx: ScriptNeeds<Client>, args: Args, readOnly: boolean): Reply | Wait {
  const { client, scripts, argv } = ctx;
  const body = args.string();
  const mode = scripts.debugModeOf(client);
  if (mode === undefined) return evaluateBody(ctx, args, { body, readOnly });
  ctx.propagateNothing();
  if (mode === 'fork') {
    scripts.debugInFork(client, argv);
    return null;
  }
  const session = scripts.debug(client, body);
  try {
    return evaluateBody(ctx, args, { body, readOnly, debugger: session });
  } catch (error) {
    session.end();
    throw error;
  }
}

interface Body {
  readonly body: string;
  readonly readOnly: boolean;
  readonly debugger?: Debugger;
}

function evaluateBody<Client>(
  ctx: ScriptNeeds<Client>,
  args: Args,
  { body, ...how }: Body,
): Reply | Wait {
  const keyCount = readKeyCount(args);
  return run(ctx, args, { script: ctx.scripts.load(body), keyCount, ...how });
}

function evaluateSha<Client>(
  ctx: ScriptNeeds<Client>,
  args: Args,
  readOnly: boolean,
): Reply | Wait {
  const sha = args.string();
  if (ctx.scripts.debugModeOf(ctx.client)) {
    throw redisError('ERR Please use EVAL instead of EVALSHA for debugging');
  }
  // What cannot be a SHA1 is refused before the other arguments are looked at.
  if (sha.length !== SHA_DIGITS) throw noScript();
  const keyCount = readKeyCount(args);
  const script = ctx.scripts.find(sha);
  if (!script) throw noScript();
  return run(ctx, args, { script, keyCount, readOnly });
}

interface Chosen {
  readonly script: CachedScript;
  readonly keyCount: number;
  readonly readOnly: boolean;
  readonly debugger?: Debugger;
}

function run<Client>(
  { client, argv, scripts, propagateNothing }: ScriptNeeds<Client>,
  args: Args,
  { keyCount, ...chosen }: Chosen,
): Reply | Wait {
  propagateNothing();
  const keys = args.take(keyCount);
  return scripts.run(client, { ...chosen, keys, args: args.rest(), argv });
}

const SHA_DIGITS = 40;
const noScript = () => redisError('NOSCRIPT No matching script. Please use EVAL.');

function readKeyCount(args: Args): number {
  const count = args.index();
  if (count > args.left) {
    throw redisError("ERR Number of keys can't be greater than number of args");
  }
  if (count < 0) throw redisError("ERR Number of keys can't be negative");
  return count;
}

function flush<Client>(scripts: Scripts<Client>, args: Args): Reply {
  const isPlain = args.done || args.oneOf('ASYNC', 'SYNC') !== undefined;
  if (!isPlain || !args.done) {
    throw redisError('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
  }
  scripts.flush();
  return ok;
}

const debugModes = { NO: undefined, YES: 'fork', SYNC: 'sync' } as const;

function debug<Client>({ client, scripts }: ScriptNeeds<Client>, args: Args): Reply {
  const mode = args.oneOf('NO', 'YES', 'SYNC');
  if (!mode) throw redisError('ERR Use SCRIPT DEBUG YES/SYNC/NO');
  scripts.setDebugMode(client, debugModes[mode]);
  return ok;
}
