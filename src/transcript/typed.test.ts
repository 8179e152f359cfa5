import { expect, test } from 'vitest';
import { readTyped } from './typed.ts';

test('bare rows are commands', () => {
  expect(readTyped('SET a 1\n\nGET a')).toBe('> SET a 1\n\n> GET a');
});

test('names, directives and remarks stay as they are', () => {
  const typed = '@pipeline\nSET a 1\n@end\n# then\nB> GET a';
  expect(readTyped(typed)).toBe('@pipeline\n> SET a 1\n@end\n# then\nB> GET a');
});

test('a session from a terminal loses its replies and its prompts', () => {
  const pasted = '127.0.0.1:6379> SET a 1\nOK\n127.0.0.1:6379[1](TX)> GET a\n"1"';
  expect(readTyped(pasted)).toBe('> SET a 1\n\n> GET a\n');
});

test('a prompt of another kind is an argument', () => {
  const typed = 'XREADGROUP GROUP g c STREAMS s >';
  expect(readTyped(typed)).toBe(`> ${typed}`);
});
