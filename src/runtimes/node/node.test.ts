import { expect, test } from 'vitest';
import { compile, Unreadable } from './compile.ts';
import { nodeConsole } from './console.ts';

test('TypeScript, either manner of importing and await anywhere come to one function', async () => {
  const { run, modules } = compile(
    "import { a } from 'one';\nconst b: number = require('two').b;\nexports.sum = a + b + (await 3);",
  );
  expect(modules).toEqual(['one', 'two']);
  const exports: { sum?: number } = {};
  await run(exports, (name: string) => (name === 'one' ? { a: 1 } : { b: 2 }));
  expect(exports.sum).toBe(6);
});

test.each([
  ['const a = 1;\nconst b = ;', 2, 10],
  ['let a;\nlet a;', 2, 4],
  ['function f( {\n', 2, 0],
])('%j cannot be read, and its place is told', (code, line, column) => {
  try {
    compile(code);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(Unreadable);
    expect(error).toMatchObject({ line, column });
  }
});

test('console prints as Node does', () => {
  let printed = '';
  const console = nodeConsole((stream, text) => {
    printed += `${stream} ${text}`;
  });
  console.log('%s is %d', 'a', 1, { b: [1, 'two'] });
  console.group('outer');
  console.error(new Map([['k', null]]));
  console.groupEnd();
  console.table([{ a: 1, b: 'x' }, { a: 22 }]);
  console.assert(false, 'no');
  console.count();
  expect(printed).toBe(`out a is 1 { b: [ 1, 'two' ] }
out outer
err   Map(1) { 'k' => null }
out ┌─────────┬────┬─────┐
│ (index) │ a  │ b   │
├─────────┼────┼─────┤
│ 0       │ 1  │ 'x' │
│ 1       │ 22 │     │
└─────────┴────┴─────┘
err Assertion failed: no
out default: 1
`);
});
