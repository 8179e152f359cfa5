import { expect, test } from 'vitest';
import { printHello, readHello } from './hello.ts';

test('a hello is read as it was printed', () => {
  const text = `10.0.1.1,26379,${'a'.repeat(40)},3,mymaster,10.0.0.1,6379,2`;
  const hello = readHello(text);
  expect(hello).toMatchObject({ ip: '10.0.1.1', port: 26379, epoch: 3, configEpoch: 2 });
  expect(hello && printHello(hello)).toBe(text);
});

test.each([
  '',
  'hello',
  'a,b,c,d,e,f,g,h',
  'a,1,c,1,e,f,1',
  'a,1,c,1,e,f,1,1,1',
  'a,-1,c,1,e,f,1,1',
])('%j is none', (text) => {
  expect(readHello(text)).toBeUndefined();
});
