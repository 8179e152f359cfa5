/**
 * The operator of RedisSets: a controller like the built-in ones, which knows Redis besides. It works
 * while a pod of its Deployment is ready. A replicated set gets a primary, and another one when that
 * is gone; the nodes of a cluster are introduced to one another and given the slots.
 */
import { ReplyDecoder } from '../../engine/resp/decode-reply.ts';
import { encodeCommand } from '../../engine/resp/encode.ts';
import type { Reply } from '../../engine/resp/reply.ts';
import type { ApiServer } from '../kubernetes/api.ts';
import type { ClusterView, Controller } from '../kubernetes/controller.ts';
import type { Infrastructure } from '../kubernetes/infrastructure.ts';
import type { Pod } from '../kubernetes/objects.ts';
import { isEnding, isReady } from '../kubernetes/pods.ts';
import { objectsOf, type RedisSet, ROLE_LABEL, SET_LABEL } from './objects.ts';

const COMPONENT = 'redis-operator';
const RETRY_MS = 1000;
/** Nodes that were introduced have had the time to get to know one another. */
const MEETING_MS = 5000;
const SLOTS = 16_384;

export class RedisOperator implements Controller {
  readonly name = COMPONENT;
  readonly #infrastructure: Pick<Infrastructure, 'connect' | 'after'>;
  /** What each pod was told last, by its uid and how often it was started. */
  readonly #told = new Map<string, Order>();

  constructor(infrastructure: Pick<Infrastructure, 'connect' | 'after'>) {
    this.#infrastructure = infrastructure;
  }

  reconcile(cluster: ClusterView): void {
    const { api } = cluster;
    if (!api.kindInfo('RedisSet')) return;
    const own = { matchLabels: { app: COMPONENT } };
    const operator = api.list('Pod', undefined, own).find((pod) => isReady(pod) && !isEnding(pod));
    const address = operator?.status.podIP;
    if (address === undefined) return;
    for (const set of api.list('RedisSet') as RedisSet[]) {
      if (!isEnding(set)) this.#see(cluster, set, address);
    }
  }

  #see(cluster: ClusterView, set: RedisSet, from: string): void {
    const { api } = cluster;
    const { name, namespace } = set.metadata;
    for (const manifest of objectsOf(set)) {
      if (api.find(manifest.kind, manifest.metadata.name ?? '', namespace)) continue;
      api.create(manifest, namespace);
      const message = `Created ${manifest.kind} ${manifest.metadata.name}`;
      api.event(set, 'Normal', 'Created', message, COMPONENT);
    }
    const selector = { matchLabels: { [SET_LABEL]: name } };
    const pods = api
      .list('Pod', namespace, selector)
      .filter((pod) => isReady(pod) && !isEnding(pod));
    const primary =
      set.spec.mode === 'cluster'
        ? this.#joinNodes(cluster, set, pods, from)
        : this.#assignRoles(cluster, set, pods, from);
    api.change(set, (draft) => {
      draft.status = { ready: `${pods.length}/${set.spec.nodes}`, ...(primary && { primary }) };
    });
  }

  /** The first time all must be there; later any that is ready can take over. */
  #assignRoles(
    cluster: ClusterView,
    set: RedisSet,
    pods: readonly Pod[],
    from: string,
  ): string | undefined {
    const { api } = cluster;
    const known = set.status?.primary;
    if (known === undefined && pods.length < set.spec.nodes) return undefined;
    const kept = pods.find(({ metadata }) => metadata.name === known && this.#wasPrimary(metadata));
    const primary = kept ?? pods[0];
    if (!primary) return known;
    const { name } = primary.metadata;
    if (name !== known) {
      const message = `${name} is the primary${known === undefined ? '' : ` in the place of ${known}`}`;
      api.event(set, 'Normal', 'Promoted', message, COMPONENT);
    }
    for (const pod of pods) {
      const isPrimary = pod === primary;
      const host = `${name}.${set.metadata.name}-nodes`;
      const words = isPrimary ? ['NO', 'ONE'] : [host, '6379'];
      this.#tell(cluster, pod, from, [['REPLICAOF', ...words]]);
      label(api, pod, isPrimary ? 'primary' : 'replica');
    }
    return name;
  }

  #wasPrimary = ({ labels }: Pod['metadata']): boolean => labels?.[ROLE_LABEL] === 'primary';

  #joinNodes(
    cluster: ClusterView,
    set: RedisSet,
    pods: readonly Pod[],
    from: string,
  ): string | undefined {
    if (set.status?.primary !== undefined) return 'each node';
    const first = pods[0]?.status.podIP;
    if (first === undefined || pods.length < set.spec.nodes) return undefined;
    const haveJoined = pods.map((pod, at) => {
      const [low, high] = [at, at + 1].map((each) => Math.floor((each * SLOTS) / pods.length));
      const slots = ['CLUSTER', 'ADDSLOTSRANGE', String(low), String((high ?? SLOTS) - 1)];
      const meet = ['CLUSTER', 'MEET', first, '6379'];
      const commands = [slots, ...(at === 0 ? [] : [meet]), ['CLUSTER', 'INFO']];
      return this.#tell(cluster, pod, from, commands, knowsAll);
    });
    if (!haveJoined.every(Boolean)) return undefined;
    const message = `${pods.length} nodes share ${SLOTS} slots`;
    cluster.api.event(set, 'Normal', 'ClusterCreated', message, COMPONENT);
    return 'each node';
  }

  /**
   * Sends commands to a pod, unless it has been told the same since it was started; again, when the
   * reply to the last of them is not what it should be. True once it is.
   */
  #tell(
    cluster: ClusterView,
    pod: Pod,
    from: string,
    commands: readonly string[][],
    isDone: (reply: Reply) => boolean = () => true,
  ): boolean {
    const starts = pod.status.containerStatuses?.[0]?.restartCount ?? 0;
    const id = `${pod.metadata.uid} ${starts}`;
    const text = JSON.stringify(commands);
    const known = this.#told.get(id);
    if (known?.text === text) return known.isDone;
    const order: Order = { text, isDone: false };
    this.#told.set(id, order);
    const again = (ms = RETRY_MS) => {
      this.#infrastructure.after(ms, () => {
        if (this.#told.get(id) === order) this.#told.delete(id);
        cluster.wake(0);
      });
    };
    const decoder = new ReplyDecoder();
    let awaited = commands.length;
    let hangUp = () => {};
    hangUp = this.#infrastructure.connect(`${pod.status.podIP}:6379`, from, {
      onOpen: (send) => send(commands.map((argv) => encodeCommand(argv)).join('')),
      onData(bytes) {
        decoder.push(bytes);
        for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) {
          if (--awaited === 0) order.isDone = isDone(reply);
        }
        if (awaited > 0) return;
        hangUp();
        if (order.isDone) cluster.wake(0);
        else again(MEETING_MS);
      },
      onClose: () => {
        if (awaited > 0) again();
      },
      onFail: () => again(),
    });
    return false;
  }
}

interface Order {
  readonly text: string;
  isDone: boolean;
}

/** By the reply of CLUSTER INFO: all slots have somebody who serves them. */
const knowsAll = (info: Reply): boolean => String(info).includes('cluster_state:ok');

function label(api: ApiServer, pod: Pod, role: string): void {
  if (pod.metadata.labels?.[ROLE_LABEL] === role) return;
  api.change(pod, (draft) => {
    draft.metadata.labels = { ...draft.metadata.labels, [ROLE_LABEL]: role };
  });
}
