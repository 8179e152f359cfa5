import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSafeInteger } from '../bytes/numbers.ts';
import { Lab } from '../lab/lab.ts';
import type { Connection } from '../network/network.ts';
import { RequestDecoder } from '../resp/decode.ts';
import { encodeReply } from '../resp/encode.ts';
import { ok, type Reply, Status } from '../resp/reply.ts';
import { readSentinelFile } from '../server/conf-file.ts';
import { commandTable } from '../server/table.ts';
import { seededRandom } from '../time/random.ts';
import { readHello } from './hello.ts';
import { Sentinel } from './sentinel.ts';

const PORT = 26379;
const limits = { maxBulk: 1 << 20, authenticated: true };

/** A Sentinel on a host of a lab, which answers what other Sentinels ask. */
class Watcher {
  readonly events: string[] = [];
  /** The epochs in which it has led a failover. */
  readonly led: number[] = [];
  readonly sentinel: Sentinel;
  readonly #stopListening: () => void;
  readonly #connections = new Set<Connection>();

  constructor(
    lab: Lab,
    readonly ip: string,
    conf: string,
  ) {
    const reader = { table: commandTable, include: () => [] };
    this.sentinel = new Sentinel(
      {
        clock: lab.clock,
        random: seededRandom(1).fork(ip),
        dial: (to, listener) => lab.network.connect(to, ip, listener),
        ...{ ip, port: PORT },
        event: (level, channel, payload) => {
          if (channel === '+elected-leader') this.led.push(this.failoverEpoch);
          if (level !== 'verbose') this.events.push(`${channel} ${payload}`);
        },
        save() {},
      },
      readSentinelFile(conf, reader, () => undefined).sentinel,
    );
    this.#stopListening = lab.network.listen(`${ip}:${PORT}`, (connection) => {
      this.#connections.add(connection);
      const decoder = new RequestDecoder(() => limits);
      return {
        onData: (bytes) => {
          decoder.push(bytes);
          for (let argv = decoder.next(); argv; argv = decoder.next()) {
            connection.send(encodeReply(this.#answer(argv), 2));
          }
        },
        onClose() {},
      };
    });
  }

  #answer([name, ...words]: readonly string[]): Reply {
    if (name === 'PING') return new Status('PONG');
    if (name === 'PUBLISH') {
      const hello = readHello(words[1] ?? '');
      if (hello) this.sentinel.hear(hello);
      return 1;
    }
    if (name !== 'SENTINEL') return ok;
    const [, ip = '', port, epoch, candidate = ''] = words;
    const [at, since] = [port, epoch].map((text) => parseSafeInteger(text ?? '') ?? 0);
    const place = { ip, port: at ?? 0 };
    const { isDown, leader, epoch: of } = this.sentinel.isPrimaryDown(place, since ?? 0, candidate);
    return [isDown ? 1 : 0, leader, of];
  }

  stop(): void {
    this.sentinel.stop();
    for (const connection of this.#connections) connection.close();
    this.#stopListening();
  }

  get failoverEpoch(): number {
    return this.sentinel.state.primaries.get('mymaster')?.failoverEpoch ?? 0;
  }

  get primaryAt(): string | undefined {
    return this.sentinel.state.primaries.get('mymaster')?.address;
  }

  /** Its events but those of connections, without the ids of Sentinels. */
  get story(): string[] {
    return this.events.map((event) => event.replace(/\b[0-9a-f]{40}\b/g, '<id>'));
  }
}

const conf = `
sentinel monitor mymaster 10.0.0.1 6379 2
sentinel down-after-milliseconds mymaster 5000
sentinel failover-timeout mymaster 60000
`;
const ips = ['10.0.1.1', '10.0.1.2', '10.0.1.3'];

/** A primary with two replicas, and Sentinels that have found all of them. */
function watchedLab(sentinels = ips, text = conf) {
  const lab = new Lab({ topology: { kind: 'replicated', replicas: 2 } });
  const watchers = sentinels.map((ip) => new Watcher(lab, ip, text));
  lab.clock.advance(15_000);
  return { lab, watchers };
}

const role = (lab: Lab) => lab.nodes.map(({ server }) => server.replication.isReplica);

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
  `-odown ${primary}`,
  `+slave-reconf-inprog ${node2}`,
  `+slave-reconf-done ${node2}`,
  `+failover-end ${primary}`,
  ...switched,
];

describe('when the primary is gone', () => {
  // What three redis-sentinel 7.0.15 log when the primary of a trio is ended, and comes back.
  test('one Sentinel leads, a replica becomes the primary, all hear of it', () => {
    const { lab, watchers } = watchedLab();
    lab.node('node1')?.kill();
    lab.clock.advance(30_000);
    const leaders = watchers.filter(({ story }) => story.some((e) => e.startsWith('+elected')));
    expect(leaders).toHaveLength(1);
    expect(watchers.map(({ primaryAt }) => primaryAt)).toEqual(Array(3).fill('10.0.0.3:6379'));
    expect(role(lab)).toEqual([false, true, false]);
    expect(leaders[0]?.story.slice(5)).toEqual(leading);
    const voter = watchers.find(({ story }) => !story.some((e) => e.startsWith('+try')));
    expect(voter?.story.slice(5).filter((event) => !event.startsWith('+odown'))).toEqual([
      '+sdown master mymaster 10.0.0.1 6379',
      '+new-epoch 1',
      '+vote-for-leader <id> 1',
      `+config-update-from sentinel <id> ${leaders[0]?.ip} 26379 @ mymaster 10.0.0.1 6379`,
      ...switched,
    ]);
  });

  test('it comes back as a replica', () => {
    const { lab, watchers } = watchedLab();
    lab.node('node1')?.kill();
    lab.clock.advance(30_000);
    lab.node('node1')?.start();
    lab.clock.advance(30_000);
    expect(role(lab)).toEqual([true, true, false]);
    const all = watchers.flatMap(({ story }) => story);
    const replica = 'slave 10.0.0.1:6379 10.0.0.1 6379 @ mymaster 10.0.0.3 6379';
    expect(all).toContain(`+convert-to-slave ${replica}`);
    expect(all).toContain(`-sdown ${replica}`);
  });

  test('nothing happens as long as too few say so', () => {
    const { lab, watchers } = watchedLab(ips.slice(0, 1));
    lab.node('node1')?.kill();
    lab.clock.advance(60_000);
    expect(watchers[0]?.story.slice(3)).toEqual(['+sdown master mymaster 10.0.0.1 6379']);
    lab.node('node1')?.start();
    lab.clock.advance(5000);
    expect(watchers[0]?.story).toContain('-sdown master mymaster 10.0.0.1 6379');
  });

  test('nobody leads when there is a quorum and no majority', () => {
    const { lab, watchers } = watchedLab(ips, conf.replace('6379 2', '6379 1'));
    for (const watcher of watchers.slice(1)) watcher.stop();
    lab.node('node1')?.kill();
    lab.clock.advance(30_000);
    const { story = [] } = watchers[0] ?? {};
    expect(story).toContain('+odown master mymaster 10.0.0.1 6379 #quorum 1/1');
    expect(story).toContain('-failover-abort-not-elected master mymaster 10.0.0.1 6379');
    expect(role(lab)).toEqual([false, true, true]);
  });

  test('nobody is promoted when no replica may be', () => {
    const { lab, watchers } = watchedLab();
    for (const node of lab.nodes) {
      node.server.config.set([['replica-priority', '0']], false);
    }
    lab.clock.advance(15_000);
    lab.node('node1')?.kill();
    lab.clock.advance(30_000);
    const all = watchers.flatMap(({ story }) => story);
    expect(all).toContain('-failover-abort-no-good-slave master mymaster 10.0.0.1 6379');
  });
});

const mishap = fc.record({
  do: fc.constantFrom('kill', 'start', 'pause', 'resume', 'cut', 'heal'),
  node: fc.nat(2),
  watcher: fc.nat(2),
  ms: fc.constantFrom(100, 3000, 12_000),
});

/** One thing happens to a server, or to its link with a Sentinel. */
function befall(lab: Lab, { do: what, node: index, watcher }: MishapOf<typeof mishap>): void {
  const node = lab.nodes[index];
  if (what === 'kill') node?.kill();
  else if (what === 'start') node?.start();
  else if (what === 'pause') node?.pause();
  else if (what === 'resume') node?.resume();
  else lab[what](node?.host ?? '', ips[watcher] ?? '');
}

type MishapOf<A> = A extends fc.Arbitrary<infer M> ? M : never;

test('whatever happens, one Sentinel leads an epoch, and in the end there is one primary', () => {
  fc.assert(
    fc.property(fc.array(mishap, { maxLength: 8 }), (mishaps) => {
      const { lab, watchers } = watchedLab();
      for (const one of mishaps) {
        befall(lab, one);
        lab.clock.advance(one.ms);
      }
      for (const node of lab.nodes) {
        node.resume();
        node.start();
        for (const ip of ips) lab.heal(node.host, ip);
      }
      lab.clock.advance(240_000);
      const epochs = watchers.flatMap(({ led }) => led);
      expect(new Set(epochs).size).toBe(epochs.length);
      expect(new Set(watchers.map(({ primaryAt }) => primaryAt)).size).toBe(1);
      expect(role(lab).filter((isReplica) => !isReplica)).toHaveLength(1);
    }),
    { numRuns: 8, seed: 11 },
  );
});
