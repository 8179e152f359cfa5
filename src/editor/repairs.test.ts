import { expect, test } from 'vitest';
import { repairsOf } from './repairs.ts';

const directives = ['maxmemory', 'maxmemory-policy', 'appendonly', 'requirepass', 'port'];

test.each([
  ['port 1\nmaxmemory 10mb # ten', 2, 'wrong number of arguments', 'port 1\n# ten\nmaxmemory 10mb'],
  ['maxmemory-polici noeviction', 1, 'Bad directive or …', 'maxmemory-policy noeviction'],
  ['appendonly true', 1, "argument must be 'yes' or 'no'", 'appendonly yes'],
  ['maxmemory 100 mb', 1, 'wrong number of arguments', 'maxmemory 100mb'],
  ['requirepass "abc', 1, 'Unbalanced quotes in configuration line', 'requirepass "abc"'],
  [
    'maxmemory-policy allkeys_lru',
    1,
    'argument(s) must be one of the following: allkeys-lru, noeviction',
    'maxmemory-policy allkeys-lru',
  ],
  [
    'tls-port 6380\ntls-cert-file /tls/redis.crt',
    2,
    'No tls-key-file configured!',
    'tls-port 6380\ntls-cert-file /tls/redis.crt\ntls-key-file /tls/redis.key',
  ],
] as const)('%j refused at line %i with %s is mended', (text, line, message, mended) => {
  expect(repairsOf(text, { line, message }, directives).map(({ text }) => text)).toEqual([mended]);
});

test.each([
  ['nonsense 1', 'Bad directive or wrong number of arguments'],
  ['requirepass "a # b"', 'wrong number of arguments'],
  ['appendonly perhaps', "argument must be 'yes' or 'no'"],
  ['', 'nothing'],
] as const)('%j has no repair that could be meant', (text, message) => {
  expect(repairsOf(text, { line: 1, message }, directives)).toEqual([]);
});
