import { describe, expect, test } from 'vitest';
import { ConfFileError, readSentinelFile } from '../server/conf-file.ts';
import { commandTable } from '../server/table.ts';

const hosts: Readonly<Record<string, string>> = { localhost: '127.0.0.1' };
const read = (text: string) =>
  readSentinelFile(text, { table: commandTable, include: () => [] }, (host) => hosts[host]);

const one = 'sentinel monitor m 127.0.0.1 6379 2\n';
const id = 'a'.repeat(40);

/** What redis-sentinel 7.0.15 prints for a wrong file: line, reason. */
test.each([
  ['sentinel monitor m 127.0.0.1 6379 0', 1, 'Quorum must be 1 or greater.'],
  ['sentinel monitor m 127.0.0.1 6379 abc', 1, 'Quorum must be 1 or greater.'],
  ['sentinel monitor m nohost.invalid 6379 0', 1, 'Quorum must be 1 or greater.'],
  ['sentinel monitor m 127.0.0.1 6379', 1, 'Unrecognized sentinel configuration statement.'],
  ['sentinel monitor m 127.0.0.1 6379 2 5', 1, 'Unrecognized sentinel configuration statement.'],
  ['sentinel monitor m 127.0.0.1 99999 2', 1, 'Invalid port number.'],
  ['sentinel monitor m 127.0.0.1 -5 2', 1, 'Invalid port number.'],
  ['sentinel monitor m nohost.invalid 99999 2', 1, 'Invalid port number.'],
  ['sentinel monitor m nohost.invalid 6379 2', 1, "Can't resolve instance hostname."],
  ['sentinel monitor m localhost 6379 2', 1, "Can't resolve instance hostname."],
  ['sentinel monitor m "" 6379 2', 1, "Can't resolve instance hostname."],
  ['sentinel monitor m 1.1.1.256 6379 2', 1, "Can't resolve instance hostname."],
  ['sentinel monitor m fe80::1::2 6379 2', 1, "Can't resolve instance hostname."],
  [`${one}sentinel monitor m 127.0.0.1 6380 2`, 2, 'Duplicate master name.'],
  ['sentinel down-after-milliseconds m 5000', 1, 'No such master with specified name.'],
  [`${one}sentinel down-after-milliseconds m 0`, 2, 'negative or zero time parameter.'],
  [`${one}sentinel down-after-milliseconds m abc`, 2, 'negative or zero time parameter.'],
  [`${one}sentinel failover-timeout m 0`, 2, 'negative or zero time parameter.'],
  [`${one}sentinel failover-timeout x 100`, 2, 'No such master with specified name.'],
  [`${one}sentinel parallel-syncs x 100`, 2, 'No such master with specified name.'],
  [`${one}sentinel master-reboot-down-after-period m -1`, 2, 'negative time parameter.'],
  [`${one}sentinel foo m -1`, 2, 'Unrecognized sentinel configuration statement.'],
  ['sentinel ""', 1, 'Unrecognized sentinel configuration statement.'],
  ['sentinel loglevel debug', 1, 'Unrecognized sentinel configuration statement.'],
  [`${one}sentinel auth-pass x foo`, 2, 'No such master with specified name.'],
  [`${one}sentinel auth-user x foo`, 2, 'No such master with specified name.'],
  [
    `${one}sentinel notification-script m /no`,
    2,
    'Notification script seems non existing or non executable.',
  ],
  [`${one}sentinel notification-script x /no`, 2, 'No such master with specified name.'],
  [
    `${one}sentinel client-reconfig-script m /no`,
    2,
    'Client reconfiguration script seems non existing or non executable.',
  ],
  ['sentinel myid abc', 1, 'Malformed Sentinel id in myid option.'],
  [`${one}sentinel config-epoch x 5`, 2, 'No such master with specified name.'],
  [`${one}sentinel leader-epoch x 5`, 2, 'No such master with specified name.'],
  [
    `${one}${'sentinel known-replica m 127.0.0.1 6380\n'.repeat(2)}`,
    3,
    'Duplicate hostname and port for replica.',
  ],
  [`${one}sentinel known-slave m 127.0.0.1 99999`, 2, 'Invalid port number.'],
  [`${one}sentinel known-replica m foo 6380`, 2, "Can't resolve instance hostname."],
  [`${one}sentinel known-sentinel x 127.0.0.1 6380 abc`, 2, 'No such master with specified name.'],
  [
    `${one}${'sentinel known-sentinel m 127.0.0.1 6380 abc\n'.repeat(2)}`,
    3,
    'Duplicate runid for sentinel.',
  ],
  ['sentinel rename-command m CONFIG foo', 1, 'No such master with specified name.'],
  [
    `${one}sentinel rename-command m CONFIG a\nsentinel rename-command m config b`,
    3,
    'Same command renamed multiple times with rename-command.',
  ],
  [
    'sentinel deny-scripts-reconfig maybe',
    1,
    'Please specify yes or no for the deny-scripts-reconfig options.',
  ],
  [
    'sentinel resolve-hostnames maybe',
    1,
    'Please specify yes or no for the resolve-hostnames option.',
  ],
  [
    'sentinel announce-hostnames maybe',
    1,
    'Please specify yes or no for the announce-hostnames option.',
  ],
  ['sentinel announce-ip a b', 1, 'Unrecognized sentinel configuration statement.'],
  ['sentinel monitor m"x 127.0.0.1 6379 2', 1, 'Unbalanced quotes in configuration line'],
  // Other lines are looked at first, then those of Sentinel itself, then those of its primaries.
  ['sentinel foo\nfoo', 2, 'Bad directive or wrong number of arguments'],
  ['sentinel foo m\nmaxmemory abc', 2, 'argument must be a memory value'],
  [
    'sentinel failover-timeout m 5\nsentinel monitor n 1.1.1.1 99999 2\nsentinel myid 5',
    3,
    'Malformed Sentinel id in myid option.',
  ],
])('%j is refused', (text, line, reason) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ line, reason }));
  expect(() => read(text)).toThrow(ConfFileError);
});

describe('what is accepted', () => {
  test('a Sentinel listens on 26379, unless told otherwise', () => {
    expect(read('').texts.port).toBe('26379');
    expect(read('port 5000\nsentinel').texts.port).toBe('5000');
  });

  test('a primary has the usual times, until its lines say others, wherever they stand', () => {
    const { sentinel } = read(
      `sentinel auth-pass m secret\nsentinel DOWN-after-milliseconds m 5000x\n${one}sentinel parallel-syncs m -1\nsentinel monitor n 127.0.0.1 6379 1`,
    );
    const [m, n] = [...sentinel.primaries.values()];
    expect(m).toMatchObject({
      ...{ name: 'm', quorum: 2, downAfter: 5000, parallelSyncs: -1, authPass: 'secret' },
      address: { ip: '127.0.0.1', port: 6379 },
    });
    expect(n).toMatchObject({ downAfter: 30_000, failoverTimeout: 180_000, parallelSyncs: 1 });
  });

  test('names are resolved where resolve-hostnames is yes; one that is not known has no address', () => {
    const { sentinel } = read(
      'sentinel monitor m localhost 6379 2\nsentinel monitor n nohost.invalid 1 2\nsentinel resolve-hostnames yes',
    );
    expect([...sentinel.primaries.values()].map(({ address }) => address)).toMatchObject([
      { hostname: 'localhost', ip: '127.0.0.1' },
      { hostname: 'nohost.invalid', ip: '' },
    ]);
  });

  test.each([
    ['127.1', '127.0.0.1'],
    ['010.1', '8.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['1.1.1', '1.1.0.1'],
    ['::1', '::1'],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
  ])('the address %s is %s', (host, ip) => {
    const { primaries } = read(`sentinel monitor m ${host} 6379 2`).sentinel;
    expect(primaries.get('m')?.address.ip).toBe(ip);
  });

  test('a number is what the text begins with', () => {
    const { sentinel } = read('sentinel announce-port 70x\nsentinel monitor m 1.1.1.1 abc 2x');
    expect(sentinel.announcePort).toBe(70);
    expect(sentinel.primaries.get('m')).toMatchObject({ address: { port: 0 }, quorum: 2 });
  });

  test('what Sentinel has written of itself is read again', () => {
    const { sentinel } = read(
      `${one}sentinel myid ${id}\nsentinel config-epoch m 50\nsentinel leader-epoch m 70\nsentinel current-epoch 7\nsentinel known-replica m 127.0.0.1 6380\nsentinel known-sentinel m 127.0.0.1 26380 ${'b'.repeat(40)}\nsentinel known-sentinel m 1.1.1.1 5`,
    );
    // The epoch is at least that of the configuration, and does not follow that of the leader.
    expect(sentinel).toMatchObject({ id, currentEpoch: 50 });
    const primary = sentinel.primaries.get('m');
    expect(primary).toMatchObject({ configEpoch: 50, leaderEpoch: 70 });
    expect([...(primary?.replicas.keys() ?? [])]).toEqual(['127.0.0.1:6380']);
    expect([...(primary?.sentinels.keys() ?? [])]).toEqual(['b'.repeat(40)]);
  });
});
