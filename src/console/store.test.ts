import { expect, test } from 'vitest';
import { RedisError } from '../engine/errors.ts';
import { ok, type Reply, Status } from '../engine/resp/reply.ts';
import docsOfRedis from './fixtures/command-docs.json' with { type: 'json' };
import { type Answer, startStubServer } from './fixtures/stub-server.ts';
import type { HistoryStorage } from './history.ts';
import { createConsoleStore } from './store.ts';

const turn = () => new Promise((resolve) => setTimeout(resolve));

function memory(): HistoryStorage & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  };
}

const answers: Answer = ([name = '', first = '']) => {
  if (/^command$/i.test(name)) return docsOfRedis as Reply;
  if (/^(blpop|subscribe)$/i.test(name)) return undefined;
  if (/^get$/i.test(name)) return first === 'e' ? new RedisError('ERR no') : `value of ${first}`;
  if (/^scan$/i.test(name)) return ['0', ['user:1', 'user:2', 'odd key']];
  return ok;
};

function startConsole(answer: Answer = answers, storage?: HistoryStorage) {
  const server = startStubServer(answer);
  const store = createConsoleStore({
    dial: server.dial,
    now: () => 0,
    schedule: (task) => task(),
    address: '127.0.0.1:6379',
    ...(storage && { storage }),
  });
  const s = () => store.getState();
  return {
    server,
    s,
    type: (text: string) => s().type({ text, cursor: text.length }),
    draft: () => s().tab.editor.draft.text,
    async enter(line: string) {
      s().type({ text: line, cursor: line.length });
      s().submit();
      await turn();
    },
    /** What stands on the screen. */
    screen: () =>
      s().tab.entries.map((entry) =>
        entry.kind === 'command' ? entry.prompt + entry.text : entry.text,
      ),
  };
}

test('a line becomes an entry behind its prompt, with its reply', async () => {
  const { enter, screen, draft } = startConsole();
  await enter('GET a');
  expect(screen()).toEqual(['127.0.0.1:6379> GET a', '"value of a"']);
  expect(draft()).toBe('');
});

test('an empty line shows the prompt again', async () => {
  const { enter, screen } = startConsole();
  await enter('');
  expect(screen()).toEqual(['127.0.0.1:6379> ']);
});

test('odd quotes are refused without asking the server', async () => {
  const { enter, screen, server } = startConsole();
  await enter('SET a "x"y');
  expect(screen()[1]).toBe('Invalid argument(s)');
  expect(server.received.filter((line) => line.includes('SET'))).toEqual([]);
});

test('what is typed goes out as UTF-8', async () => {
  const { enter, server } = startConsole();
  await enter('SET é "\\xff"');
  expect(server.received.at(-1)).toBe('1 SET \xc3\xa9 \xff');
});

test('a remark is stripped, and the console says so', async () => {
  const { enter, screen, server } = startConsole();
  await enter('GET a   # the first key');
  expect(screen()).toEqual([
    '127.0.0.1:6379> GET a # the first key',
    'The remark was stripped; a real server would have received it.',
    '"value of a"',
  ]);
  expect(server.received.at(-1)).toBe('1 GET a');
});

test('a hint stands behind the cursor, and goes as one types', async () => {
  const { type, s } = startConsole();
  await turn();
  type('GET');
  await turn();
  expect(s().tab.editor.hint).toBe(' key');
  type('GET k');
  expect(s().tab.editor.hint).toBe('');
  s().type({ text: 'GET ', cursor: 2 });
  expect(s().tab.editor.hint).toBe('');
});

test(':set nohints hides hints', async () => {
  const { enter, type, s } = startConsole();
  await enter(':set nohints');
  type('GET ');
  expect(s().tab.editor.hint).toBe('');
  await enter(':set hints');
  type('GET ');
  expect(s().tab.editor.hint).toBe('key');
});

test('the docs are asked for once, when one begins to type', async () => {
  const { type, server } = startConsole();
  await turn();
  expect(server.received).toEqual([]);
  type('G');
  type('GE');
  await turn();
  type('GET');
  await turn();
  expect(server.received).toEqual(['1 COMMAND DOCS']);
});

test('Tab completes a command that is the only one', async () => {
  const { type, s, draft } = startConsole();
  await turn();
  type('EXPI');
  await s().complete();
  expect(draft()).toBe('EXPIRE ');
  type('scan 0 ma');
  await s().complete();
  expect(draft()).toBe('scan 0 match ');
});

test('Tab lists several, the second Tab chooses, typing narrows, Esc closes', async () => {
  const { type, s } = startConsole();
  await turn();
  const names = () => s().tab.editor.completion?.candidates.map(({ text }) => text);
  type('Z');
  await s().complete();
  expect(names()).toEqual(['ZADD', 'ZRANDMEMBER', 'ZRANGE']);
  await s().complete();
  expect(s().tab.editor.completion?.selected).toBe(0);
  s().move(1);
  expect(s().tab.editor.completion?.selected).toBe(1);
  type('ZRAN');
  expect(names()).toEqual(['ZRANDMEMBER', 'ZRANGE']);
  expect(s().choose(1)).toBe(true);
  expect(s().tab.editor.draft.text).toBe('ZRANGE ');
  type('Z');
  await s().complete();
  expect(s().dismiss()).toBe(true);
  expect(s().tab.editor.completion).toBeUndefined();
  expect(s().dismiss()).toBe(false);
});

test('where a key belongs, Tab asks the server for keys', async () => {
  const { type, s, draft, server } = startConsole();
  await turn();
  type('GET us');
  await s().complete();
  expect(server.received.at(-1)).toBe('1 SCAN 0 MATCH us* COUNT 200');
  expect(s().tab.editor.completion?.candidates.map(({ text }) => text)).toEqual([
    '"odd key"',
    'user:1',
    'user:2',
  ]);
  s().choose(2);
  expect(draft()).toBe('GET user:2 ');
});

test('the arrows walk through the history and come back to the line being written', async () => {
  const { enter, type, s, draft } = startConsole();
  await enter('GET a');
  await enter('GET b');
  await enter('GET b');
  type('half');
  s().move(-1);
  expect(draft()).toBe('GET b');
  s().move(-1);
  s().move(-1);
  expect(draft()).toBe('GET a');
  s().move(1);
  s().move(1);
  expect(draft()).toBe('half');
});

test('the history outlives the page, without passwords', async () => {
  const storage = memory();
  const first = startConsole(answers, storage);
  for (const line of [
    'AUTH secret',
    'HELLO 3 AUTH default secret',
    'CONFIG SET requirepass secret',
  ])
    await first.enter(line);
  await first.enter('GET a');
  expect([...storage.items.values()].join()).not.toContain('secret');
  const second = startConsole(answers, storage);
  second.s().move(-1);
  expect(second.draft()).toBe('GET a');
});

test('a storage that is blocked, full or damaged costs only the memory', async () => {
  const broken: HistoryStorage = {
    getItem: () => '{"not":"a list"}',
    setItem() {
      throw new Error('QuotaExceededError');
    },
  };
  const { enter, s, draft } = startConsole(answers, broken);
  await enter('GET a');
  s().move(-1);
  expect(draft()).toBe('GET a');
});

test('Ctrl-R finds older lines as one types, and Enter runs the one found', async () => {
  const { enter, type, s, screen } = startConsole();
  for (const line of ['GET apple', 'SET b 1', 'GET banana']) await enter(line);
  s().searchBack();
  type('get');
  expect(s().tab.editor.search?.found).toBe('GET banana');
  s().searchBack();
  expect(s().tab.editor.search?.found).toBe('GET apple');
  s().submit();
  await turn();
  expect(screen().at(-1)).toBe('"value of apple"');
});

test('Esc leaves the search with the line as it was', async () => {
  const { enter, type, s, draft } = startConsole();
  await enter('GET a');
  type('half');
  s().searchBack();
  type('nothing like it');
  expect(s().tab.editor.search?.at).toBeUndefined();
  s().dismiss();
  expect(draft()).toBe('half');
});

test('lines entered while a command waits run after it, in order', async () => {
  const { enter, screen, server } = startConsole();
  await enter('BLPOP q 0');
  await enter('GET a');
  expect(screen()).toHaveLength(1);
  server.send(['q', 'x']);
  await turn();
  expect(screen().slice(1)).toEqual(['1) "q"\n2) "x"', '127.0.0.1:6379> GET a', '"value of a"']);
});

test('Ctrl-C ends what waits and drops what waits behind it', async () => {
  const { enter, s, screen, server } = startConsole();
  await enter('BLPOP q 0');
  await enter('GET a');
  s().interrupt();
  await turn();
  expect(s().tab.status.activity).toBe('idle');
  expect(screen().join('\n')).not.toContain('value of a');
  expect(server.opened).toBe(2);
});

test('Ctrl-C clears the line and leaves a trace of it', async () => {
  const { type, s, draft, screen } = startConsole();
  type('GET hal');
  s().interrupt();
  expect(draft()).toBe('');
  expect(screen()).toEqual(['127.0.0.1:6379> GET hal^C']);
});

test('several pasted lines run one after the other, remarks and blank lines dropped', async () => {
  const { s, screen, server } = startConsole();
  expect(s().paste('# start\nGET a\n\nSELECT 1 # other\nGET b\n')).toBe(true);
  await turn();
  await turn();
  expect(screen()).toEqual([
    ...['127.0.0.1:6379> GET a', '"value of a"', '127.0.0.1:6379> SELECT 1 # other'],
    ...['The remark was stripped; a real server would have received it.', 'OK'],
    ...['127.0.0.1:6379[1]> GET b', '"value of b"'],
  ]);
  expect(server.received).toEqual(['1 GET a', '1 SELECT 1', '1 GET b']);
});

test('one pasted line is only typed', () => {
  expect(startConsole().s().paste('GET a\n')).toBe(false);
});

test('a pasted session is compared with what it says was answered', async () => {
  const { s } = startConsole();
  s().paste(
    '127.0.0.1:6379> GET a\n"value of a"\n127.0.0.1:6379> GET b\n"something else"\n' +
      'redis> SELECT 1\n"OK"\n',
  );
  for (let line = 0; line < 3; line += 1) await turn();
  const found = s().tab.entries.filter((entry) => entry.kind === 'comparison');
  expect(found).toMatchObject([
    { agrees: true, text: '"value of a"' },
    { agrees: false, text: '"something else"' },
    { agrees: true, text: '"OK"' },
  ]);
});

test('a prompt typed along with its command is taken off', async () => {
  const { enter, server } = startConsole();
  await enter('127.0.0.1:6379[1]> GET a');
  expect(server.received.at(-1)).toBe('1 GET a');
});

test('each tab is a connection with its own screen', async () => {
  const { enter, s, screen, server } = startConsole();
  await enter('SELECT 2');
  s().addTab();
  await turn();
  await enter('GET a');
  expect(screen()).toEqual(['127.0.0.1:6379> GET a', '"value of a"']);
  expect(server.opened).toBe(2);
  const [first, second] = s().tabs;
  s().selectTab(first?.id ?? '');
  expect(s().tab.prompt).toBe('127.0.0.1:6379[2]> ');
  s().closeTab(first?.id ?? '');
  expect(s().active).toBe(second?.id);
  s().closeTab(second?.id ?? '');
  expect(s().tabs).toHaveLength(1);
});

test('a tab can be renamed', () => {
  const { s } = startConsole();
  s().renameTab(s().active, 'worker');
  expect(s().tab.name).toBe('worker');
});

test('clear empties the screen, quit starts afresh, help explains', async () => {
  const { enter, screen, server } = startConsole();
  await enter('help get');
  expect(screen()[1]).toMatch(
    /^\n {2}GET key\n {2}summary: .*\n {2}since: 1.0.0\n {2}group: string\n$/,
  );
  await enter('clear');
  expect(screen()).toEqual([]);
  await enter('quit');
  expect(server.opened).toBe(2);
});

test('the protocol is switched by the command that does it', async () => {
  const { s, screen } = startConsole();
  s().speak(3);
  await turn();
  expect(screen()[0]).toBe('127.0.0.1:6379> HELLO 3');
  expect(s().tab.status.protocol).toBe(3);
});

test('a screen keeps its newest 5,000 lines', async () => {
  const { enter, s, server } = startConsole((argv) => (argv[0] === 'MONITOR' ? ok : answers(argv)));
  await enter('MONITOR');
  for (let i = 0; i < 6000; i++) server.send(new Status(`line ${i}`));
  const { entries } = s().tab;
  expect(entries.length).toBe(5000);
  expect(entries.at(-1)?.text).toBe('line 5999');
});
