import { expect, test } from 'vitest';
import { askForHelp } from '../console/editor-help.ts';
import { startInProcessWorld } from '../hosts/in-process.ts';
import type { EditorKind } from './kinds.ts';
import { suggestAt } from './suggest.ts';

const help = askForHelp(startInProcessWorld);

/** What is suggested, and the line with the first of it taken. */
async function at(kind: EditorKind, before: string, text = before) {
  const found = suggestAt(kind, { before, text }, await help);
  const [first] = found?.all ?? [];
  const taken = first && before.slice(0, found?.start) + first.text;
  return { first, taken, texts: found?.all.map(({ text }) => text) };
}

test.each([
  ['redis', 'CONFIG G', 'CONFIG GET'],
  ['redis', 'rival> hgeta', 'rival> hgetall'],
  ['redis', 'SET k v KEEP', 'SET k v KEEPTTL'],
  ['shell', 'redis-cli -p 6380 --raw hgeta', 'redis-cli -p 6380 --raw hgetall'],
  ['conf', 'maxmemory-p', 'maxmemory-policy'],
  ['conf', 'appendonly y', 'appendonly yes'],
  ['sentinel-conf', 'sentinel mon', 'sentinel monitor'],
  ['acl', 'user ada on +@rea', 'user ada on +@read'],
  ['acl', 'user ada on -hgeta', 'user ada on -hgetall'],
  ['python', 'x = r.hgeta', 'x = r.hgetall'],
  ['python', 'r = redis.Connection', 'r = redis.ConnectionError'],
  ['node', 'await redis.hgeta', 'await redis.hgetall'],
  ['lua', "redis.call('HGETA", "redis.call('HGETALL"],
  ['lua', 'return cjson.enc', 'return cjson.encode'],
] as const)('%s: %s becomes %s', async (kind, before, taken) => {
  expect((await at(kind, before)).taken).toBe(taken);
});

test('node-redis is known by its import, and a method by the command that it sends', async () => {
  const { first } = await at('node', 'client.hGetA', "import { createClient } from 'redis';");
  expect(first).toMatchObject({ text: 'hGetAll', syntax: 'HGETALL key' });
});

test('where nothing is known nothing is suggested', async () => {
  for (const [kind, before] of [
    ['shell', 'echo hget'],
    ['conf', '# maxm'],
    ['python', 'hget'],
    ['node', 'console.lo'],
    ['text', 'GE'],
  ] as const) {
    expect((await at(kind, before)).texts ?? []).toEqual([]);
  }
});

test.each([
  ['lua', 'local a = 1\nreturn a'],
  ['node', 'import Redis from "ioredis";\nconst a: number = 1;\nawait new Redis().get("a");'],
  ['conf', '# mine\nport 6380\nsave 60 1\nsave 300 10\nuser ada on\ncluster-enabled yes'],
  ['conf', 'client-output-buffer-limit normal 0 0 0\nreplicaof 10.0.0.1 6379\ndir /nowhere'],
  ['yaml', 'a: 1\n---\nb: [2]'],
  ['prometheus-conf', ''],
  ['text', '('],
] as const)('%s that can be read has no mark: %j', async (kind, text) => {
  expect(await (await help).check(kind, text)).toEqual([]);
});

test.each([
  ['lua', 'local a = 1\nif a the', 2, "'then' expected near 'the'"],
  ['node', 'const a = 1;\nconst b = ;', 2, 'Unexpected token'],
  ['node', 'let a;\nlet a;', 2, "Identifier 'a' has already been declared"],
  ['conf', 'port 6379\nmaxmemory-polici lru', 2, 'Unknown option'],
  ['conf', 'appendonly perhaps', 1, "argument must be 'yes' or 'no'"],
  ['conf', 'requirepass "open', 1, 'Unbalanced quotes'],
  ['yaml', 'a: 1\nb: [2', 2, 'Flow sequence'],
] as const)('%s is marked where it cannot be read: %j', async (kind, text, line, message) => {
  const [mark] = await (await help).check(kind, text);
  expect(mark).toEqual({ line, message: expect.stringContaining(message) });
});
