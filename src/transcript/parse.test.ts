import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  parseDuration,
  parseTranscript,
  readRow,
  sinceOf,
  TranscriptError,
  writeReplyRow,
} from './parse.ts';

const only = (text: string) => {
  const [step, ...rest] = parseTranscript(text);
  expect(rest).toEqual([]);
  return step;
};

test('the lines after a command are its reply, until a blank line', () => {
  expect(only('> LRANGE l 0 -1\n1) "a"\n2) "b"\n')).toEqual({
    kind: 'command',
    client: '',
    command: 'LRANGE l 0 -1',
    reply: '1) "a"\n2) "b"',
    arrivals: [],
    line: 1,
    lastLine: 1,
    endLine: 3,
    varies: false,
  });
});

test('a client that waits has no reply yet, and gets it as an arrival', () => {
  const steps = parseTranscript('A> BLPOP q 0\n…\n> RPUSH q x\n(integer) 1\nA< 1) "q"\nA< 2) "x"');
  expect(steps.map((step) => step.reply)).toEqual([undefined, '(integer) 1']);
  expect(steps[1]?.arrivals).toEqual([{ client: 'A', text: '1) "q"\n2) "x"' }]);
});

test('a pipeline is one step, its replies after @end', () => {
  const step = only('@pipeline B\n> INCR a\nB> INCR a\n@end\n(integer) 1\n(integer) 2');
  expect(step).toMatchObject({
    kind: 'pipeline',
    client: 'B',
    commands: ['INCR a', 'INCR a'],
    reply: '(integer) 1\n(integer) 2',
    line: 1,
    lastLine: 4,
    endLine: 6,
  });
});

test('a bar makes a reply of a line that would read as something else', () => {
  expect(only('> INFO memory\n| # Memory\nused_memory:1\n|\n| > no command\n| @all')?.reply).toBe(
    '# Memory\nused_memory:1\n\n> no command\n@all',
  );
});

test('any line survives being written as a reply row', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'|#@<>A1 ")…') }), (text) => {
      expect(readRow(writeReplyRow(text))).toEqual({ kind: 'reply', text: text.trimEnd() });
    }),
  );
});

test('@since names the version that a transcript needs, and is no step', () => {
  const text = '# Newer.\n@since 8.2\n> PING\nPONG';
  expect(sinceOf(text)).toBe('8.2');
  expect(only(text)).toMatchObject({ command: 'PING', reply: 'PONG' });
  expect(sinceOf('> PING')).toBeUndefined();
});

test('@varies belongs to the next step alone', () => {
  const steps = parseTranscript('@varies\n> TIME\n1) "1"\n2) "2"\n> PING\nPONG');
  expect(steps.map((step) => step.varies)).toEqual([true, false]);
});

test.each([
  ['OK', 1, 'a reply to nothing'],
  ['> PING\nPONG\n\nPONG', 4, 'a reply to nothing'],
  ['> PING\nA< x\nPONG', 3, 'a reply after what arrived at other clients'],
  ['@jump 1s', 1, 'unknown directive @jump'],
  ['@advance', 1, '@advance takes DURATION'],
  ['@advance soon', 1, 'soon is no duration such as 250ms, 61s, 5m, 2h or 1d'],
  ['> PING\n@pipeline\n> PING', 2, '@pipeline without @end'],
  ['@pipeline\n@end', 1, 'a pipeline without commands'],
  ['@since', 1, '@since takes VERSION'],
  ['> PING\n@since 8.0', 2, '@since after the first step'],
  ['@end', 1, '@end without @pipeline'],
  ['@pipeline A\nB> PING\n@end', 2, 'a command of B in the pipeline of another client'],
  ['@pipeline A\n@advance 1s\n@end', 2, '@advance within a pipeline'],
])('%j is refused at its line', (text, line, reason) => {
  expect(() => parseTranscript(text)).toThrow(new TranscriptError(line, reason));
});

test.each([
  ['250ms', 250],
  ['61s', 61_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['1', undefined],
  ['-1s', undefined],
])('%s lasts %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});
