import { expect, test } from 'vitest';
import { blocksOf } from './lesson.ts';
import { parseLesson } from './parse.ts';
import { neededBefore, stretchesOf } from './stretches.ts';

const head = `---
title: T
question: Why?
summary: S.
chapter: Basics
minutes: 5
docs: [https://redis.io/docs/latest/commands/get/]
---

\`\`\`short
Because.
\`\`\`
`;
const headLines = head.split('\n').length;

const fence = (language: string, text: string) => `\n\`\`\`${language}\n${text}\n\`\`\`\n`;
const parse = (body: string) => parseLesson('content/07-x.md', head + body);
const blocks = (body: string) => blocksOf(parse(body));

/** The mistake, its line relative to the first line of the body. */
function mistake(body: string): string {
  try {
    parse(body);
  } catch (error) {
    const [, line, reason] =
      /^content\/07-x\.md:(\d+): (.*)$/s.exec(String((error as Error).message)) ?? [];
    return `${Number(line) - headLines + 1}: ${reason}`;
  }
  return 'none';
}

const quiz = `id: q
ask: Which?
options:
  - text: A
    correct: true
    why: Yes.
  - text: B
    misconception: B is A
    why: No.`;

const challenge = `id: c
title: Task
ask: Set \`a\` to 1.
setup: |
  > SET a 0
goal:
  - id: set
    check: value
    key: a
    is: 1
    why: Asked.
hints: [Use SET.]
solutions:
  - {title: plain, code: "> SET a 1"}
  - {title: count, code: "> INCR a"}
wrong:
  - {title: none, code: "> GET a", fails: set, because: Reads.}
  - {title: two, code: "> SET a 2", fails: set, because: Two.}
  - title: gone
    code: |
      > DEL a
    fails: set
    because: Gone.`;

const predict = `id: p
ask: What is printed?
given: |
  > SET a 1
command: "> GET a"
choices:
  - {reply: '"1"', why: Right.}
why: It is a string.`;

const interview = `id: i
question: Why?
seconds: 60
ideas:
  - text: One
    prove: |
      > PING
      PONG
  - text: Two
  - text: Three
  - text: Four
  - text: Five
answer: All of it.
followUps: [{question: And?, answer: So.}]`;

test('the front matter, the file name and the checks make the meta', () => {
  const lesson = parse(fence('quiz', quiz) + fence('challenge', challenge));
  expect(lesson).toMatchObject({
    number: 7,
    slug: 'x',
    title: 'T',
    lab: 'standalone',
    panels: ['console', 'keys'],
    short: '<p>Because.</p>',
    checks: [
      { kind: 'quiz', id: 'q' },
      { kind: 'challenge', id: 'c' },
    ],
  });
});

test('prose, code and exercises keep their order, in sections', () => {
  const lesson = parse(
    `Hi *you*.\n\n## Why \`GET\`?\n\nOne.\n\nTwo.\n${fence('redis run', '> PING\nPONG')}\n### More\n`,
  );
  expect(lesson.sections.map(({ id, title, blocks }) => [id, title, blocks.length])).toEqual([
    ['start', '', 1],
    ['why-get', 'Why <code>GET</code>?', 3],
  ]);
  expect(lesson.sections[1]?.blocks[0]).toMatchObject({ html: '<p>One.</p>\n<p>Two.</p>' });
});

test('a code fence carries its words, its coloured lines and its place', () => {
  const words = 'redis run fresh title="Two tabs" since=8.4 target=node2';
  const [block] = blocks(fence(words, '> GET a\n(nil)'));
  expect(block).toMatchObject({
    kind: 'code',
    id: 'example-1',
    run: true,
    fresh: true,
    title: 'Two tabs',
    since: '8.4',
    target: 'node2',
    line: headLines + 1,
    code: { source: '> GET a\n(nil)', line: headLines + 2 },
  });
  const lines = block?.kind === 'code' ? block.code.lines : [];
  expect(lines[1]).toBe('<span class="t-nil">(nil)</span>');
});

test('python is coloured in the classes that the theme knows, and output belongs to it', () => {
  const [block] = blocks(fence('python run', 'import redis  # c') + fence('output', 'True'));
  expect(block).toMatchObject({ output: 'True', code: { language: 'python' } });
  const [line] = block?.kind === 'code' ? block.code.lines : [];
  expect(line).toContain('<span class="t-keyword">import</span> redis');
  expect(line).not.toContain('style');
});

test('the exercises come out with HTML and snippets', () => {
  const [q, c, p, i] = blocks(
    [
      fence('quiz', quiz),
      fence('challenge', challenge),
      fence('predict', predict),
      fence('interview', interview),
    ].join(''),
  );
  expect(q).toMatchObject({ quiz: { ask: 'Which?', many: false } });
  expect(c).toMatchObject({
    challenge: {
      ask: 'Set <code>a</code> to 1.',
      goal: [{ id: 'set', says: '<code>a</code> holds <code>"1"</code>.', why: 'Asked.' }],
      solutions: [{ title: 'plain' }, { title: 'count' }],
      wrong: [{}, {}, { code: { source: '> DEL a' } }],
    },
  });
  expect(p).toMatchObject({ predict: { given: { source: '> SET a 1' } } });
  expect(i).toMatchObject({
    interview: { ideas: [{ prove: { source: '> PING\nPONG' } }, {}, {}, {}, {}] },
  });
  const gone = c?.kind === 'challenge' ? c.challenge.wrong[2]?.code.line : 0;
  expect(
    (head + fence('quiz', quiz) + fence('challenge', challenge)).split('\n')[(gone ?? 0) - 1],
  ).toContain('DEL a');
});

test('then-and-now, demo and setup are blocks too', () => {
  const notes = '- topic: t\n  then: old\n  now: new\n  since: "8.4"';
  const demo = 'widget: round-trips\ntitle: T\ncaption: c\nparameters: {commands: 5}';
  expect(
    blocks(
      fence('then-and-now', notes) + fence('demo', demo) + fence('setup title=Seed', '> SET a 1'),
    ),
  ).toMatchObject([
    // biome-ignore lint/suspicious/noThenProperty: what the page calls it; nothing awaits it.
    { kind: 'then-and-now', notes: [{ topic: 't', then: 'old', now: 'new', since: '8.4' }] },
    { kind: 'demo', widget: 'round-trips', parameters: { commands: 5 } },
    { kind: 'setup', title: 'Seed' },
  ]);
});

test('links to lessons become paths, other links open elsewhere', () => {
  expect(blocks('[Lua](lesson:lua-scripting), [docs](https://redis.io)')).toMatchObject([
    {
      html: '<p><a href="/lessons/lua-scripting" data-lesson="lua-scripting">Lua</a>, <a href="https://redis.io" rel="noreferrer" target="_blank">docs</a></p>',
    },
  ]);
});

test.each([
  ['unknown fence', fence('cobol', 'x'), '2: unknown fence cobol'],
  ['unknown word', fence('redis running', '> PING'), '2: unknown word running'],
  ['bad transcript', fence('redis', '> PING\n\nPONG'), '5: a reply to nothing'],
  ['bad directive', fence('setup', '> PING\n@jump'), '4: unknown directive @jump'],
  ['raw HTML', 'Hi <b>you</b>.', '1: raw HTML is not allowed'],
  ['top heading', 'Hi.\n\n# No', '3: a # or ## heading is not allowed here'],
  [
    'output of redis',
    fence('redis', '> PING') + fence('output', 'x'),
    '6: output must follow a block of code, not of redis',
  ],
  ['two short answers', fence('short', 'x'), '2: a second short answer'],
  ['an id twice', fence('quiz', quiz) + fence('quiz', quiz), '14: q is used twice'],
  ['YAML that is none', fence('quiz', 'id: q\nask: "open'), '4: Missing closing "quote'],
  ['an unknown key', fence('quiz', `${quiz}\nhint: x`), '12: unknown key hint'],
  [
    'no right option',
    fence('quiz', quiz.replace('    correct: true\n', '    misconception: m\n')),
    '5: options: no option is correct',
  ],
  [
    'an unnamed misconception',
    fence('quiz', quiz.replace('    misconception: B is A\n', '')),
    '9: options.1: a wrong option names its misconception, a right one has none',
  ],
  [
    'an unknown demo',
    fence('demo', 'widget: fireworks\ntitle: T\ncaption: c'),
    '3: widget: no demo widget is called so',
  ],
  [
    'an unknown parameter of a demo',
    fence('demo', 'widget: score\ntitle: T\ncaption: c\nparameters:\n  readres: 2'),
    '7: parameters.readres: unknown key readres',
  ],
  [
    'HTML in an option',
    fence('quiz', quiz.replace('No.', '<i>No.</i>')),
    '11: raw HTML is not allowed',
  ],
  [
    'an unknown condition',
    fence('challenge', challenge.replace('check: value', 'check: valu')),
    '10: goal.0.check: no condition is called so',
  ],
  [
    'a mistaken condition',
    fence('challenge', challenge.replace('key: a', 'kye: a')),
    '11: goal.0.kye: unknown key kye',
  ],
  [
    'two expectations',
    fence('challenge', challenge.replace('is: 1', 'is: 1\n    matches: "1"')),
    '9: goal.0: exactly one of',
  ],
  [
    'a wrong attempt at nothing',
    fence('challenge', challenge.replace('"> GET a", fails: set', '"> GET a", fails: sett')),
    '19: wrong.0.fails: no goal is called sett',
  ],
  [
    'too few wrong attempts',
    fence('challenge', challenge.replace(/ {2}- \{title: none.*\n/, '')),
    '18: wrong: Too small',
  ],
  [
    'a broken attempt',
    fence('challenge', challenge.replace('      > DEL a', '      > DEL a\n      @jump')),
    '24: unknown directive @jump',
  ],
  [
    'two commands to predict',
    fence('predict', predict.replace('"> GET a"', '"> GET a\\n> GET b"')),
    '7: one command is needed',
  ],
])('%s is told with its line', (_what, body, expected) => {
  expect(mistake(body).slice(0, expected.length)).toBe(expected);
});

test('front matter is checked too, at its line', () => {
  const wrong = head.replace('minutes: 5', 'minutes: soon');
  expect(() => parseLesson('content/07-x.md', wrong)).toThrow(/^content\/07-x\.md:6: minutes: /);
  expect(() => parseLesson('content/x.md', head)).toThrow('the file name must be NN-slug.md');
  expect(() => parseLesson('content/07-x.md', 'Hi.')).toThrow('front matter is missing');
  const silent = head.replace(/```short[\s\S]*?```/, '');
  expect(() => parseLesson('content/07-x.md', silent)).toThrow('the short answer is missing');
});

test('a stretch begins at setup, at fresh, and at a lab of its own', () => {
  const lesson = parse(
    [
      fence('redis run', '> PING'),
      fence('python', 'shown only'),
      fence('redis run', '> PING'),
      fence('setup', '> PING'),
      fence('redis run', '> PING'),
      fence('redis run id=last fresh', '> PING'),
      fence('redis run lab=cluster', '> PING'),
    ].join(''),
  );
  const ids = stretchesOf(lesson).map(({ lab, blocks }) => [lab, ...blocks.map(({ id }) => id)]);
  expect(ids).toEqual([
    ['standalone', 'example-1', 'example-3'],
    ['standalone', 'example-4', 'example-5'],
    ['standalone', 'last'],
    ['cluster', 'example-6'],
  ]);
  expect(neededBefore(lesson, 'example-5').map(({ id }) => id)).toEqual(['example-4']);
  expect(neededBefore(lesson, 'last')).toEqual([]);
});
