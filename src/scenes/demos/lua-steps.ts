/**
 * Steps through a Lua script without a debugger: the script is rewritten so that each redis.call() and
 * redis.pcall() notes its line, its arguments, its reply and the local variables that it can see. The
 * rewritten script keeps its lines, and runs on any Redis.
 */
import { utf8Decode } from '../../engine/bytes/bytes.ts';
import { printReply } from '../../engine/resp/print.ts';
import type { Reply } from '../../engine/resp/reply.ts';
import { Scopes } from './lua-scopes.ts';
import { tokensOf } from './lua-tokens.ts';

export interface LuaStep {
  readonly line: number;
  readonly argv: readonly string[];
  /** As redis-cli prints it. */
  readonly reply: string;
  /** As Lua writes them: strings in quotes. */
  readonly locals: readonly { readonly name: string; readonly value: string }[];
}

export interface LuaTrace {
  readonly steps: readonly LuaStep[];
  /** What the script returned; undefined when it failed. */
  readonly reply: string | undefined;
  readonly error: string | undefined;
}

/** The script that notes what it does. It answers what `readTrace` reads. */
export function traced(script: string): string {
  const shebang = /^#!.*\n/.exec(script)?.[0] ?? '';
  const body = instrument(script.slice(shebang.length), shebang === '' ? 0 : 1);
  return `${shebang}${PRELUDE} ${body}\n${END}`;
}

/** Calls are given their line and what they can see, before their own arguments. */
function instrument(body: string, linesBefore: number): string {
  const tokens = tokensOf(body);
  const scopes = new Scopes();
  let out = '';
  let copied = 0;
  tokens.forEach((token, index) => {
    scopes.pass(tokens, index);
    const [dot, name, paren] = [1, 2, 3].map((ahead) => tokens[index + ahead]);
    const isCall = name?.text === 'call' || name?.text === 'pcall';
    if (token.text !== 'redis' || dot?.text !== '.' || !isCall || paren?.text !== '(') return;
    const seen = scopes.visible;
    const values = seen.map((each) => `${SHOW}(${each})`).join(',');
    const line = token.line + linesBefore;
    out += body.slice(copied, token.at);
    out += `${NOTE}(${line},'${name.text}','${seen.join(' ')}',{${values}},`;
    copied = paren.at + 1;
    // Without arguments there must be no comma.
    if (tokens[index + 4]?.text === ')') out += 'nil';
  });
  return out + body.slice(copied);
}

const NOTE = '__note';
const SHOW = '__show';

/** One line, so that the script's own lines stay what they are. */
const PRELUDE = [
  'local __steps = {}',
  `local function ${SHOW}(v)`,
  "if type(v) == 'string' then return string.format('%q', v) end",
  "if type(v) ~= 'table' then return tostring(v) end",
  'local ok, json = pcall(cjson.encode, v) return ok and json or tostring(v) end',
  `local function ${NOTE}(line, how, names, seen, ...)`,
  'local argv = {...} for i = 1, #argv do argv[i] = tostring(argv[i]) end',
  'local ok, reply = pcall(redis[how], ...)',
  'local noted = reply if reply == nil then noted = false end',
  "if not ok and type(reply) ~= 'table' then noted = {err = tostring(reply)} end",
  '__steps[#__steps + 1] = {line, argv, names, seen, noted}',
  'if not ok then error(reply, 0) end return reply end',
  'local function __script()',
].join(' ');

const END = [
  'end',
  'local ok, reply = pcall(__script)',
  'if ok then if reply == nil then reply = false end return {__steps, 1, reply} end',
  "return {__steps, 0, type(reply) == 'table' and reply.err or tostring(reply)}",
].join('\n');

/** What a traced script has answered. Undefined when it did not get so far: it does not compile. */
export function readTrace(answer: Reply): LuaTrace | undefined {
  if (!Array.isArray(answer)) return undefined;
  const [steps, ok, reply] = answer as readonly Reply[];
  if (!Array.isArray(steps)) return undefined;
  const text = printed(reply ?? null);
  return {
    steps: (steps as readonly Reply[]).map(readStep),
    reply: ok === 1 ? text : undefined,
    error: ok === 1 ? undefined : wordOf(reply ?? null),
  };
}

function readStep(step: Reply): LuaStep {
  const [line, argv, names, seen, reply] = listOf(step);
  const values = listOf(seen ?? null).map(wordOf);
  const all = wordOf(names ?? null)
    .split(' ')
    .filter((name) => name !== '');
  return {
    line: Number(line),
    argv: listOf(argv ?? null).map(wordOf),
    reply: printed(reply ?? null),
    locals: all.map((name, index) => ({ name, value: values[index] ?? 'nil' })),
  };
}

const listOf = (reply: Reply): readonly Reply[] =>
  Array.isArray(reply) ? (reply as readonly Reply[]) : [];
const wordOf = (reply: Reply): string =>
  typeof reply === 'string' ? utf8Decode(reply) : printed(reply);
const printed = (reply: Reply): string => utf8Decode(printReply(reply));
