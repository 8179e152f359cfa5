import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8Encode } from '../engine/bytes/bytes.ts';
import { functionsOf, isLibrary, luaTranscript, typedWords, wordsIn } from './lua-text.ts';

const library = `#!lua name=jobs
redis.register_function('take', function(keys) return redis.call('LPOP', keys[1]) end)
redis.register_function{function_name='look', callback=look, flags={'no-writes'}}`;

test('a script is run by EVAL with its keys counted', () => {
  expect(luaTranscript('return "a"\n', { keys: 'lock:report "b c"', args: '10' })).toBe(
    '> EVAL "return \\"a\\"\\n" 2 lock:report "b c" 10',
  );
  expect(luaTranscript('return 1', { keys: ' ', args: '' })).toBe('> EVAL "return 1" 0');
});

test('a library is loaded, and each of its functions called', () => {
  expect(isLibrary(library)).toBe(true);
  expect(functionsOf(library)).toEqual(['take', 'look']);
  const [load, ...calls] = luaTranscript(library, { keys: 'jobs', args: '' }).split('\n');
  expect(load).toMatch(/^> FUNCTION LOAD REPLACE "#!lua name=jobs\\nredis/);
  expect(calls).toEqual(['> FCALL take 1 jobs', '> FCALL look 1 jobs']);
});

test('words are typed so that they are read back', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (words) => {
      expect(wordsIn(typedWords(words))).toEqual(words.map(utf8Encode));
    }),
  );
  expect(() => wordsIn('"open')).toThrow('A quote is not closed');
});
