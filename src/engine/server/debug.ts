import { parseInteger, readFloat } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { referencesTo } from '../commands/object.ts';
import { cString, noSuchKey, notSimulated, redisError } from '../errors.ts';
import { digestOf, valueDigest } from '../keyspace/digest.ts';
import { writePayload } from '../persistence/payload.ts';
import { noReply, ok, type Reply, Status } from '../resp/reply.ts';
import { StringValue } from '../values/string.ts';
import { rewriteConfig } from './config-commands.ts';
import { readMemory } from './config-kinds.ts';
import type { CallContext } from './context.ts';
import { databaseTables, evictionPools, stringSizes, valueTable } from './debug-memory.ts';
import { protocolSample } from './debug-protocol.ts';
import { loadAof, reload } from './debug-reload.ts';
import type { Server } from './server.ts';
import { REDIS_VERSION } from './version.ts';

/** What tests and developers do to a server. https://redis.io/docs/latest/commands/debug/ */
type Needs = CallContext<Server>;

interface Subcommand {
  /** How many arguments it takes, at least and at most. */
  readonly takes: readonly [min: number, max: number];
  /** Its arguments and what it does, for DEBUG HELP. */
  readonly help: readonly [args: string, does: string];
  run(ctx: Needs, args: Args): Reply;
}

export const debugCommands = [
  command<Needs>('DEBUG', {
    summary: 'A container for debugging commands.',
    since: '1.0.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
    flags: ['admin', 'loading', 'noscript', 'stale', 'protected'],
    isInternal: true,
    override: { arity: -2 },
    run: debug,
  }),
];

function debug(ctx: Needs, args: Args): Reply {
  const word = args.string();
  const name = word.toUpperCase();
  if (name === 'HELP') return help();
  const subcommand = subcommands[name];
  const [min, max] = subcommand?.takes ?? [0, -1];
  if (!subcommand || args.left < min || args.left > max) throw wrongSubcommand(word);
  return subcommand.run(ctx, args);
}

const wrongSubcommand = (word: string) =>
  redisError(`ERR unknown subcommand or wrong number of arguments for '${word}'. Try DEBUG HELP.`);

function help(): Reply {
  const lines = Object.entries(subcommands).flatMap(
    ([
      name,
      {
        help: [args, does],
      },
    ]) => [`${name} ${args}`.trimEnd(), `    ${does}`],
  );
  const title = 'DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:';
  return [title, ...lines, 'HELP', '    Prints this help.'].map((line) => new Status(line));
}

/** A subcommand that is accepted because what it changes cannot be seen here. */
const unseen = (count: number, args: string, does: string): Subcommand => ({
  takes: [count, count],
  help: [args, does],
  run: () => ok,
});

const SIGABRT = 6;
const SIGSEGV = 11;

/** `words` are what the log of redis-server says of it, its addresses aside. */
const crash = (does: string, words: readonly string[], signal = SIGABRT): Subcommand => ({
  takes: [0, 0],
  help: ['', does],
  run({ server }) {
    for (const line of words) server.log('warning', line);
    server.settings.crashSignal = signal;
    server.shutDown();
    return noReply;
  },
});

const subcommands: Readonly<Record<string, Subcommand>> = {
  'AOF-FLUSH-SLEEP': unseen(1, '<microseconds>', 'Waits before the append-only file is written.'),
  ASSERT: crash('Ends the process as a failed assertion would.', [
    '=== ASSERTION FAILED ===',
    "==> debug.c:530 '1 == 2' is not true",
  ]),
  'CHANGE-REPL-ID': {
    takes: [0, 0],
    help: ['', 'Gives the history of writes another name.'],
    run({ server }) {
      server.replication.history.rename();
      return ok;
    },
  },
  'CLIENT-EVICTION': {
    takes: [0, 0],
    help: ['', 'Shows clients by the memory that they use.'],
    run: evictionPools,
  },
  CLUSTERLINK: {
    takes: [3, 3],
    help: ['KILL <to|from|all> <node-id>', 'Cuts the links to a node of the cluster.'],
    run({ server: { cluster } }, args) {
      if (!args.token('KILL')) throw wrongSubcommand(args.argv[1] as string);
      if (!cluster) {
        throw redisError('ERR Debug option only available for cluster mode enabled setup!');
      }
      const [, node = ''] = args.rest();
      if (!cluster.state.nodes.has(node)) throw redisError(`ERR Unknown node ${cString(node)}`);
      throw notSimulated('cutting links of the cluster bus', 'cut those to this node');
    },
  },
  'CONFIG-REWRITE-FORCE-ALL': {
    takes: [0, 0],
    help: ['', 'Like CONFIG REWRITE, but also writes what is as it would be anyway.'],
    run: ({ server }) => {
      // Redis says so of a server without a file.
      const failed = redisError('ERR CONFIG-REWRITE-FORCE-ALL failed: Bad address');
      if (server.configFile === undefined) throw failed;
      return rewriteConfig(server, true);
    },
  },
  DIGEST: {
    takes: [0, 0],
    help: ['', 'Returns a signature of all data.'],
    run: ({ server }) => new Status(digestOf(server.databases)),
  },
  'DIGEST-VALUE': {
    takes: [0, Infinity],
    help: ['[<key> ...]', 'Returns a signature of the value of each key.'],
    run: ({ db }, args) => args.rest().map((key) => new Status(valueDigest(db, key))),
  },
  'DICT-RESIZING': {
    takes: [1, 1],
    help: ['<0|1>', 'Lets hash tables shrink, or not.'],
    run({ server }, args) {
      server.hashTables.isAllowed = readSwitch(args);
      return ok;
    },
  },
  'DROP-CLUSTER-PACKET-FILTER': {
    takes: [1, 1],
    help: ['<type>', 'Loses messages of the cluster bus; of none when it is negative.'],
    run({ server }, args) {
      const type = args.int();
      if (!server.cluster || type < 0n) return ok;
      throw notSimulated('losing messages of the cluster bus', 'lose those of this type');
    },
  },
  ERROR: {
    takes: [1, 1],
    help: ['<message>', 'Answers an error.'],
    run(_, args) {
      throw redisError(args.string().replace(/[\r\n]/g, ' '));
    },
  },
  HTSTATS: {
    takes: [1, Infinity],
    help: ['<dbid> [full]', 'Returns how large the hash tables of a database are.'],
    run: databaseTables,
  },
  'HTSTATS-KEY': {
    takes: [1, Infinity],
    help: ['<key> [full]', 'The same for the value of a key.'],
    run: valueTable,
  },
  LEAK: unseen(1, '<string>', 'Takes memory and forgets it.'),
  LISTPACK: {
    takes: [1, 1],
    help: ['<key>', "Prints a listpack to the server's terminal."],
    run(ctx, args) {
      if (inspect(ctx, args.string()).encoding === 'listpack') {
        return new Status('Listpack structure printed on stdout');
      }
      throw redisError('ERR Not a listpack encoded object.');
    },
  },
  LOADAOF: { takes: [0, Infinity], help: ['', 'Loads the append-only file.'], run: loadAof },
  LOG: {
    takes: [1, 1],
    help: ['<message>', "Writes to the server's log."],
    run({ server }, args) {
      server.log('warning', `DEBUG LOG: ${cString(args.string())}`);
      return ok;
    },
  },
  OOM: crash('Ends the process as a lack of memory would.', [
    'Out Of Memory allocating 9223372036854775807 bytes!',
    'Guru Meditation: Redis aborting for OUT OF MEMORY. Allocating 9223372036854775807 bytes!',
  ]),
  OBJECT: {
    takes: [1, 1],
    help: ['<key>', 'Returns how a value is kept.'],
    run: (ctx, args) => describe(ctx, args.string()),
  },
  PANIC: crash('Ends the process as a panic would.', [
    '------------------------------------------------',
    '!!! Software Failure. Press left mouse button to continue',
    'Guru Meditation: DEBUG PANIC called #debug.c:510',
  ]),
  'PAUSE-CRON': {
    takes: [1, 1],
    help: ['<0|1>', 'Stops the work that the server does by itself, or lets it go on.'],
    run({ server }, args) {
      server.settings.pausesCron = readSwitch(args);
      return ok;
    },
  },
  POPULATE: {
    takes: [1, 3],
    help: ['<count> [<prefix>] [<size>]', 'Creates keys that do not exist yet.'],
    run: populate,
  },
  PROTOCOL: {
    takes: [1, 1],
    help: ['<type>', 'Answers with a reply of that type.'],
    run: (ctx, args) => protocolSample(args.string(), ctx.protocol),
  },
  QUICKLIST: {
    takes: [1, 2],
    help: ['<key> [<0|1>]', "Prints a list's nodes to the server's terminal."],
    run(ctx, args) {
      if (inspect(ctx, args.string()).encoding === 'quicklist') {
        return new Status('Quicklist structure printed on stdout');
      }
      throw redisError('ERR Not a quicklist encoded object.');
    },
  },
  'QUICKLIST-PACKED-THRESHOLD': {
    takes: [1, 1],
    help: ['<size>', 'Sets from which size on an element has a list node of its own.'],
    run: packedThreshold,
  },
  RELOAD: {
    takes: [0, Infinity],
    help: ['[MERGE] [NOFLUSH] [NOSAVE]', 'Saves all data and loads it again.'],
    run: reload,
  },
  REPLICATE: {
    takes: [1, Infinity],
    help: ['<argument> ...', 'Sends something to replicas only.'],
    run: () => ok,
  },
  REPLYBUFFER: {
    takes: [2, 2],
    help: ['<PEAK-RESET-TIME|RESIZING> <value>', "How clients' buffers shrink."],
    run(_, args) {
      const word = args.argv[1] as string;
      const option = args.oneOf('PEAK-RESET-TIME', 'RESIZING');
      if (!option) throw wrongSubcommand(word);
      if (option === 'PEAK-RESET-TIME' && !args.oneOf('NEVER', 'RESET')) args.int();
      return ok;
    },
  },
  SDSLEN: {
    takes: [1, 1],
    help: ['<key>', 'Returns how much memory the strings of a key and its value take.'],
    run: stringSizes,
  },
  SEGFAULT: crash(
    'Ends the process as an invalid memory access would.',
    [`Redis ${REDIS_VERSION} crashed by signal: 11, si_code: 2`],
    SIGSEGV,
  ),
  'SET-ACTIVE-EXPIRE': {
    takes: [1, 1],
    help: ['<0|1>', 'Deletes expired keys in the background, or only when they are looked at.'],
    run({ server }, args) {
      server.settings.activeExpire = readSwitch(args);
      return ok;
    },
  },
  'SET-DISABLE-DENY-SCRIPTS': {
    takes: [1, 1],
    help: ['<0|1>', 'Lets scripts run commands that they may not.'],
    run({ server }, args) {
      server.settings.allowsAllInScripts = readSwitch(args);
      return ok;
    },
  },
  'SET-SKIP-CHECKSUM-VALIDATION': {
    takes: [1, 1],
    help: ['<0|1>', 'Lets files and payloads in whose checksum is wrong.'],
    run({ server }, args) {
      server.settings.skipsChecksums = readSwitch(args);
      return ok;
    },
  },
  SLEEP: {
    takes: [1, 1],
    help: ['<seconds>', 'Does nothing for so long, for nobody.'],
    run({ server }, args) {
      const literal = readFloat(args.string());
      const ms =
        literal?.kind === 'decimal' ? Number(`${literal.digits}e${literal.exponent}`) * 1000 : 0;
      if (ms > 0 && !literal?.negative) server.halts.sleep(ms);
      return ok;
    },
  },
  'STRINGMATCH-TEST': {
    takes: [0, 0],
    help: ['', 'Tries patterns until something breaks.'],
    run: () => new Status('Apparently Redis did not crash: test passed'),
  },
  STRUCTSIZE: {
    takes: [0, 0],
    help: ['', 'Returns the sizes of some structures of Redis.'],
    run: () =>
      'bits:64 robj:16 dictentry:24 sdshdr5:1 sdshdr8:3 sdshdr16:5 sdshdr32:9 sdshdr64:17 ',
  },
};

/** What atoi() makes of a switch. */
const readSwitch = (args: Args): boolean => !/^\s*[+-]?0*(\D|$)/.test(args.string());

function inspect({ db }: Needs, key: string) {
  const value = db.stored(key);
  if (!value) throw noSuchKey();
  return value;
}

/** The address of the value is the only thing that is made up: nothing has one here. */
function describe(ctx: Needs, key: string): Reply {
  const value = inspect(ctx, key);
  const idle = Math.floor((ctx.now - value.lastUsed) / 1000);
  const fields = [
    `Value at:0x0 refcount:${referencesTo(value)}`,
    `encoding:${value.encoding}`,
    `serializedlength:${writePayload(value, true).length - PAYLOAD_FRAME_BYTES}`,
    `lru:${Math.floor(value.lastUsed / 1000) % LRU_CYCLE} lru_seconds_idle:${idle}`,
  ];
  if (value.type === 'list' && value.encoding === 'quicklist') {
    const nodes = [...value.nodes()];
    const bytes = nodes.reduce((sum, node) => sum + node.bytes, 0);
    const compressed = ctx.server.config.text('list-compress-depth') === '0' ? 0 : 1;
    fields.push(
      `ql_nodes:${nodes.length} ql_avg_node:${(value.size / nodes.length).toFixed(2)}`,
      `ql_listpack_max:${ctx.limits.listMaxListpackSize} ql_compressed:${compressed} ql_uncompressed_size:${bytes}`,
    );
  }
  return new Status(fields.join(' '));
}

/** The type before the value; version and checksum behind it. */
const PAYLOAD_FRAME_BYTES = 11;
/** The clock of LRU has 24 bits. */
const LRU_CYCLE = 2 ** 24;

function populate({ db }: Needs, args: Args): Reply {
  const readCount = (text: string) => {
    const count = parseInteger(text);
    if (count === undefined || count < 0n)
      throw redisError('ERR value is out of range, must be positive');
    return Number(count);
  };
  const count = readCount(args.string());
  const prefix = args.done ? 'key' : args.string();
  const size = args.done ? 0 : readCount(args.string());
  for (let i = 0; i < count; i++) {
    const key = `${prefix}:${i}`;
    if (db.has(key)) continue;
    const text = `value:${i}`;
    db.set(key, new StringValue(size === 0 ? text : text.slice(0, size).padEnd(size, '\0')));
    db.changed('set', key);
  }
  return ok;
}

/** How a list is cut into nodes is not seen from outside, but the argument is checked. */
function packedThreshold(_: Needs, args: Args): Reply {
  const bytes = readMemory(args.string());
  if (bytes !== undefined && bytes < 2n ** 32n) return ok;
  throw redisError('ERR argument must be a memory value bigger than 1 and smaller than 4gb');
}
