import { expect, test } from 'vitest';
import { RedisError } from './errors.ts';

test('an error reply does not tell where it was made, and every other error still does', () => {
  expect(new RedisError('ERR no').stack).not.toContain('\n    at ');
  expect(new Error('a bug').stack).toContain('\n    at ');
});
