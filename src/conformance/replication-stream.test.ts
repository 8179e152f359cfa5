import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { RequestDecoder } from '../engine/resp/decode.ts';
import { rows } from '../engine/server/table.ts';
import { seededRandom } from '../engine/time/random.ts';
import { openLua } from '../hosts/lua-file.ts';
import { TcpHost } from '../hosts/tcp.ts';
import { comparable, sequenceOf } from './fuzz/sequence.ts';
import { canCompare, REFERENCE, startRealRedis } from './real-redis.ts';
import { CI_SEED } from './seed.ts';
import { Wire } from './wire.ts';

/**
 * The stream of writes itself: after the same commands a replica of ours has been told, word for word,
 * what one of redis-server has been told.
 */

const seed = Number(process.env.FUZZ_SEED ?? (process.env.CI ? CI_SEED : Date.now() % 1_000_000));

/** A replica that takes no snapshot to heart, and notes what comes after it. */
class Listener {
  readonly #socket: Socket;
  #head = '';
  #skip: number | undefined;
  readonly #decoder = new RequestDecoder(() => ({ maxBulk: 2 ** 29, authenticated: true }));
  readonly heard: string[] = [];

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1' });
    this.#socket.on('data', (chunk) => this.#take(chunk.toString('latin1')));
    this.#socket.write('PSYNC ? -1\r\n');
  }

  get isReady(): boolean {
    return this.#skip === 0;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(bytes: string): void {
    if (this.#skip === undefined) {
      this.#head += bytes;
      const found = /^\s*\+FULLRESYNC [^\r]*\r\n\s*\$(\d+)\r\n/.exec(this.#head);
      if (!found) return;
      this.#skip = Number(found[1]);
      this.#take(this.#head.slice(found[0].length));
      return;
    }
    const rest = bytes.slice(this.#skip);
    this.#skip = Math.max(this.#skip - bytes.length, 0);
    this.#decoder.push(rest);
    for (let argv = this.#decoder.next(); argv; argv = this.#decoder.next()) this.#note(argv);
  }

  /** Without signs of life; instants differ, and the case of words may. */
  #note(argv: readonly string[]): void {
    if (/^(ping|replconf)$/i.test(argv[0] ?? '')) return;
    const line = argv.map((arg) => arg.replace(/\d{13}/g, 'T')).join(' ');
    // An exact limit may be called so; redis-server leaves a LIMIT there that nothing can have then.
    const plain = /^(xadd \S+(?: nomkstream)? (?:maxlen|minid)) = (\S+)(?: limit \S+)?/i;
    const told = line.replace(plain, '$1 $2').toLowerCase();
    // +1, 1 and 1-0 are the same id.
    this.heard.push(told.replace(/^(xadd \S+(?: nomkstream)? minid) \S+/, '$1 ID'));
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !holds(); i++) await new Promise((r) => setTimeout(r, 10));
}

/** What a replica is told while the server runs these commands. */
async function streamOf(port: number, commands: readonly (readonly string[])[]): Promise<string[]> {
  const wire = await Wire.dial('127.0.0.1', port);
  const listener = new Listener(port);
  await until(() => listener.isReady);
  await wire.runAll(commands);
  await wire.run('SET', 'the', 'end');
  await until(() => listener.heard.at(-1) === 'set the end');
  listener.close();
  wire.close();
  return listener.heard;
}

const config = { 'repl-diskless-sync': 'no', 'enable-debug-command': 'yes' };

async function ours(commands: readonly (readonly string[])[]): Promise<string[]> {
  const lab = new Lab({ config, openLua, start: Date.now(), seed });
  const host = new TcpHost(lab, (error) => expect(error).toBeUndefined());
  const [node] = lab.nodes;
  const port = node ? await host.listen(node.accept, { host: '127.0.0.1', port: 0 }) : 0;
  const heard = await streamOf(port, commands);
  await host.close();
  return heard;
}

async function theirs(commands: readonly (readonly string[])[]): Promise<string[]> {
  const redis = await startRealRedis(['--repl-diskless-sync', 'no']);
  const heard = await streamOf(redis.port, commands);
  await redis.stop();
  return heard;
}

/** SPOP is decided by chance; GEOADD becomes a ZADD there, and an LTRIM of nothing is not told. */
const unlike = /^(spop|geoadd|ltrim|reset)$/;

const writing = comparable(rows, REFERENCE).filter(
  ({ flags, group, name }) =>
    (flags.has('write') || flags.has('may_replicate') || group === 'transactions') &&
    !unlike.test(name),
);

describe.runIf(canCompare('streams of writes'))('a replica is told what redis-server tells', () => {
  test('of random commands, transactions and scripts', async () => {
    const commands = sequenceOf(writing, seededRandom(seed), 1500).flat();
    const [mine, real] = await Promise.all([ours(commands), theirs(commands)]);
    const at = mine.findIndex((line, i) => line !== real[i]);
    const around = (heard: readonly string[]) => heard.slice(Math.max(at - 3, 0), at + 3);
    if (at >= 0) expect(around(mine), `seed ${seed}, command ${at}`).toEqual(around(real));
    expect(mine.length).toBe(real.length);
    expect(real.length).toBeGreaterThan(300);
  });
});
