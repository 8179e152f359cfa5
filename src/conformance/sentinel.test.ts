import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canCompare } from './real-redis.ts';
import { ask, listen, neutral, startOurs, startReal, type Trio, told } from './sentinel-rig.ts';

/** Sentinels of ours beside real ones, and clients that ask them where the primary is. */

const patience = { timeout: 20_000, interval: 50 };
const bugs: unknown[] = [];
let ours: Trio;
let real: Trio | undefined;

beforeAll(async () => {
  const isComparing = canCompare('Sentinel');
  [ours, real] = await Promise.all([
    startOurs((error) => bugs.push(error)),
    isComparing ? startReal() : undefined,
  ]);
}, 60_000);
afterAll(async () => {
  await Promise.all([ours.stop(), real?.stop()]);
  expect(bugs).toEqual([]);
});

/** Every Sentinel has found both replicas, which are well, and both others. */
async function untilComplete({ sentinels }: Trio): Promise<void> {
  const counts = async () => {
    const infos = await Promise.all(sentinels.map((port) => ask(port, 'INFO', 'sentinel')));
    const replicas = await Promise.all(
      sentinels.map((port) => ask(port, 'SENTINEL', 'REPLICAS', 'mymaster')),
    );
    const isLinked = replicas.map(({ raw }) => raw.split('\r\nok\r\n').length === 3);
    return infos.map(({ text }, i) => isLinked[i] && /status=ok,.*slaves=2,sentinels=3/.test(text));
  };
  await expect.poll(counts, patience).toEqual([true, true, true]);
}

test('they find the replicas, and one another', async () => {
  await Promise.all([untilComplete(ours), real && untilComplete(real)]);
}, 30_000);

const commands = [
  'SENTINEL MASTERS',
  'SENTINEL MASTER mymaster',
  'SENTINEL MASTER other',
  'SENTINEL GET-MASTER-ADDR-BY-NAME mymaster',
  'SENTINEL GET-MASTER-ADDR-BY-NAME other',
  'SENTINEL CKQUORUM mymaster',
  'SENTINEL MYID',
  'SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 0 *',
  'SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 x 0 *',
  'SENTINEL CONFIG GET *',
  'SENTINEL CONFIG GET x y',
  'SENTINEL CONFIG SET announce-port 70000',
  'SENTINEL DEBUG',
  'SENTINEL DEBUG PING-PERIOD 0',
  'SENTINEL PENDING-SCRIPTS',
  'SENTINEL INFO-CACHE other',
  'SENTINEL MONITOR mymaster 127.0.0.1 1 1',
  'SENTINEL MONITOR other 127.0.0.1 1 0',
  'SENTINEL MONITOR other nowhere.invalid 1 1',
  'SENTINEL MONITOR other 127.0.0.1 99999 1',
  'SENTINEL SET mymaster quorum 0',
  'SENTINEL SET mymaster quorum 2',
  'SENTINEL SET mymaster notification-script x',
  'SENTINEL SET mymaster rename-command a',
  'SENTINEL FAILOVER other',
  'SENTINEL FLUSHCONFIG',
  'SENTINEL RESET other',
  'SENTINEL SIMULATE-FAILURE help',
  'SENTINEL NOSUCH',
  'SENTINEL',
  'INFO sentinel',
  'ROLE',
  'PUBLISH news hello',
  'PUBLISH __sentinel__:hello nonsense',
  'GET a',
  'QUIT',
  'COMMAND COUNT',
];

/** What COMMAND INFO says of each, one by one: lists of subcommands come in any order. */
const subcommands = [
  ...['ckquorum', 'config', 'debug', 'failover', 'flushconfig', 'get-master-addr-by-name'],
  ...['help', 'info-cache', 'is-master-down-by-addr', 'master', 'masters', 'monitor', 'myid'],
  ...['pending-scripts', 'remove', 'replicas', 'reset', 'sentinels', 'set', 'simulate-failure'],
  'slaves',
];

test.each([...subcommands.map((name) => `sentinel|${name}`), 'ping', 'role', 'shutdown'])(
  'COMMAND INFO %s',
  async (name) => {
    if (!real) return;
    const command = ['COMMAND', 'INFO', name];
    expect(await told(ours, '2', command)).toBe(await told(real, '2', command));
  },
);

describe.each(['2', '3'] as const)('in RESP%s', (protocol) => {
  test.each(commands)('%s', async (line) => {
    if (!real) return;
    const command = line.split(' ');
    expect(await told(ours, protocol, command)).toBe(await told(real, protocol, command));
  });

  // What is listed comes in any order.
  test.each(['REPLICAS', 'SENTINELS'])('SENTINEL %s', async (which) => {
    if (!real) return;
    const sorted = async (trio: Trio) => {
      const text = await told(trio, protocol, ['SENTINEL', which, 'mymaster']);
      return text
        .split('\n')
        .map((row) => row.replace(/^(\* )?( *\d+\) )?/, '').trim())
        .sort();
    };
    expect(await sorted(ours)).toEqual(await sorted(real));
  });
});

/** What the three tell of a failover, and who is what in the end. */
async function failOver(trio: Trio) {
  const hear = await Promise.all(trio.sentinels.map((port) => listen(port)));
  trio.kill(0);
  const has = (word: string) => hear.map((events) => events().some((each) => each.includes(word)));
  await expect.poll(() => has('+switch-master'), patience).toEqual([true, true, true]);
  await expect.poll(() => has('+sdown slave'), patience).toEqual([true, true, true]);
  await trio.revive(0);
  await expect.poll(() => has('-sdown slave'), patience).toEqual([true, true, true]);
  const roles = async () => {
    const replies = await Promise.all(trio.servers.map((port) => ask(port, 'ROLE')));
    return replies.map(({ items }) => items?.[0]?.text).sort();
  };
  await expect.poll(roles, patience).toEqual(['master', 'slave', 'slave']);
  return hear.map((events) => events().map((event) => neutral(event, trio)));
}

/** Events without those whose turn is a matter of chance, and without who it was that was promoted. */
function storyOf(events: readonly string[]): string[] {
  const chance = /^([+-]role-change|[+-]odown|-sdown|\+convert-to-slave|\+reboot|\+new-epoch)/;
  const [, promoted = 'SERVER2'] =
    / SERVER1 127\.0\.0\.1 (SERVER\d)$/.exec(
      events.find((event) => event.startsWith('+switch-master')) ?? '',
    ) ?? [];
  const swap = { [promoted]: 'SERVER2', SERVER2: promoted };
  return events
    .filter((event) => !chance.test(event))
    .map((event) => event.replace(/SERVER[23]/g, (name) => swap[name] ?? name))
    .map((event) => event.replace(/SENTINEL\d/g, 'SENTINEL'));
}

test('a failover is the same story, in the same order', async () => {
  const [mine, its] = await Promise.all([failOver(ours), real && failOver(real)]);
  if (!its) return;
  const leads = (events: readonly string[]) => events.some((event) => /^\+elected/.test(event));
  const leading = (all: readonly string[][]) => storyOf(all.find(leads) ?? []);
  expect(leading(mine)).toContain('+failover-end master mymaster 127.0.0.1 SERVER1');
  expect(leading(mine)).toEqual(leading(its));
  const following = (all: readonly string[][]) =>
    all.filter((events) => !leads(events) && !events.some((event) => /^\+try/.test(event)));
  const [voter = []] = following(mine);
  const [itsVoter] = following(its);
  if (itsVoter && voter.length > 0) {
    expect(doubtFirst(storyOf(voter))).toEqual(doubtFirst(storyOf(itsVoter)));
  }
}, 60_000);

/** Who votes may be asked to before it has noticed by itself that the primary is down. */
function doubtFirst(story: readonly string[]): string[] {
  const isDoubt = (event: string) => event.startsWith('+sdown master');
  return [...story.filter(isDoubt), ...story.filter((event) => !isDoubt(event))];
}

const run = promisify(execFile);

const python = `
import redis, sys, time
from redis.sentinel import Sentinel
sentinel = Sentinel([('127.0.0.1', port) for port in (PORTS)], socket_timeout=1)
primary = sentinel.master_for('mymaster'); replica = sentinel.slave_for('mymaster')
assert sentinel.discover_master('mymaster')[1] == PRIMARY
assert len(sentinel.discover_slaves('mymaster')) == 2
primary.set('py', 'before')
print('ready', flush=True)
sys.stdin.readline()
end = time.time() + 20
while time.time() < end:
    try:
        primary.set('py', 'after')
        if replica.get('py') == b'after' and sentinel.discover_master('mymaster')[1] != PRIMARY:
            print('done'); break
    except (redis.ConnectionError, redis.TimeoutError, redis.ReadOnlyError): pass
    time.sleep(.05)
`;

/** Waits on standard input until the primary is gone. */
async function followInPython(primary: number, kill: () => void): Promise<string> {
  const script = python
    .replaceAll('PORTS', ours.sentinels.join(', '))
    .replaceAll('PRIMARY', String(primary));
  const running = run('/usr/bin/python3', ['-c', script]);
  running.child.stdout?.once('data', () => {
    kill();
    running.child.stdin?.write('\n');
  });
  return (await running).stdout;
}

test('redis-py and ioredis follow a failover', async () => {
  const sentinels = ours.sentinels.map((port) => ({ host: '127.0.0.1', port }));
  const [sentinel = 0] = ours.sentinels;
  const address = await ask(sentinel, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster');
  const primary = Number(address.items?.[1]?.text);
  const redis = new Redis({ sentinels, name: 'mymaster', maxRetriesPerRequest: null });
  const reader = new Redis({ sentinels, name: 'mymaster', role: 'slave' });
  redis.on('error', () => {});
  reader.on('error', () => {});
  await redis.set('io', 'before');
  const kill = () => ours.kill(ours.servers.indexOf(primary));
  const hasPython = await run('/usr/bin/python3', ['-c', 'import redis']).catch((error) => {
    if (process.env.CI === 'true') throw error;
    console.warn('redis-py not tried: it is not here');
  });
  if (hasPython) expect(await followInPython(primary, kill)).toBe('ready\ndone\n');
  else kill();
  // It waits until it is connected to whoever is the primary by then.
  expect(await redis.set('io', 'after')).toBe('OK');
  expect(await redis.role()).toEqual(expect.arrayContaining(['master']));
  await expect.poll(() => reader.get('io'), patience).toBe('after');
  redis.disconnect();
  reader.disconnect();
}, 60_000);
