import { expect, test } from 'vitest';
import { parseTranscript } from './parse.ts';
import { spellOut } from './ranges.ts';
import { perform } from './replay.ts';

test('a command with a range stands for one with each number', () => {
  expect(spellOut('GET item:{9..11}')).toEqual(['GET item:9', 'GET item:10', 'GET item:11']);
});

test('ranges of one command count together', () => {
  expect(spellOut('SET item:{1..2} "{5..6} of {1..2}"')).toEqual([
    'SET item:1 "5 of 1"',
    'SET item:2 "6 of 2"',
  ]);
});

test.each(['GET {user}:1', 'EVAL "return {1,2}" 0', 'GET {a..b}', 'GET {1..}'])(
  'other braces mean nothing: %s',
  (command) => {
    expect(spellOut(command)).toEqual([command]);
  },
);

test.each([
  ['GET {3..2}', 'a range has from 1 to 20000 numbers'],
  ['GET {1..20001}', 'a range has from 1 to 20000 numbers'],
  ['SET {1..3} {1..2}', 'the ranges of a command must be of the same length'],
])('%s is a mistake, told at its row', (command, reason) => {
  expect(() => parseTranscript(`@pipeline\n> PING\n> ${command}\n@end`)).toThrow(
    `line 3: ${reason}`,
  );
});

test('a pipeline is sent spelt out, and shown as written', async () => {
  const sent: (readonly string[])[] = [];
  const session = {
    send: async (_client: string, commands: readonly string[]) => {
      sent.push(commands);
      return { reply: '', arrivals: [] };
    },
    steer: async () => ({ reply: '', arrivals: [] }),
    close: async () => {},
  };
  const [step] = parseTranscript('@pipeline\n> SET a:{1..2} x\n> PING\n@end');
  if (step) await perform(step, session);
  expect(sent).toEqual([['SET a:1 x', 'SET a:2 x', 'PING']]);
  expect(step).toMatchObject({ commands: ['SET a:{1..2} x', 'PING'] });
});

test('outside of a pipeline braces are ordinary characters', async () => {
  const [step] = parseTranscript('> GET a:{1..2}');
  expect(step).toMatchObject({ command: 'GET a:{1..2}' });
});
