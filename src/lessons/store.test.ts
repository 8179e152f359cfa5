import { afterEach, expect, test } from 'vitest';
import { startInProcessWorld } from '../hosts/in-process.ts';
import { Client } from '../wire/client.ts';
import { parseLesson } from './parse.ts';
import { Room } from './room.ts';
import type { Run } from './runner.ts';
import { createLessonStore } from './store.ts';

const lesson = parseLesson(
  'content/07-counting.md',
  `---
title: Counting
question: How?
summary: So.
chapter: First steps
minutes: 5
docs: [https://redis.io/]
---

\`\`\`short
So.
\`\`\`

\`\`\`redis run id=one
> INCR n
\`\`\`

\`\`\`redis run id=two
> INCR n
> GET other
\`\`\`

\`\`\`shell run id=slow task=slow
redis-cli GET n
\`\`\`

\`\`\`redis run id=alone fresh
> DBSIZE
\`\`\`

\`\`\`challenge
id: ten
title: Ten
ask: Make it ten.
setup: |
  > SET n 9
goal:
  - id: is-ten
    check: value
    key: n
    is: 10
    why: So.
  - id: once
    check: commandsAtMost
    atMost: 1
    why: So.
hints: [Count.]
solutions:
  - title: a
    code: "> INCR n"
  - title: b
    code: "> SET n 10"
wrong:
  - title: a
    fails: is-ten
    because: So.
    code: "> DECR n"
  - title: b
    fails: is-ten
    because: So.
    code: "> DEL n"
  - title: c
    fails: once
    because: So.
    code: |
      > INCR m
      > INCR n
\`\`\`

\`\`\`challenge
id: by-script
title: By a script
ask: Make it ten, from a shell.
setup: |
  > SET n 8
starter:
  language: shell
  code: redis-cli INCR n
goal:
  - id: is-ten
    check: value
    key: n
    is: 10
    why: So.
  - id: incremented
    check: sequence
    steps:
      - command: INCR n
        is: 9
      - command: INCR n
        is: 10
    why: So.
hints: [Twice.]
solutions:
  - title: a
    language: shell
    code: |
      redis-cli INCR n
      redis-cli INCR n
  - title: b
    code: |
      > INCR n
      > INCR n
wrong:
  - title: a
    fails: is-ten
    because: So.
    code: "> DECR n"
  - title: b
    fails: is-ten
    because: So.
    code: "> DEL n"
  - title: c
    fails: incremented
    because: So.
    code: "> SET n 10"
\`\`\`
`,
);

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function openStore() {
  const room = new Room(lesson, (options) => startInProcessWorld({ ...options, rate: 0 }));
  closers.push(() => room.stop());
  const told: string[] = [];
  const store = createLessonStore(lesson, {
    replace: (lab) => room.desk.replace(lab),
    undo: () => room.desk.undo(),
    applyConf: (text) => room.applyConf(text),
    activity: () => room.activity(),
    perform: (source, how) => room.perform(source, how),
    setUp: (source) => room.desk.setUp(source),
    observe: () => room.observe(),
    isDisturbed: (text) => room.isDisturbed(text),
    begin: async () => room.desk.begin(),
    grade: (challenge) => room.grade(challenge),
    attempt: (id, right) => told.push(`${id} ${right ? 'right' : 'wrong'}`),
    hint: (id, count) => told.push(`${id} hint ${count}`),
    reveal: (id) => told.push(`${id} revealed`),
  });
  const noticed = () => store.getState().noticed();
  room.listen({ noticed, replaced: noticed, crashed: ({ message }) => told.push(message) });
  const idle = () => expect.poll(() => store.getState().busy, { timeout: 20_000 }).toEqual([]);
  const run = async (id: string): Promise<string[]> => {
    store.getState().run(id);
    await idle();
    return repliesOf(store.getState().runs[id]);
  };
  const console = new Client(room.desk.watched('console'), room.desk.address);
  return { store, room, run, idle, console, told };
}

const repliesOf = (run: Run | undefined) => run?.outcomes.map(({ reply }) => reply ?? '…') ?? [];

test('an example gives the same replies alone, in order and again', async () => {
  const { run, store } = openStore();
  expect(await run('two')).toEqual(['(integer) 2', '(nil)']);
  expect(store.getState().runs.two?.note).toBe(
    'Ran on a fresh server, after the example before it.',
  );
  expect(await run('one')).toEqual(['(integer) 1']);
  expect(await run('two')).toEqual(['(integer) 2', '(nil)']);
  expect(store.getState().runs.two?.note).toBeUndefined();
  expect(await run('two')).toEqual(['(integer) 2', '(nil)']);
});

test('a fresh example has an empty server', async () => {
  const { run } = openStore();
  await run('one');
  expect(await run('alone')).toEqual(['(integer) 0']);
});

test('all are run, and what runs beside them ends before the next one has an empty server', async () => {
  const { store, idle } = openStore();
  store.getState().runAll();
  await idle();
  const { slow, alone } = store.getState().runs;
  expect(slow?.screen?.chunks).toMatchObject([{ text: '"2"\n' }]);
  expect(repliesOf(alone)).toEqual(['(integer) 0']);
});

test('stopping all stops what runs beside them, too, and nothing begins after that', async () => {
  const { store, idle } = openStore();
  store.getState().edit('slow', 'redis-cli BLPOP nothing 0');
  store.getState().runAll();
  await expect.poll(() => store.getState().busy).toEqual(['alone', 'alone']);
  await expect.poll(() => store.getState().runs.slow?.status).toBe('running');
  store.getState().stop();
  await idle();
  expect(store.getState().runs).toMatchObject({ slow: { status: 'stopped' } });
  expect(store.getState().runs.alone).toBeUndefined();
  expect(store.getState().beside).toEqual([]);
});

test('a run says what it changed', async () => {
  const { run, store } = openStore();
  await run('one');
  expect(store.getState().runs.one?.changes).toMatchObject([
    { kind: 'created', after: { key: 'n', type: 'string' } },
  ]);
});

test('what the console wrote elsewhere stays; what an example speaks of does not disturb it', async () => {
  const { run, console, store } = openStore();
  await run('one');
  await console.call('SET', 'mine', '1');
  expect(await run('two')).toEqual(['(integer) 2', '(nil)']);
  expect(await console.call('GET', 'mine')).toBe('1');

  await run('one');
  await console.call('SET', 'other', 'x');
  expect(await run('two')).toEqual(['(integer) 2', '(nil)']);
  expect(await console.call('GET', 'other')).toBeNull();

  await store.getState().setAside?.();
  expect(await console.call('GET', 'other')).toBe('x');
});

test('an edited example runs as it was edited, and what builds on it builds on that', async () => {
  const { run, store } = openStore();
  store.getState().edit('one', 'SET n 41');
  expect(await run('one')).toEqual(['OK']);
  expect(await run('two')).toEqual(['(integer) 42', '(nil)']);
  store.getState().edit('one', undefined);
  expect(await run('one')).toEqual(['(integer) 1']);
});

test('a text that is no transcript fails and says where', async () => {
  const { run, store } = openStore();
  store.getState().edit('one', '@jump');
  await run('one');
  expect(store.getState().runs.one).toMatchObject({
    status: 'failed',
    problem: 'line 1: unknown directive @jump',
  });
});

test('cleared output comes back', async () => {
  const { run, store } = openStore();
  await run('one');
  const undo = store.getState().clearOutput();
  expect(store.getState().runs).toEqual({});
  await undo();
  expect(repliesOf(store.getState().runs.one)).toEqual(['(integer) 1']);
});

test('a restarted server is empty, and the one before it comes back', async () => {
  const { run, console, store } = openStore();
  await run('one');
  const undo = await store.getState().restart();
  expect(await console.call('DBSIZE')).toBe(0);
  await undo();
  expect(await console.call('GET', 'n')).toBe('1');
  expect(await run('two')).toEqual(['(integer) 2', '(nil)']);
});

test('a task fills in as the console works on it, and is remembered when it holds', async () => {
  const { store, console, told } = openStore();
  await store.getState().startTask('ten');
  const task = () => store.getState().tasks.ten;
  expect(task()?.now?.checks.map(({ outcome }) => outcome)).toEqual(['fail', 'pass']);
  await console.call('INCR', 'n');
  await expect.poll(() => task()?.stage).toBe('solved');
  expect(told).toEqual(['ten right']);
});

test('a wrong answer is checked, a reset starts anew, a hint is remembered', async () => {
  const { store, idle, told } = openStore();
  const task = () => store.getState().tasks.ten;
  await store.getState().startTask('ten');
  store.getState().writeAnswer('ten', 'INCR m\nINCR n');
  store.getState().checkTask('ten');
  await idle();
  expect(task()?.verdict?.checks).toMatchObject([
    { outcome: 'pass' },
    { outcome: 'fail', observed: '2 writing commands' },
  ]);
  store.getState().showHint('ten');
  store.getState().writeAnswer('ten', 'INCR n');
  store.getState().checkTask('ten');
  await idle();
  expect(task()?.stage).toBe('solved');
  expect(told).toEqual(['ten wrong', 'ten hint 1', 'ten right']);
});

test('an example takes the server from a task, which can be had back as it was', async () => {
  const { store, run, console } = openStore();
  await store.getState().startTask('ten');
  await console.call('SET', 'scratch', '1');
  await run('one');
  expect(store.getState().tasks.ten?.stage).toBe('asleep');
  await store.getState().setAside?.();
  expect(await console.call('GET', 'scratch')).toBe('1');
  expect(store.getState().tasks.ten).toMatchObject({ stage: 'begun' });
  await expect
    .poll(() => store.getState().tasks.ten?.now?.checks[1]?.observed)
    .toBe('1 writing command');
});

test('Check is about what was done last: the box, or the console', async () => {
  const { store, idle, console, told } = openStore();
  await store.getState().startTask('ten');
  store.getState().writeAnswer('ten', 'DEL n');
  await console.call('GET', 'n');
  store.getState().checkTask('ten');
  await idle();
  expect(await console.call('GET', 'n')).toBe('9');
  store.getState().writeAnswer('ten', 'DEL n ');
  store.getState().checkTask('ten');
  await idle();
  expect(await console.call('GET', 'n')).toBeNull();
  expect(told).toEqual(['ten wrong', 'ten wrong']);
});

test('a task is answered by a program, whose commands are seen; what was written elsewhere is kept', async () => {
  const { store, idle, told } = openStore();
  const task = () => store.getState().tasks['by-script'];
  expect(task()).toMatchObject({ language: 'shell', answer: 'redis-cli INCR n' });
  await store.getState().startTask('by-script');
  store.getState().chooseLanguage('by-script', 'redis');
  store.getState().writeAnswer('by-script', 'SET n 10');
  store.getState().checkTask('by-script');
  await idle();
  expect(task()?.verdict?.checks.map(({ outcome }) => outcome)).toEqual(['pass', 'fail']);

  store.getState().chooseLanguage('by-script', 'shell');
  expect(task()?.answer).toBe('redis-cli INCR n');
  store.getState().writeAnswer('by-script', 'redis-cli INCR n; redis-cli INCR n');
  store.getState().checkTask('by-script');
  await idle();
  expect(task()?.stage).toBe('solved');
  expect(store.getState().answers['by-script']?.screen?.chunks).toMatchObject([
    { stream: 'out', text: '(integer) 9\n(integer) 10\n' },
  ]);
  store.getState().chooseLanguage('by-script', 'redis');
  expect(task()?.answer).toBe('SET n 10');
  expect(told).toEqual(['by-script wrong', 'by-script right']);
});
