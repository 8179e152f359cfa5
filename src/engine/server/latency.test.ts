import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

async function sleeper() {
  const config = { 'enable-debug-command': 'yes', 'latency-monitor-threshold': '50' };
  const lab = new Lab({ config });
  const session = new LabSession(lab);
  const run = async (command: string) => (await session.send('', [command])).reply;
  const sleep = async (seconds: number) => {
    await run(`DEBUG SLEEP ${seconds}`);
    await session.steer({ name: 'advance', args: [`${seconds * 1000}ms`] });
  };
  return { lab, run, sleep };
}

test('what takes as long as the threshold is remembered, the worst of each second', async () => {
  const { lab, run, sleep } = await sleeper();
  await sleep(0.049);
  expect(await run('LATENCY LATEST')).toBe('(empty array)');
  await sleep(0.06);
  await sleep(0.08);
  await sleep(0.07);
  lab.clock.advance(1000);
  await sleep(0.05);
  expect(await run('LATENCY LATEST')).toBe(
    '1) 1) "command"\n   2) (integer) 1767225601\n   3) (integer) 50\n   4) (integer) 80',
  );
  expect(await run('LATENCY HISTORY command')).toBe(
    '1) 1) (integer) 1767225600\n   2) (integer) 80\n2) 1) (integer) 1767225601\n   2) (integer) 50',
  );
  expect(await run('LATENCY RESET nothing command')).toBe('(integer) 1');
  expect(await run('LATENCY LATEST')).toBe('(empty array)');
});

test('no more than 160 spikes are remembered', async () => {
  const { lab, run, sleep } = await sleeper();
  for (let i = 0; i < 200; i++) {
    await sleep(0.05);
    lab.clock.advance(1000);
  }
  expect((await run('LATENCY HISTORY command'))?.match(/^ *\d+\) 1\)/gm)?.length).toBe(160);
});

test('LATENCY HISTOGRAM tells how long the calls of a command took', async () => {
  const { run, sleep } = await sleeper();
  await sleep(0.03);
  expect(await run('LATENCY HISTOGRAM debug nothing')).toBe(
    [
      '1) "debug"',
      '2) 1) "calls"',
      '   2) (integer) 1',
      '   3) "histogram_usec"',
      '   4) 1) (integer) 33816',
      '      2) (integer) 1',
    ].join('\n'),
  );
  await run('CONFIG SET latency-tracking no');
  await run('PING');
  expect(await run('LATENCY HISTOGRAM ping')).toBe('(empty array)');
});
