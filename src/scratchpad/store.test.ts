import { expect, test } from 'vitest';
import { createPadsStore, padNames } from './store.ts';

function memory(first?: string) {
  let value = first ?? null;
  return {
    getItem: () => value,
    setItem(_: string, next: string) {
      value = next;
    },
  };
}

test('texts are kept from one visit to the next', () => {
  const storage = memory();
  const { getState } = createPadsStore(storage);
  getState().write('1', 'PING');
  getState().add('python');
  getState().write('2', 'import redis');
  const again = createPadsStore(storage).getState();
  expect(again.pads.map(({ kind, text }) => [kind, text])).toEqual([
    ['redis', 'PING'],
    ['python', 'import redis'],
  ]);
  expect(again.active).toBe('2');
});

test('a link gets a tab of its own, once', () => {
  const { getState } = createPadsStore(memory());
  getState().write('1', 'PING');
  getState().open('redis', 'GET a');
  getState().open('redis', 'GET a');
  expect(getState().pads).toMatchObject([{ text: 'PING' }, { text: 'GET a', isFromLink: true }]);
  getState().write('2', 'GET b');
  expect(getState().pads[1]?.isFromLink).toBe(false);
});

test('a closed tab comes back; the last one leaves an empty one behind', () => {
  const { getState } = createPadsStore(memory());
  getState().write('1', 'PING');
  const undo = getState().close('1');
  expect(getState().pads).toMatchObject([
    { kind: 'redis', text: expect.stringContaining('SET greeting') },
  ]);
  undo();
  expect(getState().pads).toMatchObject([{ text: 'PING' }]);
});

test('another kind brings its own beginning, but not over a text of the reader', () => {
  const { getState } = createPadsStore(memory());
  getState().become('1', 'acl');
  expect(getState().pads[0]?.text).toContain('user default');
  getState().write('1', 'mine');
  getState().become('1', 'lua');
  expect(getState().pads[0]).toMatchObject({ kind: 'lua', text: 'mine' });
});

test('tabs of one kind are numbered', () => {
  const { getState } = createPadsStore(undefined);
  getState().add();
  getState().add('lua');
  expect(padNames(getState().pads)).toEqual(['Redis commands', 'Redis commands 2', 'Lua script']);
});

test.each(['', '{', 'null', '{"pads":1}', '{"pads":[{"id":"x","kind":"cobol","text":1}]}'])(
  'what cannot be read is as nothing: %j',
  (kept) => {
    expect(createPadsStore(memory(kept)).getState().pads).toHaveLength(1);
  },
);

test('a browser that keeps nothing is told of', () => {
  const full = {
    getItem: () => null,
    setItem() {
      throw new Error('QuotaExceededError');
    },
  };
  const { getState } = createPadsStore(full);
  getState().write('1', 'x');
  expect(getState().isUnkept).toBe(true);
  expect(getState().pads[0]?.text).toBe('x');
});
