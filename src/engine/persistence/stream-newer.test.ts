import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { VirtualDisk } from './disk.ts';

/** What streams know since Redis 8, and what is left of it after a restart. */

type Config = Readonly<Record<string, string>>;

function start(disk: VirtualDisk, config: Config) {
  const session = new LabSession(new Lab({ disk, config }));
  return async (line: string) => (await session.send('', [line])).reply;
}

/** Entries given back in another order than that of their ids, and one that is owed. */
const story = [
  'XADD s 1-0 f v',
  'XADD s 2-0 f v',
  'XADD s 3-0 f v',
  'XGROUP CREATE s g 0',
  'XREADGROUP GROUP g alice STREAMS s >',
  'XNACK s g FATAL IDS 1 2-0',
  'XNACK s g FAIL IDS 1 1-0',
];

const pending = [
  ...['1) 1) "1-0"', '   2) ""', '   3) (integer) -1', '   4) (integer) 1'],
  ...['2) 1) "2-0"', '   2) ""', '   3) (integer) -1', '   4) (integer) 9223372036854775807'],
].join('\n');

test.each<Config>([
  { appendonly: 'no' },
  { appendonly: 'yes' },
  { appendonly: 'yes', 'aof-use-rdb-preamble': 'no' },
])('what was given back is still so after a restart: %o', async (config) => {
  const disk = new VirtualDisk();
  const run = start(disk, config);
  for (const line of story) await run(line);
  await run(config.appendonly === 'yes' ? 'BGREWRITEAOF' : 'SAVE');
  await run('DEBUG SLEEP 0');
  const next = start(disk, config);
  expect(await next('XPENDING s g - 2-0 10')).toBe(pending);
  expect(await next('XINFO CONSUMERS s g')).toContain('"alice"');
  expect(await next('XPENDING s g - + 10 alice')).toContain('"3-0"');
});

test('an entry that was added once is not added again after a restart from commands', async () => {
  const disk = new VirtualDisk();
  const config = { appendonly: 'yes', 'aof-use-rdb-preamble': 'no' };
  const run = start(disk, config);
  const id = await run('XADD s IDMP shop order-1 * f v');
  const next = start(disk, config);
  expect(await next('XADD s IDMP shop order-1 * f v')).toBe(id);
  expect(await next('XLEN s')).toBe('(integer) 1');
});

test('what was claimed by time is propagated as what came of it', async () => {
  const lab = new Lab();
  const propagated: string[] = [];
  lab.nodes[0]?.server.propagation.listeners.add((_, argv) => propagated.push(argv.join(' ')));
  const session = new LabSession(lab);
  for (const line of story) await session.send('', [line]);
  propagated.length = 0;
  await session.send('', ['XADD s 4-0 f v']);
  await session.send('', ['XREADGROUP GROUP g bob CLAIM 1000 STREAMS s >']);
  const time = `TIME ${lab.clock.now}`;
  expect(propagated).toEqual([
    'XADD s 4-0 f v',
    'MULTI',
    `XCLAIM s g bob 0 2-0 ${time} RETRYCOUNT 9223372036854775807 FORCE JUSTID LASTID 3-0`,
    `XCLAIM s g bob 0 1-0 ${time} RETRYCOUNT 2 FORCE JUSTID LASTID 3-0`,
    `XCLAIM s g bob 0 4-0 ${time} RETRYCOUNT 1 FORCE JUSTID LASTID 4-0`,
    'XGROUP SETID s g 4-0 ENTRIESREAD 4',
    'EXEC',
  ]);
});
