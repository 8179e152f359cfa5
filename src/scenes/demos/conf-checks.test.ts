import { expect, test } from 'vitest';
import { confChecks, readConf } from './conf-checks.ts';

const CARELESS = 'bind 0.0.0.0\nport 6379\nprotected-mode no';

const failing = (text: string): string[] =>
  confChecks.filter((check) => !check.holds(readConf(text))).map(({ id }) => id);

test('a careless file fails everything, and is good when each item has been mended', () => {
  expect(failing(CARELESS)).toEqual(confChecks.map(({ id }) => id));
  expect(failing(confChecks.reduce((text, check) => check.mend(text), CARELESS))).toEqual([]);
});

test('mending one item puts that item right, in any order', () => {
  for (const check of confChecks) expect(failing(check.mend(CARELESS))).not.toContain(check.id);
  const backwards = [...confChecks].reverse().reduce((text, check) => check.mend(text), CARELESS);
  expect(failing(backwards)).toEqual([]);
});

test.each([
  ['auth', 'user default off\nuser app on nopass ~app:* +@read'],
  ['dangerous', 'user default off\nuser app on >s ~app:* -@dangerous +@all'],
  ['bind', 'bind 10.0.0.5 203.0.113.7'],
  ['tls', 'port 0\ntls-port 6380\ntls-cert-file redis.crt'],
  ['port', 'port 0\ntls-port 6379'],
])('%s fails for: %s', (id, text) => {
  expect(failing(text)).toContain(id);
});

test('remarks and later lines are read as redis-server reads them', () => {
  expect(failing('# bind 0.0.0.0\nbind 0.0.0.0\nbind 127.0.0.1')).not.toContain('bind');
});
