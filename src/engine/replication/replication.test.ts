import { describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

/** Two servers, and what the second has logged. */
function pair(config: Readonly<Record<string, string>> = {}) {
  const lab = new Lab({ topology: { kind: 'servers', servers: 2 }, config });
  const session = new LabSession(lab);
  const run = async (node: string, line: string) => (await session.send(node, [line])).reply;
  const log = (node: string) =>
    lab.events.all.filter((event) => event.node === node).map(({ text }) => text);
  return { lab, run, log };
}

test('the log of a first synchronisation, in the words of redis-server', async () => {
  const { lab, run, log } = pair({ 'repl-diskless-sync-delay': '0' });
  await run('node2', 'REPLICAOF node1 6379');
  lab.clock.advance(1000);
  const words = log('node2').map((line) => line.replace(/[0-9a-f]{40}/g, '<id>'));
  expect(words.filter((line) => !line.startsWith('REPLICAOF'))).toEqual([
    'Before turning into a replica, using my own master parameters to synthesize a cached master: I may be able to synchronize with the new master with just a partial transfer.',
    'Connecting to MASTER node1:6379',
    'MASTER <-> REPLICA sync started',
    'Non blocking connect for SYNC fired the event.',
    'Master replied to PING, replication can continue...',
    'Trying a partial resynchronization (request <id>:1).',
    'Full resync from master: <id>:0',
    'MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF to disk',
    'Discarding previously cached master state.',
    'MASTER <-> REPLICA sync: Flushing old data',
    'MASTER <-> REPLICA sync: Loading DB in memory',
    expect.stringMatching(/^Loading RDB produced by version \d+\.\d+\.\d+$/),
    'RDB age 0 seconds',
    expect.stringMatching(/^RDB memory usage when created \d\.\d\d Mb$/),
    'Done loading RDB, keys loaded: 0, keys expired: 0.',
    'MASTER <-> REPLICA sync: Finished with success',
  ]);
});

test('a wrong masterauth is told, and tried again each second until it is right', async () => {
  const { lab, run, log } = pair();
  await run('node1', 'CONFIG SET requirepass secret');
  await run('node2', 'CONFIG SET masterauth wrong');
  await run('node2', 'REPLICAOF node1 6379');
  lab.clock.advance(3000);
  const refusal =
    'Unable to AUTH to MASTER: -WRONGPASS invalid username-password pair or user is disabled.';
  expect(log('node2').filter((line) => line === refusal).length).toBeGreaterThan(2);
  expect(await run('node2', 'ROLE')).toContain('"connect"');

  await run('node2', 'CONFIG SET masterauth secret');
  lab.clock.advance(8000);
  expect(await run('node2', 'ROLE')).toContain('"connected"');
});

test('REPLCONF knows its own options, and no other word', async () => {
  const { run } = pair();
  for (const word of ['nothing', 'constructor', '__proto__']) {
    const refusal = `(error) ERR Unrecognized REPLCONF option: ${word}`;
    expect(await run('node1', `REPLCONF ${word} 1`)).toBe(refusal);
  }
  expect(await run('node1', 'REPLCONF CAPA eof')).toBe('OK');
});

test('a primary that is not there is tried again', async () => {
  const { lab, run, log } = pair();
  await run('node2', 'REPLICAOF node1 7777');
  lab.clock.advance(2500);
  const refusals = log('node2').filter((line) =>
    line.startsWith('Error condition on socket for SYNC: Connection refused'),
  );
  expect(refusals).toHaveLength(4);
});

/** A primary that answers PSYNC with these bytes and, where told so, hangs up. */
function pretend(lab: Lab, port: number, sent: string, hangsUp = true): void {
  lab.network.listen(`node1:${port}`, (connection) => ({
    onData: (bytes) => {
      for (const _ of bytes.matchAll(/PING|REPLCONF/g)) connection.send('+OK\r\n');
      if (!bytes.includes('PSYNC')) return;
      connection.send(sent);
      if (hangsUp) connection.close();
    },
    onClose() {},
  }));
}

const promise = `+FULLRESYNC ${'a'.repeat(40)} 0\r\n`;
const again = 'Reconnecting to MASTER node1:1 after failure';

test.each([
  ['nothing', '', ['Failed to read response from the server: Success']],
  ['no snapshot', promise, ['I/O error reading bulk count from MASTER: Success', again]],
  [
    'half a snapshot',
    `${promise}$1000\r\nREDIS0011`,
    ['I/O error trying to sync with MASTER: connection lost', again],
  ],
  [
    'half a snapshot without a length',
    `${promise}$EOF:${'b'.repeat(40)}\r\nREDIS0011`,
    ['I/O error trying to sync with MASTER: connection lost', again],
  ],
  [
    'an error',
    `${promise}-ERR no memory\r\n`,
    ['MASTER aborted replication with an error: ERR no memory', again],
  ],
  [
    'something else',
    `${promise}hello\r\n`,
    [
      "Bad protocol from MASTER, the first byte is not '$' (we received 'hello'), are you sure the host and port are right?",
      again,
    ],
  ],
])('a primary that sends %s leaves the old data as it was', async (_, sent, lines) => {
  const { lab, run, log } = pair();
  await run('node2', 'SET mine 1');
  pretend(lab, 1, sent);
  await run('node2', 'REPLICAOF node1 1');
  lab.settle();
  const first = lines[0] as string;
  const said = log('node2');
  expect(said.slice(said.indexOf(first)).slice(0, lines.length)).toEqual(lines);
  lab.clock.advance(10_000);
  // Redis would try again thousands of times; here it is twice a second.
  expect(log('node2').filter((line) => line === first).length).toBeLessThan(25);
  expect(await run('node2', 'GET mine')).toBe('"1"');
});

test.each([
  ['NOTREDIS9', 'Wrong signature trying to load DB from file'],
  ['REDIS0099', "Can't handle RDB format version 99"],
])(
  'what is no snapshot, such as %s, is not loaded, and the old data is gone',
  async (file, why) => {
    const { lab, run, log } = pair();
    await run('node2', 'SET mine 1');
    pretend(lab, 1, `${promise}$9\r\n${file}`, false);
    await run('node2', 'REPLICAOF node1 1');
    lab.settle();
    const said = log('node2');
    expect(said.slice(said.indexOf(why)).slice(0, 3)).toEqual([
      why,
      'Failed trying to load the MASTER synchronization DB from disk: Invalid argument',
      again,
    ]);
    expect(await run('node2', 'GET mine')).toBe('(nil)');
  },
);

test('a snapshot that is damaged ends the replica', () => {
  const { lab, run, log } = pair();
  pretend(lab, 1, `${promise}$9\r\nREDIS0010`, false);
  run('node2', 'REPLICAOF node1 1');
  lab.settle();
  expect(log('node2').slice(-3)).toEqual([
    'Short read or OOM loading DB. Unrecoverable error, aborting now.',
    'Internal error in RDB reading offset 0, function at rdb.c:3249 -> Unexpected EOF reading RDB file',
    'ends',
  ]);
  expect(lab.node('node2')?.state).toBe('ended');
});

test('a password that was not given is told, and asked for again', async () => {
  const { lab, run, log } = pair();
  await run('node1', 'CONFIG SET requirepass secret');
  await run('node2', 'REPLICAOF node1 6379');
  lab.settle();
  const said = log('node2');
  const start = said.findIndex((line) => line.startsWith('(Non critical)'));
  expect(said.slice(start, start + 7)).toEqual([
    '(Non critical) Master does not understand REPLCONF listening-port: -NOAUTH Authentication required.',
    '(Non critical) Master does not understand REPLCONF capa: -NOAUTH Authentication required.',
    expect.stringMatching(/^Trying a partial resynchronization/),
    'Unexpected reply to PSYNC from master: -NOAUTH Authentication required.',
    'Retrying with SYNC...',
    'MASTER aborted replication with an error: NOAUTH Authentication required.',
    'Reconnecting to MASTER node1:6379 after failure',
  ]);
});

describe('a server that starts with a snapshot of its own', () => {
  const follow = async () => {
    const both = pair({ 'repl-diskless-sync-delay': '0', save: '3600 1' });
    const { lab, run, log } = both;
    await run('node1', 'SET kept 1');
    await run('node1', 'SET short 1 PX 5000');
    await run('node2', 'REPLICAOF node1 6379');
    await run('node2', 'CONFIG REWRITE');
    lab.clock.advance(2000);
    const syncs = async () =>
      /sync_full:(\d+)\\r\\nsync_partial_ok:(\d+)/
        .exec((await run('node1', 'INFO stats')) ?? '')
        ?.slice(1);
    const restart = (node: string, meanwhile = () => {}) => {
      lab.node(node)?.stop();
      meanwhile();
      lab.node(node)?.start();
      lab.clock.advance(3000);
    };
    return { lab, run, log, syncs, restart };
  };

  test('goes on, as a replica, where its primary is by now', async () => {
    const { lab, run, syncs, restart } = await follow();
    restart('node2', () => {
      void run('node1', 'SET meanwhile 1');
      lab.clock.advance(6000);
    });
    expect(await syncs()).toEqual(['1', '1']);
    await run('node2', 'PING');
    expect(await run('node2', 'MGET kept meanwhile short')).toBe('1) "1"\n2) "1"\n3) (nil)');
    expect(await run('node2', 'DBSIZE')).toBe('(integer) 2');
  });

  test('lets, as a primary, its replicas go on where they were', async () => {
    const { lab, run, syncs, restart } = await follow();
    restart('node1', () => lab.clock.advance(6000));
    await run('node1', 'PING');
    expect(await syncs()).toEqual(['0', '1']);
    // What had expired by then is gone there, too.
    expect(await run('node2', 'DBSIZE')).toBe('(integer) 1');
    await run('node1', 'SET after 1');
    expect(await run('node2', 'GET after')).toBe('"1"');
  });
});
