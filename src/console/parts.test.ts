import { describe, expect, test } from 'vitest';
import { adviceOn } from './advice.ts';
import { type Draft, type Edit, edits, insert, insertPair, replaceWord } from './edit.ts';
import { isSensitive } from './history.ts';
import { piecesOf } from './inspectable.ts';
import { interpret } from './interpret.ts';
import { append, entryOf, fold } from './scrollback.ts';

/** A line with its cursor shown as a bar. */
const draft = (text: string): Draft => ({ text: text.replace('|', ''), cursor: text.indexOf('|') });
const shown = ({ text, cursor }: Draft) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

describe('keys that edit', () => {
  test.each<[Edit, string, string]>([
    ['start', 'SET a|b', '|SET ab'],
    ['end', 'SE|T', 'SET|'],
    ['left', '|SET', '|SET'],
    ['right', 'SET|', 'SET|'],
    ['killToEnd', 'SET a| b', 'SET a|'],
    ['killLine', 'SET a| b', '|'],
    ['killWord', 'SET key  | b', 'SET | b'],
    ['killWord', '|SET', '|SET'],
  ])('%s: %s becomes %s', (edit, before, after) => {
    expect(shown(edits[edit](draft(before)))).toBe(after);
  });

  test('a pair is put around the cursor, a word in the place of another', () => {
    expect(shown(insert(draft('a|c'), 'b'))).toBe('ab|c');
    expect(shown(insertPair(draft('SET |'), '""'))).toBe('SET "|"');
    expect(shown(replaceWord(draft('GET us| x'), 4, 'user:1'))).toBe('GET user:1| x');
  });
});

describe('what the page adds to an unknown command', () => {
  const docs = new Map(
    ['GET', 'SET', 'SETEX', 'ZADD', 'SADD'].map((name) => [
      name,
      { name, summary: '', since: '', group: '', args: [] },
    ]),
  );
  const advice = (word: string) =>
    adviceOn(`(error) ERR unknown command '${word}', with args beginning with: 'a' `, docs);

  test.each([
    ['gte', 'Did you mean GET?'],
    ['SETT', 'Did you mean SET?'],
    ['SEX', 'Did you mean SET?'],
    ['ADD', 'Did you mean ZADD or SADD?'],
    ['constructor', undefined],
    ['', undefined],
  ])('%s: %s', (word, expected) => expect(advice(word)).toBe(expected));

  test('a program is no command', () => {
    expect(advice('redis-cli')).toContain('in a shell');
  });

  test('nothing is added to other replies', () => {
    expect(adviceOn('(error) WRONGTYPE Operation against a key', docs)).toBeUndefined();
    expect(adviceOn('"unknown command"', undefined)).toBeUndefined();
  });
});

describe('what a line means', () => {
  test.each([
    ['', { do: 'nothing' }],
    ['  ', { do: 'nothing' }],
    ['SET a "b', { do: 'say', text: 'Invalid argument(s)' }],
    ['3 INCR n', { do: 'send', argv: ['INCR', 'n'], times: 3 }],
    ['0 PING', { do: 'say', text: 'Invalid redis-cli repeat command option value.' }],
    ['-2 PING', { do: 'say', text: 'Invalid redis-cli repeat command option value.' }],
    ['5', { do: 'send', argv: ['5'], times: 1 }],
    ['EXIT', { do: 'quit' }],
    ['quit now', { do: 'quit' }],
    ['clear', { do: 'clear' }],
    ['clear x', { do: 'send', argv: ['clear', 'x'], times: 1 }],
    ['? set', { do: 'help', topic: ['set'] }],
    ['connect localhost 7777', { do: 'connect', address: 'localhost:7777' }],
    ['connect localhost', { do: 'send', argv: ['connect', 'localhost'], times: 1 }],
    [':set nohints', { do: 'hints', on: false }],
    [':set foo', { do: 'say', text: "unknown redis-cli preference 'foo'" }],
    [':set', { do: 'say', text: "unknown redis-cli internal command ':set'" }],
    ['SET é "\\x00"', { do: 'send', argv: ['SET', '\xc3\xa9', '\0'], times: 1 }],
  ])('%j', (line, action) => {
    expect(interpret(line)).toEqual(action);
  });
});

test.each([
  ['AUTH x', true],
  ['acl setuser bob >x', true],
  ['ACL DELUSER bob', false],
  ['CONFIG SET requirepass x', true],
  ['CONFIG SET maxmemory 0', false],
  ['HELLO 3 AUTH default x', true],
  ['HELLO 3', false],
  ['MIGRATE h 1 k 0 1 AUTH x', true],
  ['GET auth', false],
])('redis-cli 7.0.15 keeps %j out of its history: %s', (line, sensitive) => {
  expect(isSensitive(line)).toBe(sensitive);
});

describe('keys and errors in replies', () => {
  const keysIn = (line: string, text: string) =>
    piecesOf(line.split(' '), text).flatMap(({ key }) => (key === undefined ? [] : [key]));

  test('all words of KEYS, all but the cursor of SCAN, the first word of BLPOP', () => {
    expect(keysIn('KEYS *', '1) "a"\n2) "b\\xc3\\xa9"')).toEqual(['a', 'b\xc3\xa9']);
    expect(keysIn('SCAN 0', '1) "0"\n2) 1) "a"\n   2) "b"')).toEqual(['a', 'b']);
    expect(keysIn('BLPOP q 0', '1) "q"\n2) "job"')).toEqual(['q']);
    expect(keysIn('GET k', '"value"')).toEqual([]);
  });

  test('errors, also within an array, and nothing that only looks like one', () => {
    const errors = (text: string) => piecesOf(['EXEC'], text).filter(({ isError }) => isError);
    expect(errors('1) OK\n2) (error) ERR x\n3) "(error) no"')).toEqual([
      { text: '(error) ERR x', isError: true },
    ]);
  });

  test('the pieces are the text again', () => {
    const text = '1) "a"\n2) (error) ERR x\n3) (integer) 1';
    expect(
      piecesOf(['KEYS'], text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});

describe('what is kept and shown', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`).join('\n');

  test('up to 25 lines a reply is shown whole, then folded after 24', () => {
    expect(fold(rows(25), 0).hiddenLines).toBe(0);
    expect(fold(rows(26), 0)).toMatchObject({ text: rows(24), hiddenLines: 2 });
    expect(fold(rows(1000), 1).text).toBe(rows(524));
    expect(fold(rows(500), 1).hiddenCharacters).toBe(0);
  });

  test('a line of a megabyte is folded too', () => {
    const folded = fold('x'.repeat(1_000_000), 0);
    expect([folded.text.length, folded.hiddenLines, folded.hiddenCharacters]).toEqual([
      4000, 0, 996_000,
    ]);
  });

  test('beyond what is kept the oldest go; the newest stays, whatever its size', () => {
    const entry = (id: number, text: string) => entryOf(id, { kind: 'arrival', text });
    const many = Array.from({ length: 5001 }, (_, id) => entry(id, 'x'));
    expect(append([], many).map(({ id }) => id)).toEqual(many.slice(1).map(({ id }) => id));
    const huge = entry(9999, 'x'.repeat(9_000_000));
    expect(append(many, [huge])).toEqual([huge]);
  });
});
