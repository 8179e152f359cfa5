/**
 * Gives a running server the directives of a redis.conf by CONFIG SET, one after the other, as
 * somebody would who cannot restart it. https://redis.io/docs/latest/commands/config-set/
 */
import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { RedisError } from '../engine/errors.ts';
import { MapReply, type Reply } from '../engine/resp/reply.ts';
import { splitArgs } from '../engine/resp/split.ts';

export interface Applied {
  /** From 1. */
  readonly line: number;
  readonly directive: string;
  /** restart: only a server that starts with it takes it. same: it was so already. */
  readonly outcome: 'set' | 'same' | 'restart' | 'refused';
  /** Why it was refused. */
  readonly message?: string;
}

type Send = (argv: readonly string[]) => Promise<Reply>;

/** `send` leads to the server, in RESP3. */
export async function applyConf(text: string, send: Send): Promise<readonly Applied[]> {
  const applied: Applied[] = [];
  for (const { line, words } of directivesIn(text)) {
    const [name = '', ...values] = words ?? [];
    const outcome = words
      ? await applyOne(name, values.join(' '), send)
      : { outcome: 'refused' as const, message: 'Unbalanced quotes in configuration line' };
    applied.push({ line, directive: utf8Decode(name), ...outcome });
  }
  return applied;
}

interface Row {
  readonly line: number;
  /** Undefined where quotes are odd. */
  readonly words: readonly string[] | undefined;
}

/** Several lines of `save` are one value. */
function directivesIn(text: string): readonly Row[] {
  const rows = text.split('\n').flatMap((row, at): Row[] => {
    if (/^\s*(#|$)/.test(row)) return [];
    const [name = '', ...values] = splitArgs(utf8Encode(row.trim())) ?? [];
    return [{ line: at + 1, words: name === '' ? undefined : [name.toLowerCase(), ...values] }];
  });
  const saves = rows.filter(({ words }) => words?.[0] === 'save');
  const all = saves.flatMap(({ words }) => words?.slice(1) ?? []);
  return rows.flatMap((row) => {
    if (!saves.includes(row)) return [row];
    return row === saves[0] ? [{ ...row, words: ['save', ...all] }] : [];
  });
}

async function applyOne(
  name: string,
  value: string,
  send: Send,
): Promise<Pick<Applied, 'outcome' | 'message'>> {
  const before = await settingOf(name, send);
  const reply = await send(['CONFIG', 'SET', name, value]);
  if (!(reply instanceof RedisError)) {
    return { outcome: (await settingOf(name, send)) === before ? 'same' : 'set' };
  }
  const said = utf8Decode(reply.message);
  if (/immutable/.test(said)) return { outcome: before === value ? 'same' : 'restart' };
  // A file may hold more than the server has parameters for: users, modules, other files.
  if (/^(include|user|loadmodule|rename-command)$/.test(name)) return { outcome: 'restart' };
  return { outcome: 'refused', message: said.replace(/^ERR /, '').replace(/^.*?\) - /, '') };
}

async function settingOf(name: string, send: Send): Promise<string | undefined> {
  const reply = await send(['CONFIG', 'GET', name]);
  const [entry] = reply instanceof MapReply ? reply.entries : [];
  return entry && String(entry[1]);
}
