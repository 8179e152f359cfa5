import { describe, expect, test } from 'vitest';
import { Lab, type Node } from '../lab/lab.ts';
import type { Sentinel } from './sentinel.ts';

const topology = { kind: 'sentinel', replicas: 2, sentinels: 3 } as const;

/** A Sentinel of a lab, and what it has said. */
class Watcher {
  constructor(
    private readonly lab: Lab,
    readonly node: Node,
  ) {}

  get sentinel(): Sentinel {
    return this.node.server.sentinel as Sentinel;
  }

  get primary() {
    return this.sentinel.state.primaries.get('mymaster');
  }

  get primaryAt(): string | undefined {
    return this.primary?.address;
  }

  /** Its events, without the ids of Sentinels. */
  get story(): string[] {
    return this.lab.events.all
      .filter(({ node, text }) => node === this.node.name && /^[+-]\w/.test(text))
      .filter(({ level }) => level !== 'verbose')
      .map(({ text }) => text.replace(/\b[0-9a-f]{40}\b/g, '<id>'));
  }
}

/** A primary with two replicas, and Sentinels that have found all of them. */
function watchedLab(seed = 1) {
  const lab = new Lab({ topology, seed });
  const watchers = lab.nodes
    .filter((node) => node.isSentinel)
    .map((node) => new Watcher(lab, node));
  return { lab, watchers, servers: lab.nodes.filter((node) => !node.isSentinel) };
}

const roles = (servers: readonly Node[]) =>
  servers.map(({ server }) => server.replication.isReplica);

const ips = ['10.0.1.1', '10.0.1.2', '10.0.1.3'];

test('a Sentinel finds the replicas and the other Sentinels of what it monitors', () => {
  const { watchers } = watchedLab();
  const at = '@ mymaster 10.0.0.1 6379';
  for (const [index, { story }] of watchers.entries()) {
    expect(story[0]).toBe('+monitor master mymaster 10.0.0.1 6379 quorum 2');
    const others = ips.filter((_, other) => other !== index);
    expect(story.slice(1).sort()).toEqual([
      ...others.map((ip) => `+sentinel sentinel <id> ${ip} 26379 ${at}`),
      ...['10.0.0.2', '10.0.0.3'].map((ip) => `+slave slave ${ip}:6379 ${ip} 6379 ${at}`),
    ]);
  }
});

const primary = 'master mymaster 10.0.0.1 6379';
const [node2, node3] = ['10.0.0.2', '10.0.0.3'].map(
  (ip) => `slave ${ip}:6379 ${ip} 6379 @ mymaster 10.0.0.1 6379`,
);
const switched = [
  '+switch-master mymaster 10.0.0.1 6379 10.0.0.3 6379',
  '+slave slave 10.0.0.2:6379 10.0.0.2 6379 @ mymaster 10.0.0.3 6379',
  '+slave slave 10.0.0.1:6379 10.0.0.1 6379 @ mymaster 10.0.0.3 6379',
  '+sdown slave 10.0.0.1:6379 10.0.0.1 6379 @ mymaster 10.0.0.3 6379',
];
const leading = [
  `+sdown ${primary}`,
  `+odown ${primary} #quorum 2/2`,
  '+new-epoch 1',
  `+try-failover ${primary}`,
  '+vote-for-leader <id> 1',
  `+elected-leader ${primary}`,
  `+failover-state-select-slave ${primary}`,
  `+selected-slave ${node3}`,
  `+failover-state-send-slaveof-noone ${node3}`,
  `+failover-state-wait-promotion ${node3}`,
  `+promoted-slave ${node3}`,
  `+failover-state-reconf-slaves ${primary}`,
  `+slave-reconf-sent ${node2}`,
  `+slave-reconf-inprog ${node2}`,
  `+slave-reconf-done ${node2}`,
  `+failover-end ${primary}`,
  ...switched,
];

describe('when the primary is gone', () => {
  // What three redis-sentinel 7.0.15 log when the primary of a trio is ended, and comes back.
  test('one Sentinel leads, a replica becomes the primary, all hear of it', () => {
    const { lab, watchers, servers } = watchedLab();
    lab.node('node1')?.kill();
    lab.clock.advance(30_000);
    const leaders = watchers.filter(({ story }) => story.some((e) => e.startsWith('+elected')));
    expect(leaders).toHaveLength(1);
    expect(watchers.map(({ primaryAt }) => primaryAt)).toEqual(Array(3).fill('10.0.0.3:6379'));
    expect(roles(servers)).toEqual([false, true, false]);
    // When the others say no more that it is down is a matter of chance.
    const story = leaders[0]?.story.filter((event) => !event.startsWith('-odown'));
    expect(story?.slice(5)).toEqual(leading);
    const voter = watchers.find(({ story }) => !story.some((e) => e.startsWith('+try')));
    expect(voter?.story.slice(5).filter((event) => !event.startsWith('+odown'))).toEqual([
      '+sdown master mymaster 10.0.0.1 6379',
      '+new-epoch 1',
      '+vote-for-leader <id> 1',
      `+config-update-from sentinel <id> ${leaders[0]?.node.host} 26379 @ mymaster 10.0.0.1 6379`,
      ...switched,
    ]);
  });

  test('it comes back as a replica', () => {
    const { lab, watchers, servers } = watchedLab();
    lab.node('node1')?.kill();
    lab.clock.advance(30_000);
    lab.node('node1')?.start();
    lab.clock.advance(30_000);
    expect(roles(servers)).toEqual([true, true, false]);
    const all = watchers.flatMap(({ story }) => story);
    const replica = 'slave 10.0.0.1:6379 10.0.0.1 6379 @ mymaster 10.0.0.3 6379';
    expect(all).toContain(`+convert-to-slave ${replica}`);
    expect(all).toContain(`-sdown ${replica}`);
  });

  test('nothing happens as long as too few say so', () => {
    const { lab, watchers } = watchedLab();
    for (const { node } of watchers.slice(1)) node.kill();
    lab.clock.advance(10_000);
    const told = watchers[0]?.story.length;
    lab.node('node1')?.kill();
    lab.clock.advance(60_000);
    expect(watchers[0]?.story.slice(told)).toEqual(['+sdown master mymaster 10.0.0.1 6379']);
    lab.node('node1')?.start();
    lab.clock.advance(5000);
    expect(watchers[0]?.story).toContain('-sdown master mymaster 10.0.0.1 6379');
  });

  test('nobody leads when there is a quorum and no majority', () => {
    const { lab, watchers, servers } = watchedLab();
    if (watchers[0]?.primary) watchers[0].primary.conf.quorum = 1;
    for (const { node } of watchers.slice(1)) node.kill();
    lab.node('node1')?.kill();
    lab.clock.advance(30_000);
    const { story = [] } = watchers[0] ?? {};
    expect(story).toContain('+odown master mymaster 10.0.0.1 6379 #quorum 1/1');
    expect(story).toContain('-failover-abort-not-elected master mymaster 10.0.0.1 6379');
    expect(roles(servers)).toEqual([false, true, true]);
  });

  test('nobody is promoted when no replica may be', () => {
    const { lab, watchers, servers } = watchedLab();
    for (const node of servers) {
      node.server.config.set([['replica-priority', '0']], false);
    }
    lab.clock.advance(15_000);
    lab.node('node1')?.kill();
    lab.clock.advance(30_000);
    const all = watchers.flatMap(({ story }) => story);
    expect(all).toContain('-failover-abort-no-good-slave master mymaster 10.0.0.1 6379');
  });
});

test('a Sentinel that starts anew knows what its file says: who it is, and whom it has found', () => {
  const { lab, watchers } = watchedLab();
  const [watcher] = watchers;
  const before = watcher?.sentinel.state.id;
  watcher?.node.kill();
  watcher?.node.start();
  const state = watcher?.sentinel.state;
  expect(state?.id).toBe(before);
  expect([...(watcher?.primary?.replicas.keys() ?? [])]).toEqual([
    '10.0.0.2:6379',
    '10.0.0.3:6379',
  ]);
  expect(watcher?.primary?.sentinels.size).toBe(2);
  lab.clock.advance(10_000);
  expect(watcher?.story.filter((event) => /^\+s(down|lave|entinel) /.test(event))).toHaveLength(4);
});

test('whoever leads crashes when it is asked to; another goes on, until too few are left', () => {
  const { lab, watchers, servers } = watchedLab();
  for (const { sentinel } of watchers) sentinel.state.crashes.add('election');
  lab.node('node1')?.kill();
  lab.clock.advance(120_000);
  expect(watchers.filter(({ node }) => node.state === 'ended')).toHaveLength(2);
  expect(roles(servers)).toEqual([false, true, true]);
});
