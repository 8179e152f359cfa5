import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

/** What a monitor sees of these commands of another client, without times and addresses. */
async function watch(...commands: readonly string[]): Promise<string[]> {
  const session = new LabSession(new Lab());
  await session.send('M', ['MONITOR']);
  const seen: string[] = [];
  for (const command of commands) {
    const { arrivals } = await session.send('A', [command]);
    seen.push(...arrivals.filter(({ client }) => client === 'M').map(({ text }) => text));
  }
  return seen.map((line) => line.replace(/^\d+\.\d{6} \[(\d+) \S+\] /, '$1 '));
}

test('commands are shown when they are over, with the database they are in then', async () => {
  expect(await watch('SELECT 3', 'SET a "\\x00\\n"')).toEqual([
    '3 "SELECT" "3"',
    '3 "SET" "a" "\\x00\\n"',
  ]);
});

test('passwords are not shown, and administration not at all', async () => {
  expect(
    await watch(
      'AUTH user secret',
      'HELLO 2 AUTH user secret SETNAME me',
      'CONFIG SET requirepass ""',
    ),
  ).toEqual([
    '0 "AUTH" "(redacted)" "(redacted)"',
    '0 "HELLO" "2" "AUTH" "(redacted)" "(redacted)" "SETNAME" "me"',
  ]);
});

test('what EXEC runs is shown before EXEC, and what is refused is not shown', async () => {
  expect(await watch('MULTI', 'SET a 1', 'NOSUCH', 'EXEC')).toEqual(['0 "MULTI"', '0 "EXEC"']);
  expect(await watch('MULTI', 'SET a 1', 'EXEC', 'SET a')).toEqual([
    '0 "MULTI"',
    '0 "SET" "a" "1"',
    '0 "EXEC"',
  ]);
});

test('a command that blocks is shown once', async () => {
  expect(await watch('BLPOP q 0')).toEqual(['0 "BLPOP" "q" "0"']);
});

test('a monitor sees its own commands after their replies, and may not touch data', async () => {
  const session = new LabSession(new Lab());
  await session.send('M', ['MONITOR']);
  const { reply } = await session.send('M', ['PING']);
  expect(reply?.split('\n')[0]).toBe('PONG');
  expect(reply).toMatch(/\[0 \S+\] "PING"$/);
  expect((await session.send('M', ['GET a'])).reply).toBe(
    "(error) ERR Replica can't interact with the keyspace",
  );
});
