import { describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import type { Frame } from './frame.ts';
import { LabWire } from './lab-wire.ts';
import { canCompare } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';

/** What the server tells of itself has the same fields in the same order; the values are its own. */

/** In INFO since 7.4, and since 8.0, where modules are there from the start. */
const newerFields = ['expired_subkeys:', 'module:'];

/** A section of 8.0, behind all others. */
const newerSection = /\r\n# Keysizes\r\n[^#]*$/;

/** In CLIENT LIST since 7.2, 7.4 and 8.0. */
const newerClientFields = ['lib-name', 'lib-ver', 'watch', 'io-thread'];

const fill = [['SET', 'a', '1', 'EX', '1000'], ['SELECT', '3'], ['SET', 'b', '1'], ['NOSUCH']];

describe.runIf(canCompare('INFO'))('the server tells of itself', () => {
  const real = useRealRedis();

  /** The last reply of both servers to some commands, one after the other. */
  const both = async (...commands: readonly string[][]): Promise<[Frame, Frame]> => {
    const sent = [...fill, ...commands];
    const ours = new LabWire(new Lab()).runAll(sent);
    return [ours.at(-1) as Frame, (await real.wire.runAll(sent)).at(-1) as Frame];
  };

  const sections = [
    ...['server', 'clients', 'memory', 'persistence', 'stats', 'replication', 'cpu', 'modules'],
    ...['errorstats', 'cluster', 'keyspace'],
  ];

  test.each([['INFO'], ['INFO', 'nosuch'], ...sections.map((name) => ['INFO', name])])(
    '%s %s',
    async (...argv) => {
      const fields = ({ text }: Frame) =>
        text.split('\r\n').map((line) => line.replace(/:.*/, ':'));
      const [ours, theirs] = await both(argv);
      const older = { ...ours, text: ours.text.replace(newerSection, '') };
      const known = fields(older).filter((field) => !newerFields.includes(field));
      expect(known).toEqual(fields(theirs));
    },
  );

  test('INFO commandstats and latencystats', async () => {
    const own = ({ text }: Frame) =>
      text
        .split('\r\n')
        .filter((line) => /_(set|select|info)?:/.test(line))
        .map((line) => line.replaceAll(/=[\d.]+/g, '='))
        .sort();
    for (const section of ['commandstats', 'latencystats']) {
      const [ours, theirs] = await both(['INFO', section], ['INFO', section]);
      expect(own(ours)).toEqual(own(theirs));
    }
  });

  test('CLIENT LIST and CLIENT INFO', async () => {
    const fields = ({ text }: Frame) =>
      text
        .trim()
        .split(' ')
        .map((field) => field.replace(/=.*/, ''));
    for (const subcommand of ['LIST', 'INFO']) {
      const [ours, theirs] = await both(['CLIENT', subcommand]);
      const known = fields(ours).filter((field) => !newerClientFields.includes(field));
      expect(known).toEqual(fields(theirs));
    }
  });

  test('MEMORY STATS', async () => {
    const keys = ({ items = [] }: Frame) =>
      items.filter((_, i) => i % 2 === 0).map(({ text }) => text);
    const [ours, theirs] = await both(['MEMORY', 'STATS']);
    expect(keys(ours)).toEqual(keys(theirs));
  });
});
