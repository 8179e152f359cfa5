import { describe, expect, test } from 'vitest';
import type { Client } from '../../wire/client.ts';
import { readDirectory, readRoles, rulesFor } from './directory.ts';
import { moveSlots, slotsToGive } from './slot-mover.ts';
import { type Store, Tiers } from './tiers.ts';
import { seal, unseal } from './vault.ts';

describe('a closed file', () => {
  test('shows nothing of what is in it, and gives it back for the key', async () => {
    const bytes = `REDIS0011 secret \xff\x00 ${'a'.repeat(100)}`;
    const closed = await seal(bytes, 'word');
    expect(closed).not.toContain('secret');
    expect(closed).not.toContain('aaaa');
    expect(await seal(bytes, 'word')).not.toBe(closed);
    expect(await unseal(closed, 'word')).toBe(bytes);
  });

  test('is refused with another key, and when a byte has changed', async () => {
    const closed = await seal('abc', 'word');
    await expect(unseal(closed, 'other')).rejects.toThrow();
    const last = String.fromCharCode(closed.charCodeAt(closed.length - 1) ^ 1);
    await expect(unseal(closed.slice(0, -1) + last, 'word')).rejects.toThrow();
    await expect(unseal('abc', 'word')).rejects.toThrow('not a closed file');
  });
});

test('a user has the rules of all groups that are roles, and without one cannot log in', () => {
  const people = ['ada', 'grace', 'edsger'].map(
    (uid) => `dn: uid=${uid},ou=people,dc=example\nuserPassword: ${uid}-pass\n`,
  );
  const groups = [
    'dn: cn=readers,ou=groups\nmember: uid=ada,ou=people,dc=example\nmember: uid=grace,ou=people',
    'dn: cn=admins,ou=groups\nmember: uid=grace,ou=people',
  ];
  const entries = readDirectory([...people, ...groups].join('\n\n'));
  const roles = readRoles('# what groups may\nreaders: ~app:* +@read\nadmins: +config|get\n');
  const rules = (user: string) => rulesFor(user, entries, roles).join(' ');
  expect(rules('ada')).toBe('reset on >ada-pass ~app:* +@read');
  expect(rules('grace')).toBe('reset on >grace-pass ~app:* +@read +config|get');
  expect(rules('edsger')).toBe('reset off');
  expect(rules('constructor')).toBe('reset off');
});

const memory = (): Store & { readonly held: Map<string, string> } => {
  const held = new Map<string, string>();
  return {
    held,
    get: async (key) => held.get(key),
    set: async (key, value) => void held.set(key, value),
    del: async (key) => void held.delete(key),
  };
};

test('what was used last is in RAM, the rest in the slower tier, and nothing in both', async () => {
  const stores = { ram: memory(), flash: memory() };
  const tiers = new Tiers(stores, 2);
  for (const key of ['a', 'b', 'c']) await tiers.set(key, `${key}!`);
  expect([...stores.ram.held.keys(), ...stores.flash.held.keys()]).toEqual(['b', 'c', 'a']);
  expect(await tiers.get('a')).toEqual({ value: 'a!', tier: 'flash' });
  expect(await tiers.get('c')).toEqual({ value: 'c!', tier: 'ram' });
  expect([...stores.ram.held.keys()].sort()).toEqual(['a', 'c']);
  expect([...stores.flash.held.keys()]).toEqual(['b']);
  await tiers.resize(1);
  expect([...stores.ram.held.keys()]).toEqual(['c']);
  expect(await tiers.get('nosuch')).toBeUndefined();
  expect({ ...tiers.hits, up: tiers.promoted, down: tiers.demoted }).toEqual({
    ...{ ram: 1, flash: 1, up: 1, down: 3 },
  });
});

test('all keys of a slot are moved before it changes hands, however many', async () => {
  const keys = new Set(Array.from({ length: 2500 }, (_, n) => `key:${n}`));
  const heard: string[] = [];
  const client = {
    async pipeline(commands: readonly (readonly string[])[]) {
      return commands.map(([name, ...words]) => {
        const what =
          name === 'CLUSTER' ? words.slice(0, 3).join(' ') : `${name}, ${keys.size} left`;
        heard.push(what);
        if (words[0] === 'GETKEYSINSLOT') return [...keys].slice(0, Number(words[2]));
        if (name === 'MIGRATE') for (const key of words.slice(6)) keys.delete(key);
        return 'OK';
      });
    },
  } as unknown as Client;
  const shard = (id: string) => ({ client, id, host: '10.0.0.1', port: 6379 });
  await moveSlots(shard('a'), shard('b'), [7]);
  const list = 'GETKEYSINSLOT 7 1000';
  expect(heard).toEqual([
    ...['SETSLOT 7 IMPORTING', 'SETSLOT 7 MIGRATING'],
    ...[list, 'MIGRATE, 2500 left', list, 'MIGRATE, 1500 left', list, 'MIGRATE, 500 left', list],
    ...['SETSLOT 7 NODE', 'SETSLOT 7 NODE'],
  ]);
});

test('each shard gives as much as leaves all alike', () => {
  const range = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);
  const given = slotsToGive([range(0, 8), range(8, 8), range(16, 4)]);
  expect(given.map((slots) => slots.length)).toEqual([3, 3, 0]);
});
