import { expect, test } from 'vitest';
import { runProgram } from '../runtimes/program.ts';
import type { Screen } from '../runtimes/screen.ts';
import { startLab } from './terminal.test-data.ts';

/** Runs a script; where a program asks, the next line is typed, and Ctrl-D at their end. */
async function typing(code: string, lines: readonly string[]): Promise<string> {
  const left = [...lines];
  let last: Screen | undefined;
  const show = (screen: Screen) => {
    const asksAnew = screen.asking && screen.asking !== last?.asking;
    last = screen;
    if (asksAnew) setTimeout(() => screen.asking?.answer(left.shift()));
  };
  const { signal } = new AbortController();
  await runProgram({ language: 'shell', code }, { world: startLab(), signal, show });
  expect(last?.asking).toBeUndefined();
  return last?.chunks.map(({ text }) => text).join('') ?? '';
}

test('redis-cli without a command reads what is typed, and its prompt follows', async () => {
  const lines = [
    'SET a "b c"',
    'SELECT 3',
    'MULTI',
    'PING',
    'EXEC',
    '2 INCR n',
    '"',
    'nosuch',
    'exit',
  ];
  expect(await typing('redis-cli\necho done', lines)).toBe(
    [
      '127.0.0.1:6379> SET a "b c"',
      'OK',
      '127.0.0.1:6379> SELECT 3',
      'OK',
      '127.0.0.1:6379[3]> MULTI',
      'OK',
      '127.0.0.1:6379[3](TX)> PING',
      'QUEUED',
      '127.0.0.1:6379[3](TX)> EXEC',
      '1) PONG',
      '127.0.0.1:6379[3]> 2 INCR n',
      '(integer) 1',
      '(integer) 2',
      '127.0.0.1:6379[3]> "',
      'Invalid argument(s)',
      '127.0.0.1:6379[3]> nosuch',
      "(error) ERR unknown command 'nosuch', with args beginning with: ",
      '127.0.0.1:6379[3]> exit',
      'done\n',
    ].join('\n'),
  );
});

test('redis-cli without a server says so, and can be sent elsewhere', async () => {
  const lines = ['connect 127.0.0.1 6379', 'PING'];
  expect(await typing('redis-cli -p 7', lines)).toBe(
    'Could not connect to Redis at 127.0.0.1:7: Connection refused\n' +
      'not connected> connect 127.0.0.1 6379\n127.0.0.1:6379> PING\nPONG\n127.0.0.1:6379> \n',
  );
});

test('nc sends what is typed', async () => {
  expect(await typing('nc localhost 6379', ['PING', 'ECHO hi'])).toBe(
    'PING\n+PONG\r\nECHO hi\n$2\r\nhi\r\n\n',
  );
});

const script = `cat > f.lua <<'EOF'
local a = redis.call('SET', KEYS[1], ARGV[1])
local b = 2
return {a, b}
EOF
`;
const start = `Lua debugging session started, please use:
quit    -- End the session.
restart -- Restart the script in debug mode again.
help    -- Show Lua script debugging commands.

* Stopped at 1, stop reason = step over
-> 1   local a = redis.call('SET', KEYS[1], ARGV[1])
`;

test('redis-cli --ldb debugs a file, and goes on as a prompt', async () => {
  const lines = ['s', 'p a', 'c', 'GET k', 'restart', 'quit'];
  expect(await typing(`${script}redis-cli --ldb --eval f.lua k , v`, lines)).toBe(
    `${start}lua debugger> s
<redis> SET k v
<reply> "+OK"
* Stopped at 2, stop reason = step over
-> 2   local b = 2
lua debugger> p a
<value> {["ok"]="OK"}
lua debugger> c

1) OK
2) (integer) 2

(Lua debugging session ended -- dataset changes rolled back)

127.0.0.1:6379> GET k
(nil)
127.0.0.1:6379> restart

${start}lua debugger> quit
`,
  );
});

test('what is piped in counts as typed; a session that cannot start says why', async () => {
  const piped = `${script}printf 's\\nc\\n' | redis-cli --ldb-sync-mode --eval f.lua k , v\nredis-cli GET k`;
  const ended = '1) OK\n2) (integer) 2\n\n(Lua debugging session ended)\n\n"v"\n';
  expect((await typing(piped, [])).endsWith(ended)).toBe(true);
  const broken = "echo 'foo(' > bad.lua\nredis-cli --ldb --eval bad.lua\nredis-cli --ldb";
  const said = await typing(broken, []);
  expect(said).toContain("Eval debugging session can't start:\n(error) ERR Error compiling script");
  expect(said).toContain('Options --ldb and --ldb-sync-mode require --eval.\n');
});
