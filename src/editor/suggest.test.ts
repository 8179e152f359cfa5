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

test('a script is read by the server', async () => {
  const { checkLua } = await help;
  expect(await checkLua('local a = 1\nreturn a')).toEqual([]);
  expect(await checkLua('local a = 1\nif a the')).toEqual([
    { line: 2, message: expect.stringContaining("'then' expected near 'the'") },
  ]);
});
