import { expect, test } from 'vitest';
import { faultsOf } from './faults.ts';

const printed = (text: string) => ({
  source: '',
  outcomes: [],
  screen: { chunks: [{ stream: 'err' as const, text }], loading: undefined },
});

test.each([
  [
    'python',
    'Traceback (most recent call last):\n  File "/home/learner/example.py", line 3, in <module>\n    f()\n  File "/home/learner/example.py", line 2, in f\nredis.exceptions.ResponseError: WRONGTYPE\n',
    { line: 2, message: 'redis.exceptions.ResponseError: WRONGTYPE' },
  ],
  [
    'python',
    '  File "/home/learner/example.py", line 1\n    if x\n        ^\nSyntaxError: expected \':\'\n',
    { line: 1, message: "SyntaxError: expected ':'" },
  ],
  [
    'node',
    '/home/learner/example.js:2\nconst b = ;\n          ^\n\nSyntaxError: Unexpected token\n',
    { line: 2, message: 'SyntaxError: Unexpected token' },
  ],
  [
    'conf',
    "\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\nReading the configuration file, at line 2\n>>> 'appendonly perhaps'\nargument must be 'yes' or 'no'\n",
    { line: 2, message: "argument must be 'yes' or 'no'" },
  ],
] as const)('%s says where it failed', (language, text, fault) => {
  expect(faultsOf(language, printed(text))).toEqual([fault]);
});

test('a transcript and a script say it elsewhere', () => {
  const problem = 'line 2: unknown directive @jump';
  expect(faultsOf('redis', { source: '', outcomes: [], problem })).toEqual([
    { line: 2, message: 'unknown directive @jump' },
  ]);
  const reply =
    "(error) ERR Error compiling script (new function): user_script:3: '=' expected near 'x'";
  expect(faultsOf('lua', { source: '', outcomes: [{ reply }] })).toEqual([
    { line: 3, message: "'=' expected near 'x'" },
  ]);
});

test('a server that cannot begin to speak TLS says what is missing, not where', () => {
  const said = printed('9:M 23 Nov 2026 19:57:41.092 # No tls-key-file configured!\n');
  const source = 'port 0\ntls-port 6380\ntls-cert-file a.crt\nappendonly yes';
  expect(faultsOf('conf', { ...said, source })).toEqual([
    { line: 3, message: 'No tls-key-file configured!' },
  ]);
});

test('what went well has no faults', () => {
  expect(faultsOf('python', { source: '', outcomes: [] })).toEqual([]);
  expect(faultsOf('toString', printed('line 1: x'))).toEqual([]);
});
