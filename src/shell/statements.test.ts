import { expect, test } from 'vitest';
import { statements } from './statements.ts';

test('what stands between semicolons runs one after the other; quotes and comments have none', () => {
  expect(statements('redis-cli SET a 1; redis-cli GET a')).toEqual([
    'redis-cli SET a 1',
    ' redis-cli GET a',
  ]);
  const quoted = `echo "a;b"; echo c\\;d; echo 'e;f' # g; h`;
  expect(statements(quoted)).toEqual(['echo "a;b"', ' echo c\\;d', " echo 'e;f' # g; h"]);
  expect(statements('echo a; # b; c\n\necho "d\n;e";')).toEqual(['echo a', 'echo "d\n;e"']);
});

test.each([
  'for i in 1 2; do echo $i; done',
  'if true; then echo a; fi; echo b',
  'f() { echo a; }; f',
  'set -e; false; echo never',
  'cd /tmp; exec 3>file; echo a >&3',
  'cat <<END; echo a\nx; y\nEND',
])('%s is one statement', (script) => {
  expect(statements(script)).toEqual([script]);
});
