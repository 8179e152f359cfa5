import { afterEach, describe, expect, test, vi } from 'vitest';
import { RedisError } from '../engine/errors.ts';
import { Push } from '../engine/resp/reply.ts';
import { startInProcessWorld } from '../hosts/in-process.ts';
import { Client, ConnectionLost } from './client.ts';
import { startWorld, type WorkerLike, type World, WorldError } from './link.ts';

const ADDRESS = '127.0.0.1:6379';
const START_MS = Date.UTC(2026, 0, 1);

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.stop();
});

function start(rate = 0): World {
  const world = startInProcessWorld({
    topology: { kind: 'standalone' },
    ...{ seed: 1, startMs: START_MS, rate },
  });
  worlds.push(world);
  return world;
}

const connect = (world: World, protocol: 2 | 3 = 3) =>
  new Client(world.dial, ADDRESS, { protocol });

const rebuild = (world: World) =>
  world.control({ do: 'build', topology: { kind: 'standalone' }, seed: 1, startMs: START_MS });

describe('a client', () => {
  test('gets its replies in order, whatever their kind', async () => {
    const client = connect(start());
    const replies = await Promise.all([
      client.send(['SET', 'k', 'v']),
      client.send(['INCR', 'k']),
      client.send(['GET', 'k']),
    ]);
    expect(replies).toMatchObject([{ text: 'OK' }, { code: 'ERR' }, 'v']);
  });

  test('an error reply is thrown by call and returned by send', async () => {
    const client = connect(start());
    await expect(client.call('NOSUCH')).rejects.toBeInstanceOf(RedisError);
    expect(await client.send(['NOSUCH'])).toBeInstanceOf(RedisError);
  });

  test('a pipeline leaves as one message', async () => {
    const world = start();
    const sent: number[] = [];
    const client = new Client(
      (address, listener) => {
        const socket = world.dial(address, listener);
        return {
          ...{ settled: () => socket.settled(), close: () => socket.close() },
          send(bytes) {
            sent.push(bytes.length);
            socket.send(bytes);
          },
        };
      },
      ADDRESS,
      { protocol: 2 },
    );
    const replies = await client.pipeline([
      ['INCR', 'n'],
      ['INCR', 'n'],
      ['INCR', 'n'],
    ]);
    expect(replies).toEqual([1, 2, 3]);
    expect(sent).toHaveLength(1);
  });

  test('bytes survive the way there and back', async () => {
    const client = connect(start());
    const bytes = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join('');
    await client.call('SET', 'k', bytes);
    expect(await client.call('GET', 'k')).toBe(bytes);
    const long = bytes.repeat(4096);
    await client.call('SET', 'k', long);
    expect(await client.call('GET', 'k')).toBe(long);
  });

  test('pushes do not mix with replies', async () => {
    const world = start();
    const subscriber = connect(world);
    const pushes: unknown[] = [];
    subscriber.onPush((push) => pushes.push(push));
    subscriber.sendQuietly(['SUBSCRIBE', 'news']);
    await subscriber.call('PING');
    await connect(world).call('PUBLISH', 'news', 'hi');
    await expect
      .poll(() => pushes)
      .toEqual([new Push(['subscribe', 'news', 1]), new Push(['message', 'news', 'hi'])]);
  });

  test('what is under way when the connection ends is lost; the next command dials again', async () => {
    const world = start();
    const client = connect(world);
    const ended = vi.fn();
    client.onClose(ended);
    const blocked = expect(client.call('BLPOP', 'q', '0')).rejects.toThrow(ConnectionLost);
    const id = await connect(world).call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    expect(id).toBe(1);
    await blocked;
    expect(ended).toHaveBeenCalledWith('closed');
    expect(await client.call('PING')).toMatchObject({ text: 'PONG' });
  });

  test('a refused connection is named', async () => {
    const client = new Client(start().dial, '127.0.0.1:1');
    await expect(client.call('PING')).rejects.toThrow(
      'Could not connect to Redis at 127.0.0.1:1: Connection refused',
    );
  });
});

describe('a world', () => {
  test('settled waits for all that was sent, and tells a silent client from a slow one', async () => {
    const world = start();
    const heard: number[] = [];
    const socket = world.dial(ADDRESS, { onData: (data) => heard.push(data.length), onClose() {} });
    socket.send(new TextEncoder().encode('PING\r\n'));
    await socket.settled();
    expect(heard).toEqual([7]);
    socket.send(new TextEncoder().encode('BLPOP q 0\r\n'));
    await socket.settled();
    expect(heard).toEqual([7]);
  });

  test('time stands still until it is moved', async () => {
    const world = start();
    const client = connect(world);
    await client.call('SET', 'k', 'v', 'PX', '60000');
    expect(await client.call('PTTL', 'k')).toBe(60_000);
    const state = await world.control({ do: 'advance', ms: 59_000 });
    expect(state.nowMs).toBe(START_MS + 59_000);
    expect(await client.call('PTTL', 'k')).toBe(1000);
    await world.control({ do: 'advance', ms: 1000 });
    expect(await client.call('GET', 'k')).toBeNull();
  });

  test('at rate 100 it follows real time a hundredfold, and ticks', async () => {
    const world = start(100);
    const ticked = vi.fn();
    world.onTick(ticked);
    const client = connect(world);
    await client.call('SET', 'k', 'v', 'PX', '1000');
    await expect.poll(() => client.call('GET', 'k')).toBeNull();
    expect(ticked).toHaveBeenCalled();
    expect(world.now()).toBeGreaterThan(START_MS + 1000);
  });

  test('a new world is empty, and the one before it comes back with undo', async () => {
    const world = start();
    const client = connect(world);
    await client.call('SET', 'k', 'v', 'PX', '5000');
    expect((await rebuild(world)).canUndo).toBe(true);
    expect(await client.call('GET', 'k')).toBeNull();
    await world.control({ do: 'advance', ms: 60_000 });
    await world.control({ do: 'undo' });
    expect(await client.call('PTTL', 'k')).toBe(5000);
    await world.control({ do: 'undo' });
    expect(await client.call('GET', 'k')).toBeNull();
  });

  test('replacing a world resets its connections', async () => {
    const world = start();
    const closed = vi.fn();
    const socket = world.dial(ADDRESS, { onData() {}, onClose: closed });
    await socket.settled();
    await rebuild(world);
    await socket.settled();
    expect(closed).toHaveBeenCalledExactlyOnceWith('reset');
  });

  test('what cannot be done is refused with a code, and nothing happens', async () => {
    const world = start();
    const undo = world.control({ do: 'undo' });
    await expect(undo).rejects.toThrow(WorldError);
    await expect(undo).rejects.toMatchObject({ code: 'nothing-to-undo' });
    const kill = world.control({ do: 'kill', node: 'nobody' });
    await expect(kill).rejects.toMatchObject({ code: 'bad-control' });
    expect(await connect(world).call('PING')).toMatchObject({ text: 'PONG' });
  });

  test('a world that cannot be built says so to whoever listens', async () => {
    const world = startInProcessWorld({
      topology: { kind: 'sentinel', replicas: -1, sentinels: 0 },
      seed: 1,
    });
    worlds.push(world);
    const crashed = vi.fn();
    world.onCrash(crashed);
    await expect.poll(() => crashed.mock.calls.length).toBeGreaterThan(0);
  });

  test('a worker that cannot be loaded fails everything that waits', async () => {
    const worker: WorkerLike = {
      ...{ onmessage: null, onerror: null },
      ...{ postMessage() {}, terminate() {} },
    };
    const world = startWorld({ topology: { kind: 'standalone' }, seed: 1 }, worker);
    const crashed = vi.fn();
    world.onCrash(crashed);
    const ping = expect(new Client(world.dial, ADDRESS).call('PING')).rejects.toThrow(
      ConnectionLost,
    );
    const control = expect(world.control({ do: 'undo' })).rejects.toThrow('no such file');
    worker.onerror?.({ message: 'no such file' } as ErrorEvent);
    await Promise.all([ping, control]);
    await expect(world.control({ do: 'undo' })).rejects.toThrow('no such file');
    await expect(new Client(world.dial, ADDRESS).call('PING')).rejects.toThrow(ConnectionLost);
    expect(crashed).toHaveBeenCalledOnce();
  });
});
