import { expect, test } from 'vitest';
import { readIndexes, writeIndexes } from './rdb-indexes.ts';

test('indexes are read as they were written, byte for byte', () => {
  const commands = [['FT.CREATE', 'i', 'PREFIX', '1', '\xff"\0', 'SCHEMA', 't', 'TEXT']];
  expect(readIndexes(new Map([writeIndexes(commands)]))).toEqual(commands);
  expect(readIndexes(new Map())).toEqual([]);
});

test.each(['', '{', '{}', '[1]', '[["FT.CREATE", 1]]'])('%j are no indexes', (field) => {
  const [name] = writeIndexes([]);
  expect(() => readIndexes(new Map([[name, field]]))).toThrow('indexes that cannot be read');
});
