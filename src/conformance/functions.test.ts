import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Lab, type LabOptions } from '../engine/lab/lab.ts';
import { VirtualDisk } from '../engine/persistence/disk.ts';
import { openLua } from '../hosts/lua-file.ts';
import { type Frame, printFrame } from './frame.ts';
import { LabWire } from './lab-wire.ts';
import { canCompare } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';

/** Libraries of functions carried from one server to the other, both ways: payloads and files. */

const one = `#!lua name=one
redis.register_function('hello', function(keys, args) return 'hello ' .. args[1] end)`;
/** Long enough to be compressed. */
const two = `#!lua name=two
redis.register_function{
  function_name = 'count', description = 'how many keys',
  callback = function(keys) return #keys end, flags = {'no-writes', 'allow-stale'}
}
-- ${'so it is '.repeat(40)}`;

function engine(options: LabOptions = {}) {
  const lab = new Lab({ start: Date.now(), openLua, ...options });
  const wire = new LabWire(lab);
  return { lab, run: async (...argv: string[]): Promise<Frame> => wire.run(...argv) };
}

describe.runIf(canCompare('functions'))('functions', () => {
  const real = useRealRedis();
  const theirs = (...argv: string[]) => real.wire.run(...argv);

  type Run = typeof theirs;

  async function expectBoth(run: Run): Promise<void> {
    expect(printFrame(await run('FCALL', 'hello', '0', 'you'))).toBe('"hello you"');
    expect(printFrame(await run('FCALL_RO', 'count', '2', 'a', 'b'))).toBe('(integer) 2');
    const listed = printFrame(await run('FUNCTION', 'LIST', 'WITHCODE'));
    expect(listed).toContain('so it is so it is');
    expect(listed).toContain('"how many keys"');
  }

  const loadBoth = async (run: Run) => {
    await run('FUNCTION', 'FLUSH');
    for (const code of [one, two]) await run('FUNCTION', 'LOAD', code);
  };

  test('what FUNCTION DUMP writes, the other restores', async () => {
    const { run: ours } = engine();
    for (const [from, to] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      await loadBoth(from);
      const { text } = await from('FUNCTION', 'DUMP');
      await to('FUNCTION', 'FLUSH');
      expect((await to('FUNCTION', 'RESTORE', text)).text).toBe('OK');
      await expectBoth(to);
    }
  });

  test('a snapshot holds them, and the other loads them from it', async () => {
    const disk = new VirtualDisk();
    const { run: ours } = engine({ disk });
    const file = join(real.redis.dir, 'dump.rdb');
    await loadBoth(ours);
    await ours('SAVE');
    writeFileSync(file, disk.read('/data/dump.rdb') as string, 'latin1');
    await theirs('FUNCTION', 'FLUSH');
    expect((await theirs('DEBUG', 'RELOAD', 'NOSAVE')).text).toBe('OK');
    await expectBoth(theirs);

    await theirs('SAVE');
    disk.write('/data/dump.rdb', readFileSync(file, 'latin1'));
    await expectBoth(engine({ disk }).run);
  });

  test.each(['yes', 'no'])('an append-only file holds them (preamble %s)', async (preamble) => {
    const config = { appendonly: 'yes', 'aof-use-rdb-preamble': preamble };
    const disk = new VirtualDisk();
    const { lab, run } = engine({ disk, config });
    await run('FUNCTION', 'LOAD', one);
    await run('BGREWRITEAOF');
    lab.clock.advance(1000);
    await run('FUNCTION', 'LOAD', two);
    await expectBoth(engine({ disk, config }).run);
  });

  test('DEBUG RELOAD keeps them', async () => {
    const { run } = engine({ config: { 'enable-debug-command': 'yes' } });
    await loadBoth(run);
    expect((await run('DEBUG', 'RELOAD')).text).toBe('OK');
    await expectBoth(run);
  });
});
