import { expect, test } from 'vitest';
import { SLOT_COUNT } from '../bytes/crc16.ts';
import { Lab, type Node } from '../lab/lab.ts';
import { ReplyDecoder } from '../resp/decode-reply.ts';
import { encodeCommand } from '../resp/encode.ts';
import { isError, type Reply } from '../resp/reply.ts';
import { type Random, seededRandom } from '../time/random.ts';

/**
 * Six nodes in trouble: a seed decides who is killed, paused, cut off or slowed down, and when, while
 * clients write. At every moment at most one primary serves a slot by one epoch; after all is well
 * again the cluster is up, replicas equal their primaries, and nothing is lost that WAIT called safe.
 * FAULT_RUNS=1000 plays more of them; FAULT_SEED=17 FAULT_RUNS=1 one again.
 */

const TIMEOUT_MS = 1000;
const STEPS = 12;
/** From the last repair to a cluster that is well, at most: votes may have to wait. */
const HEALING_MS = 60_000;
const LOOK_EVERY_MS = 200;
const SLOTS = ['0 5460', '5461 10922', '10923 16383'];

class Trouble {
  readonly lab: Lab;
  readonly #random: Random;
  /** What WAIT has called safe: key and value. */
  readonly #safe = new Map<string, string>();
  readonly story: string[] = [];
  #written = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed).fork('faults');
    this.lab = new Lab({
      topology: { kind: 'nodes', nodes: 6 },
      seed,
      config: {
        'cluster-node-timeout': String(TIMEOUT_MS),
        'cluster-replica-validity-factor': '0',
        'enable-debug-command': 'yes',
        appendonly: 'yes',
        appendfsync: 'always',
      },
    });
  }

  form(): void {
    const { nodes, clock } = this.lab;
    for (const [i, node] of nodes.entries()) {
      this.#ask(node, `CLUSTER SET-CONFIG-EPOCH ${i + 1}`);
      if (SLOTS[i]) this.#ask(node, `CLUSTER ADDSLOTSRANGE ${SLOTS[i]}`);
      if (i > 0) this.#ask(nodes[0] as Node, `CLUSTER MEET ${node.host} ${node.port}`);
    }
    clock.advance(3000);
    for (const [i, node] of nodes.entries()) {
      if (i > 2) this.#ask(node, `CLUSTER REPLICATE ${idOf(nodes[i - 3] as Node)}`);
    }
    clock.advance(5000);
  }

  play(): void {
    for (let step = 0; step < STEPS; step++) {
      this.#disturb();
      this.#write();
      this.#pass(200 + this.#random.below(3000));
    }
  }

  /** Mends everything, and waits. */
  heal(): void {
    const { nodes, network } = this.lab;
    for (const one of nodes) {
      if (one.state === 'paused') one.resume();
      if (one.state === 'ended') one.start();
      for (const other of nodes) {
        if (one === other) continue;
        network.heal(one.name, other.name);
        network.setLatency(one.name, other.name, 0);
      }
    }
    this.story.push('all is mended');
    for (let passed = 0; passed < HEALING_MS && this.complaints().length > 0; passed += 1000) {
      this.#pass(1000);
    }
  }

  /** What is wrong after the healing. */
  complaints(): string[] {
    const wrong: string[] = [];
    const { nodes } = this.lab;
    for (const node of nodes) {
      const { state } = clusterOf(node);
      if (!state.isOk) wrong.push(`${node.name} says that the cluster is down`);
      for (let slot = 0; slot < SLOT_COUNT; slot += 97) {
        const owner = state.owners[slot]?.name;
        const agreed = clusterOf(nodes[0] as Node).state.owners[slot]?.name;
        if (!owner || owner !== agreed) wrong.push(`${node.name} disagrees on slot ${slot}`);
      }
      const primary = nodes.find((each) => idOf(each) === state.myself.replicaOf?.name);
      if (!primary) continue;
      const digests = [primary, node].map((each) =>
        JSON.stringify(this.#ask(each, 'DEBUG DIGEST')),
      );
      if (digests[0] !== digests[1]) wrong.push(`${node.name} is not as its primary is`);
    }
    for (const [key, value] of this.#safe) {
      if (this.#get(key) !== value) wrong.push(`${key} is lost, which WAIT said was safe`);
    }
    return wrong;
  }

  #disturb(): void {
    const { nodes, network } = this.lab;
    const one = nodes[this.#random.below(6)] as Node;
    const other = nodes[this.#random.below(6)] as Node;
    const what = this.#random.below(9);
    const tell = (text: string) => this.story.push(`${one.name} ${text}`);
    if (what < 2 && this.#downCount < 2) {
      tell('is killed');
      one.kill();
    } else if (what === 2 && one.state === 'running') {
      tell('is paused');
      one.pause();
    } else if (what < 5) {
      for (const node of nodes) {
        if (node.state === 'paused') node.resume();
        else if (node.state === 'ended') node.start();
      }
      this.story.push('all run again');
    } else if (what === 5) {
      tell(`is not heard by ${other.name}`);
      network.cut(one.name, other.name);
    } else if (what === 6) {
      tell('is cut off');
      for (const node of nodes) if (node !== one) this.lab.cut(one.name, node.name);
    } else if (what === 7) {
      this.story.push('the network is whole');
      for (const a of nodes) for (const b of nodes) if (a !== b) network.heal(a.name, b.name);
    } else {
      const ms = this.#random.below(400);
      tell(`is heard ${ms} ms later by ${other.name}`);
      network.setLatency(one.name, other.name, ms);
    }
  }

  get #downCount(): number {
    return this.lab.nodes.filter(({ state }) => state !== 'running').length;
  }

  /** Writes a few keys where somebody says that they belong. */
  #write(): void {
    for (let i = 0; i < 5; i++) {
      const key = `k${this.#random.below(30)}`;
      const value = String(++this.#written);
      const node = this.lab.nodes[this.#random.below(6)] as Node;
      if (node.state !== 'running') continue;
      const [set, waited] = this.#talk(node, [`SET ${key} ${value}`, 'WAIT 1 200']);
      if (isError(set as Reply)) continue;
      // What was said before of the key no longer holds, whatever comes of this.
      this.#safe.delete(key);
      if (Number(waited) >= 1) this.#safe.set(key, value);
    }
  }

  #get(key: string): Reply | undefined {
    for (const node of this.lab.nodes) {
      const reply = this.#ask(node, `GET ${key}`);
      if (!isError(reply as Reply)) return reply;
    }
    return undefined;
  }

  /** Lets time pass, looking at all nodes now and then. */
  #pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += LOOK_EVERY_MS) {
      this.lab.clock.advance(LOOK_EVERY_MS);
      this.#look();
    }
  }

  /** No two nodes serve a slot by the same epoch. */
  #look(): void {
    const epochs = new Map<number, Node[]>();
    for (const node of this.lab.nodes) {
      if (node.state === 'ended') continue;
      const { myself } = clusterOf(node).state;
      if (!myself.isPrimary || myself.slots.size === 0) continue;
      const same = epochs.get(myself.configEpoch) ?? [];
      for (const other of same) {
        const shared = clusterOf(other).state.myself.slots;
        const [slot] = myself.slots
          .ranges()
          .flat()
          .filter((each) => shared.has(each));
        if (slot === undefined) continue;
        throw new Error(
          `${node.name} and ${other.name} serve slot ${slot} by epoch ${myself.configEpoch}`,
        );
      }
      epochs.set(myself.configEpoch, [...same, node]);
    }
  }

  #ask(node: Node, command: string): Reply | undefined {
    return this.#talk(node, [command])[0];
  }

  /** A short conversation on a connection of its own. */
  #talk(node: Node, commands: readonly string[]): (Reply | undefined)[] {
    const decoder = new ReplyDecoder();
    const connection = this.lab.dial(`${node.host}:${node.port}`, '10.9.9.9', {
      onData: (bytes) => decoder.push(bytes),
      onClose() {},
    });
    const replies = commands.map((command) => {
      connection?.send(encodeCommand(command.split(' ')));
      const reply = decoder.next();
      if (reply !== undefined) return reply;
      this.lab.clock.advance(300);
      return decoder.next();
    });
    connection?.close();
    return replies;
  }
}

const clusterOf = ({ server, name }: Node) => {
  if (!server.cluster) throw new Error(`${name} is in no cluster`);
  return server.cluster;
};

const idOf = (node: Node): string => clusterOf(node).state.myself.name;

const runs = Number(process.env.FAULT_RUNS ?? 50);
const first = Number(process.env.FAULT_SEED ?? 1);

test(`whatever happens to six nodes (${runs} seeds from ${first}), they get over it`, () => {
  const seeds = Array.from({ length: runs }, (_, i) => first + i);
  for (const seed of seeds) {
    const trouble = new Trouble(seed);
    const explain = () => `seed ${seed}:\n${trouble.story.join('\n')}`;
    try {
      trouble.form();
      trouble.play();
      trouble.heal();
    } catch (error) {
      throw new Error(`${explain()}\n${error instanceof Error ? error.stack : error}`);
    }
    expect(trouble.complaints(), explain()).toEqual([]);
  }
}, 600_000);
