import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { encodeCommand } from '../engine/resp/encode.ts';
import { quote } from '../engine/resp/print.ts';
import { seededRandom } from '../engine/time/random.ts';
import { badFrame } from './bad-frames.ts';
import { canCompare, type RealRedis, startRealRedis } from './real-redis.ts';
import { CI_SEED } from './seed.ts';
import { Wire } from './wire.ts';

/** What redis-server says to bytes that are no commands, and whether it hangs up. */

const seed = Number(process.env.FUZZ_SEED ?? (process.env.CI ? CI_SEED : Date.now() % 1_000_000));
const FRAMES = Number(process.env.BAD_FRAMES ?? 10_000);

/** What came back, and whether the server closed the connection. */
interface Answer {
  readonly raw: string;
  readonly closed: boolean;
}

describe.runIf(canCompare('malformed RESP'))(`malformed RESP, seed ${seed}`, async () => {
  const redis: RealRedis = await startRealRedis();
  const stranger = await Wire.dial(redis.host, redis.port);
  afterAll(() => redis.stop());

  test(`${FRAMES} bad frames get the same answer and the same end`, async () => {
    const random = seededRandom(seed);
    const differing: string[] = [];
    const lab = new Lab();
    for (let i = 0; i < FRAMES && differing.length < 20; i++) {
      const frame = badFrame(random);
      const ours = askEngine(lab, frame);
      const theirs = await askRedis(redis, stranger, frame, ours.closed);
      if (ours.raw === theirs.raw && ours.closed === theirs.closed) continue;
      differing.push(
        `${quote(frame.slice(0, 300))}\n${print(ours)}\n-- redis-server:\n${print(theirs)}`,
      );
    }
    expect(differing.join('\n\n')).toBe('');
  });

  test.each([
    ['SETRANGE', 'k', String(600 * 1024 * 1024), 'x'],
    ['SETRANGE', 'k', '536870912', 'x'],
    ['SETRANGE', 'k', '-1', 'x'],
    ['LPUSH', 'k'],
    ['OBJECT'],
    ['NOSUCH', 'x'.repeat(500)],
  ])('%s %s %s is refused in the same words, and costs nothing', async (...argv) => {
    const wire = await Wire.dial(redis.host, redis.port);
    const lab = new Lab();
    const heapBefore = process.memoryUsage().heapUsed;
    expect(askEngine(lab, encodeCommand(argv)).raw).toBe((await wire.run(...argv)).raw);
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(2 ** 26);
    expect(askEngine(lab, 'PING\r\n').raw).toBe('+PONG\r\n');
    wire.close();
  });
});

function askEngine(lab: Lab, frame: string): Answer {
  let raw = '';
  let closed = false;
  const connection = lab.dial(lab.address, '127.0.0.1', {
    onData: (bytes) => {
      raw += bytes;
    },
    onClose: () => {
      closed = true;
    },
  });
  connection?.send(frame);
  connection?.close();
  return { raw, closed };
}

/**
 * What has come when two later requests of a stranger have been answered is all that will come; an
 * end that we expect may take longer to be noticed.
 */
async function askRedis(
  redis: RealRedis,
  stranger: Wire,
  frame: string,
  mayClose: boolean,
): Promise<Answer> {
  const wire = await Wire.dial(redis.host, redis.port);
  wire.write(frame);
  // It reads 16 KB at a time, and listens to others in between.
  const rounds = 2 + frame.length / 4096;
  for (let i = 0; i < rounds || (mayClose && !wire.closed && i < 100); i++) {
    await stranger.run('PING');
    await nextTurn();
  }
  const answer = { raw: wire.raw, closed: wire.closed };
  wire.close();
  return answer;
}

const print = ({ raw, closed }: Answer) => `${quote(raw)}${closed ? ', closed' : ''}`;
