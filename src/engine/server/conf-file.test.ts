import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { type Conf, ConfFileError, readConf } from './conf-file.ts';
import { commandTable } from './table.ts';

const read = (text: string, files: Record<string, string> = {}): Conf =>
  readConf(text, {
    table: commandTable,
    include: (name) => (files[name] === undefined ? [] : [files[name]]),
  });

/** What redis-server 7.0.15 prints for a wrong file: line, text, reason. */
test.each([
  ['timeout 5 # comment', 1, 'wrong number of arguments'],
  ['foo bar', 1, 'Bad directive or wrong number of arguments'],
  ['\n\n  maxmemory 5x', 3, 'argument must be a memory value'],
  ['requirepass "abc', 1, 'Unbalanced quotes in configuration line'],
  ['include', 1, 'Bad directive or wrong number of arguments'],
  ['rename-command foo bar', 1, 'No such command in rename-command'],
  ['rename-command get set', 1, 'Target command name already exists'],
  ['rename-command get x\nrename-command set x', 2, 'Target command name already exists'],
  ['rename-command get x\nrename-command get y', 2, 'No such command in rename-command'],
  ['user alice on fly', 1, "Error in user declaration 'alice': Syntax error"],
  ['user alice (on)', 1, "Error in user declaration 'user': Syntax error"],
  ['save 1', 1, 'Invalid save parameters'],
  ['replicaof a b', 1, 'Invalid master port'],
  ['hz 10 20', 1, 'wrong number of arguments'],
  ['sentinel foo', 1, 'sentinel directive while not in sentinel mode'],
])('%j is refused', (text, line, reason) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ line, reason }));
});

test('the report is that of redis-server', () => {
  const error = new ConfFileError(3, 'maxmemory 5x', 'argument must be a memory value');
  expect(error.report('7.0.15')).toBe(`
*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***
Reading the configuration file, at line 3
>>> 'maxmemory 5x'
argument must be a memory value`);
});

test('the word sentinel alone says nothing', () => {
  expect(read('sentinel').texts).toEqual({});
});

test('lines of save add up, an empty one takes all back', () => {
  expect(read('save 3600 1 300 100\nsave 60 10000').texts.save).toBe('3600 1 300 100 60 10000');
  expect(read('save 3600 1\nsave ""').texts.save).toBe('');
});

test('old names, several words, quotes, and files in files', () => {
  const { texts } = read('include more.conf\nSLAVE-priority 7\nbind 127.0.0.1 -::1', {
    'more.conf': 'requirepass "my \\"pass\\""\nmaxmemory 100mb\n# done',
  });
  expect(texts).toEqual({
    requirepass: 'my "pass"',
    maxmemory: '104857600',
    'replica-priority': '7',
    bind: '127.0.0.1 -::1',
  });
});

test('a server has the users and the command names of its file', async () => {
  const conf = read(`
    user default off
    user ann on >secret ~* +@all
    rename-command FLUSHALL boom
    rename-command KEYS ""
  `);
  const session = new LabSession(new Lab({ ...conf, config: conf.texts }));
  const run = async (...commands: readonly string[]) =>
    (await session.send('', commands)).reply?.split('\n').at(-1);
  expect(await run('PING')).toBe('(error) NOAUTH Authentication required.');
  expect(await run('AUTH ann secret', 'ACL WHOAMI')).toBe('"ann"');
  expect(await run('KEYS *')).toMatch(/^\(error\) ERR unknown command 'KEYS'/);
  expect(await run('FLUSHALL')).toMatch(/^\(error\) ERR unknown command 'FLUSHALL'/);
  expect(await run('SET a 1', 'BOOM', 'DBSIZE')).toBe('(integer) 0');
});

test('a rule for a command that nobody knows keeps the server from starting', () => {
  const { users } = read('user ann on +fly');
  expect(() => new Lab({ users })).toThrow(
    "Error loading ACL rule '+fly' for the user named 'ann': Unknown command or category name in ACL",
  );
});
