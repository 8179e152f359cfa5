import { slotOf } from '../bytes/crc16.ts';
import { Bus } from './bus.ts';
import { CRON_MS, runCron } from './cron.ts';
import { handleFailover } from './election.ts';
import { updateHealth } from './health.ts';
import type { ClusterHost } from './host.ts';
import { handleManualFailover } from './manual-failover.ts';
import { ClusterNode } from './node.ts';
import { printConf, readConf } from './nodes-conf.ts';
import { receive } from './receive.ts';
import type { SlotKeys } from './slot-keys.ts';
import { dropKeys } from './slots-config.ts';
import { ClusterState, NEW_MYSELF } from './state.ts';

/** A slot that moves changes nodes.conf several times: what need not be durable waits so long. */
const SAVE_PAUSE_MS = 100;

/**
 * One node's part in a Redis Cluster. Every key has one of 16384 slots, every slot a primary; clients
 * that ask the wrong node are sent to the right one (redirect.ts). The nodes talk over a bus of their
 * own (bus.ts, message.ts): each pings some others now and then and tells what it knows of third ones
 * (gossip.ts). Who does not answer is suspected, and fails when most primaries say so (health.ts);
 * then its replicas ask the primaries for their votes, and one of them takes its slots over
 * (election.ts). Whoever claims slots says since which epoch, and the greatest epoch is right
 * (slots-config.ts). What must not be forgotten is in nodes.conf.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
 */
export class Cluster {
  readonly state: ClusterState;
  readonly bus: Bus;
  #round = 0;
  #isStopped = false;
  #savedAt = 0;

  /** Reads nodes.conf, or begins as a node of its own. Throws a NodesConfError. */
  constructor(
    private readonly host: ClusterHost,
    keys: SlotKeys,
    { port, busPort }: { readonly port: number; readonly busPort: number },
  ) {
    const me = new ClusterNode('', NEW_MYSELF, Math.floor(host.clock.now));
    this.state = new ClusterState(host, keys, me);
    this.bus = new Bus(this.state, (link, message) => {
      if (this.#isStopped) return;
      receive(this.state, this.bus, link, message);
      this.settle();
      host.flush();
    });
    this.#load(me);
    const { myself } = this.state;
    myself.port = port;
    myself.busPort = busPort;
    this.#readAnnounced();
    this.#save();
    this.#schedule();
  }

  /** The file where the node keeps what it knows. */
  get confPath(): string {
    const { config } = this.host;
    return `${config.text('dir')}/${config.text('cluster-config-file')}`;
  }

  /** Writes nodes.conf. Throws what the disk throws. */
  save(isDurable = true): void {
    this.state.todo.save = false;
    this.state.todo.sync = false;
    this.#savedAt = this.state.now;
    this.host.disk.write(this.confPath, printConf(this.state), isDurable);
  }

  /** Does what the last events ask for. */
  settle(): void {
    const { state } = this;
    const { todo } = state;
    if (todo.manualFailover) {
      handleManualFailover(state);
      handleFailover(state, this.bus);
    } else if (todo.failover) handleFailover(state, this.bus);
    if (todo.updateHealth) updateHealth(state);
    if (todo.sync || (todo.save && state.now - this.#savedAt >= SAVE_PAUSE_MS)) this.#save();
    this.#endShardChannels();
  }

  /** Keys whose slot somebody else serves, after the data was read: CLUSTER has the last word. */
  adoptKeys(): void {
    const { state } = this;
    if (state.myself.isReplica) return;
    for (let slot = 0; slot < state.owners.length; slot++) {
      const owner = state.owners[slot];
      if (state.keys.count(slot) === 0 || owner === state.myself || state.importing.has(slot))
        continue;
      if (owner) {
        this.host.log(
          'warning',
          `I have keys for slot ${slot}, but the slot is assigned to another node. Setting it to importing state.`,
        );
        state.importing.set(slot, owner);
      } else {
        this.host.log(
          'warning',
          `I have keys for unassigned slot ${slot}. Taking responsibility for it.`,
        );
        state.assign(slot, state.myself);
      }
      state.todo.save = true;
    }
    this.settle();
  }

  /** Passes a message on: to all nodes, or to those of the shard. */
  publish(kind: 'channel' | 'shard channel', channel: string, message: string): void {
    const { myself } = this.state;
    if (kind === 'channel') {
      this.bus.broadcast({ type: 'publish', channel, message });
      return;
    }
    const primary = myself.primary;
    for (const node of primary ? [primary, ...primary.replicas] : []) {
      if (node === myself || !node.link) continue;
      this.bus.send(node.link, { type: 'publishshard', channel, message });
    }
  }

  dropKeys(slot: number): number {
    return dropKeys(this.state, slot);
  }

  /** The process has ended: nothing more is said or heard. */
  stop(): void {
    this.#isStopped = true;
    for (const link of [...this.bus.links]) link.close();
  }

  #load(me: ClusterNode): void {
    const { state, host } = this;
    const text = host.disk.read(this.confPath);
    if (text !== undefined && text !== '') {
      readConf(state, text);
      host.log('notice', `Node configuration loaded, I'm ${state.myself.name}`);
      return;
    }
    me.name = state.newName();
    host.log('notice', `No cluster configuration found, I'm ${me.name}`);
    state.add(me);
  }

  #readAnnounced(): void {
    const { config } = this.host;
    const { myself } = this.state;
    const ip = config.text('cluster-announce-ip');
    if (ip !== '') myself.ip = ip;
    myself.hostname = config.text('cluster-announce-hostname');
    myself.mark('nofailover', config.text('cluster-replica-no-failover') === 'yes');
  }

  #save(): void {
    try {
      this.save(this.state.todo.sync);
    } catch (error) {
      // The disk may be full: what was decided is still right, and the next change tries again.
      this.host.log('warning', `Could not write the cluster config file: ${String(error)}`);
    }
  }

  #schedule(): void {
    this.host.clock.schedule(CRON_MS, () => {
      if (this.#isStopped) return;
      this.#readAnnounced();
      this.#round++;
      runCron(this.state, this.bus, this.#round);
      this.settle();
      this.host.redirectBlocked();
      this.host.flush();
      this.#schedule();
    });
  }

  #endShardChannels(): void {
    const released = new Set(this.state.takeReleased());
    if (released.size === 0) return;
    for (const channel of [...this.host.shardChannels()]) {
      if (released.has(slotOf(channel))) this.host.endShardChannel(channel);
    }
  }
}
