import { expect, test } from 'vitest';
import { RedisError } from '../errors.ts';
import { printAnswer } from './print-answer.ts';
import { queued, Verbatim } from './reply.ts';

test('INFO and its like are printed as they are, in both protocols', () => {
  expect(printAnswer(['info'], '# Server\r\nport:6379\r\n')).toBe('# Server\nport:6379');
  expect(printAnswer(['CLIENT', 'LIST'], new Verbatim('id=3 db=0\n'))).toBe('id=3 db=0');
});

test('other commands of the same container are quoted', () => {
  expect(printAnswer(['CLIENT', 'GETNAME'], 'me')).toBe('"me"');
  expect(printAnswer(['CLUSTER', 'KEYSLOT', 'a'], 15495)).toBe('(integer) 15495');
});

test('a command named like a word of JavaScript is any other', () => {
  expect(printAnswer(['constructor'], new RedisError('ERR no'))).toBe('(error) ERR no');
});

test('an error of a textual command stands without its mark', () => {
  expect(printAnswer(['CLIENT', 'LIST', 'x'], new RedisError('ERR syntax error'))).toBe(
    'ERR syntax error',
  );
  expect(printAnswer(['GET'], new RedisError('ERR no'))).toBe('(error) ERR no');
});

test('queued in a transaction it answers QUEUED', () => {
  expect(printAnswer(['INFO'], queued)).toBe('QUEUED');
});
