/** What may stand where somebody is typing, for each kind of text. */
import type { EditorHelp, Suggestion, Suggestions } from './help.ts';
import type { EditorKind } from './kinds.ts';
import { ioredis, nodeRedis, redisPy, redisPyModule } from './methods.ts';

/** Where in a text: the line as far as the cursor, and the whole. */
export interface Place {
  readonly before: string;
  readonly text: string;
}

/** Undefined where there is nothing to say. */
export function suggestAt(
  kind: EditorKind,
  place: Place,
  help: EditorHelp,
): Suggestions | undefined {
  return suggesters[kind]?.(place, help);
}

type Suggester = (place: Place, help: EditorHelp) => Suggestions | undefined;

const suggesters: { readonly [K in EditorKind]?: Suggester } = {
  redis: ({ before }, help) => commandsAfter(/^(?:[\w-]*> ?)?\s*/, before, help),
  shell: ({ before }, help) => commandsAfter(redisCli, before, help),
  conf: ({ before }, help) => directiveOrValue(before, help.directives),
  'sentinel-conf': ({ before }) => wordsAt(before.trimStart(), before, sentinelDirectives),
  acl: ({ before }, help) => aclRule(before, help),
  python: pythonName,
  node: nodeName,
  lua: luaName,
};

/** `redis-cli -p 6380 `, as far as the options go. */
const redisCli = /^.*\bredis-cli(?:\s+-(?:[hpanu]\s+\S+|\S+))*\s+(?!-)/;

function commandsAfter(intro: RegExp, before: string, help: EditorHelp): Suggestions | undefined {
  const [skipped] = intro.exec(before) ?? [];
  if (skipped === undefined || /^[@#]/.test(before)) return undefined;
  const { start, all } = help.commands(before.slice(skipped.length));
  return { start: start + skipped.length, all };
}

function directiveOrValue(
  before: string,
  directives: EditorHelp['directives'],
): Suggestions | undefined {
  const [name = '', value, ...more] = before.trimStart().split(/\s+/);
  if (more.length > 0 || name.startsWith('#')) return undefined;
  if (value === undefined) {
    const all = [...directives].map(([text, value]) => ({
      text,
      syntax: `${text} ${value === '' ? '""' : value}`,
      meaning: 'The value is the one that a server begins with.',
    }));
    return startingWith(name, before, all);
  }
  const isSwitch = /^(yes|no)$/.test(directives.get(name.toLowerCase()) ?? '');
  return isSwitch ? wordsAt(value, before, ['yes', 'no']) : undefined;
}

function aclRule(before: string, { categories, commands }: EditorHelp): Suggestions | undefined {
  const [rule = ''] = /\S*$/.exec(before) ?? [];
  const [sign = ''] = /^[+-]/.exec(rule) ?? [];
  if (sign === '') return undefined;
  const named = commands(rule.slice(1)).all.map(({ text, ...rest }) => ({
    text: sign + text.toLowerCase(),
    ...rest,
  }));
  const grouped = categories.map((name) => ({ text: `${sign}@${name}`, meaning: 'A category.' }));
  return startingWith(rule, before, rule.includes('@') ? grouped : [...grouped, ...named]);
}

function pythonName({ before }: Place, help: EditorHelp): Suggestions | undefined {
  const [, owner, typed = ''] = /([\w)\]]+)\.(\w*)$/.exec(before) ?? [];
  if (owner === undefined) return undefined;
  if (owner === 'redis') return wordsAt(typed, before, redisPyModule);
  return startingWith(typed, before, methods(redisPy, help));
}

function nodeName({ before, text }: Place, help: EditorHelp): Suggestions | undefined {
  const [, owner, typed = ''] = /([\w)\]]+)\.(\w*)$/.exec(before) ?? [];
  if (owner === undefined || ['console', 'Math', 'JSON', 'process'].includes(owner)) {
    return undefined;
  }
  const isNodeRedis = /(from|require\()\s*['"]redis['"]/.test(text);
  return startingWith(typed, before, methods(isNodeRedis ? nodeRedis : ioredis, help));
}

function luaName({ before }: Place, help: EditorHelp): Suggestions | undefined {
  const [, opened, command] = /redis\.p?call\(\s*(['"])([^'"]*)$/.exec(before) ?? [];
  if (opened !== undefined && command !== undefined) {
    const { all } = help.commands(command);
    return startingWith(command, before, all);
  }
  const [, library = '', typed = ''] = /\b(\w+)\.(\w*)$/.exec(before) ?? [];
  const known = luaLibraries.get(library);
  return known && startingWith(typed, before, known);
}

/** What each method sends, where its name says so: hgetall, hGetAll and h_get_all are HGETALL. */
const methods = (names: readonly string[], help: EditorHelp): Suggestion[] =>
  names.map((text) => ({ ...help.command(text), text }));

const wordsAt = (typed: string, before: string, all: readonly string[]): Suggestions =>
  startingWith(
    typed,
    before,
    all.map((text) => ({ text })),
  );

function startingWith(typed: string, before: string, all: readonly Suggestion[]): Suggestions {
  const small = typed.toLowerCase();
  const fitting = all.filter(({ text }) => text.toLowerCase().startsWith(small));
  return { start: before.length - typed.length, all: fitting };
}

const sentinelDirectives = [
  ...['sentinel monitor', 'sentinel down-after-milliseconds', 'sentinel failover-timeout'],
  ...['sentinel parallel-syncs', 'sentinel auth-user', 'sentinel auth-pass'],
  ...['sentinel notification-script', 'sentinel client-reconfig-script'],
  ...['sentinel deny-scripts-reconfig', 'sentinel resolve-hostnames'],
  ...['sentinel announce-hostnames', 'sentinel announce-ip', 'sentinel announce-port'],
  ...['port', 'bind', 'dir', 'logfile', 'daemonize', 'protected-mode', 'requirepass'],
];

const bits = 'tobit tohex bnot band bor bxor lshift rshift arshift rol ror bswap'
  .split(' ')
  .map((text) => ({ text }));

const luaLibraries: ReadonlyMap<string, readonly Suggestion[]> = new Map([
  [
    'redis',
    [
      { text: 'call', syntax: 'redis.call(command, ...)', meaning: 'Runs it; an error ends all.' },
      { text: 'pcall', syntax: 'redis.pcall(command, ...)', meaning: 'An error is a table.' },
      { text: 'error_reply', syntax: 'redis.error_reply(text)', meaning: 'To be returned.' },
      { text: 'status_reply', syntax: 'redis.status_reply(text)', meaning: 'To be returned.' },
      { text: 'log', syntax: 'redis.log(level, text)', meaning: 'Into the log of the server.' },
      { text: 'sha1hex', syntax: 'redis.sha1hex(text)', meaning: 'Its SHA-1.' },
      { text: 'setresp', syntax: 'redis.setresp(2 or 3)', meaning: 'What replies come as.' },
      { text: 'breakpoint', syntax: 'redis.breakpoint()', meaning: 'For the debugger.' },
      { text: 'LOG_DEBUG' },
      { text: 'LOG_VERBOSE' },
      { text: 'LOG_NOTICE' },
      { text: 'LOG_WARNING' },
    ],
  ],
  ['cjson', [{ text: 'encode' }, { text: 'decode' }, { text: 'null' }]],
  ['cmsgpack', [{ text: 'pack' }, { text: 'unpack' }]],
  ['struct', [{ text: 'pack' }, { text: 'unpack' }, { text: 'size' }]],
  ['bit', bits],
]);
