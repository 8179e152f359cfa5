import { expect, test } from 'vitest';
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

test('a snapshot that breaks off, or is damaged, leaves the old data as it was', async () => {
  const { lab, run, log } = pair();
  await run('node2', 'SET mine 1');
  for (const [port, sent] of [
    [1, '$1000\r\nREDIS0011'],
    [2, '$9\r\nREDIS0011'],
  ] as const) {
    lab.network.listen(`node1:${port}`, (connection) => ({
      onData: (bytes) => {
        for (const _ of bytes.matchAll(/PING|REPLCONF/g)) connection.send('+OK\r\n');
        if (!bytes.includes('PSYNC')) return;
        connection.send(`+FULLRESYNC ${'a'.repeat(40)} 0\r\n${sent}`);
        connection.close();
      },
      onClose() {},
    }));
    await run('node2', `REPLICAOF node1 ${port}`);
    lab.clock.advance(500);
    expect(await run('node2', 'GET mine')).toBe('"1"');
  }
  expect(log('node2')).toContain('I/O error trying to sync with MASTER: connection lost');
  expect(log('node2')).toContain('Failed trying to load the MASTER synchronization DB from disk');
});
