/** The kubelets of all nodes: what is bound to a node runs there. */
import type { ClusterView, Controller } from '../controller.ts';
import type { Infrastructure } from '../infrastructure.ts';
import type { Pod } from '../objects.ts';
import { isOver } from '../pods.ts';
import { fullName } from './images.ts';
import { PodRuntime } from './pod-runtime.ts';
import { VolumeStore } from './volumes.ts';

/** How fast a registry is: of a compressed image, in bytes a ms. */
const BYTES_PER_MS = 12_000;

export class Kubelets implements Controller {
  readonly name = 'kubelet';
  readonly #infrastructure: Infrastructure;
  readonly #volumes: VolumeStore;
  readonly #runtimes = new Map<string, PodRuntime>();
  /** The images that a node has, as "node image". */
  readonly #pulled = new Set<string>();
  readonly #addresses = new Map<string, number>();
  readonly #lost = new Set<string>();

  constructor(infrastructure: Infrastructure) {
    this.#infrastructure = infrastructure;
    this.#volumes = new VolumeStore(infrastructure);
  }

  reconcile(cluster: ClusterView): void {
    const { api } = cluster;
    const seen = new Set<string>();
    for (const pod of api.list('Pod')) {
      const node = pod.spec.nodeName;
      seen.add(pod.metadata.uid);
      if (node === undefined || this.#lost.has(node)) continue;
      const runtime = this.#runtimes.get(pod.metadata.uid);
      const { deletionTimestamp, deletionGracePeriodSeconds = 30 } = pod.metadata;
      if (deletionTimestamp !== undefined) {
        if (runtime) runtime.end(deletionGracePeriodSeconds * 1000);
        else api.remove(pod);
      } else if (!runtime && !isOver(pod)) this.#begin(cluster, pod, node);
    }
    for (const [uid, runtime] of this.#runtimes) {
      if (seen.has(uid)) continue;
      runtime.discard();
      this.#runtimes.delete(uid);
    }
    this.#volumes.forget(api);
  }

  /** What runs as this pod. */
  runtime({ metadata }: Pod): PodRuntime | undefined {
    return this.#runtimes.get(metadata.uid);
  }

  /** The pod at an address; undefined when there is none. */
  podAt(address: string): Pod | undefined {
    for (const runtime of this.#runtimes.values()) {
      if (runtime.address === address && runtime.host) return runtime.pod;
    }
    return undefined;
  }

  isLost = (node: string): boolean => this.#lost.has(node);

  /** A node loses power: everything on it has ended, and nobody there says so. */
  lose(node: string): void {
    this.#lost.add(node);
    for (const runtime of this.#runtimes.values()) {
      if (runtime.pod?.spec.nodeName === node) runtime.lose();
    }
  }

  /** A node is back: what is still bound to it starts anew. */
  recover(node: string): void {
    this.#lost.delete(node);
    for (const [uid, runtime] of this.#runtimes) {
      if (runtime.pod?.spec.nodeName === node) this.#runtimes.delete(uid);
    }
  }

  #begin({ api }: ClusterView, pod: Pod, node: string): void {
    const number = Number(/\d+$/.exec(node)?.[0] ?? 0);
    const count = (this.#addresses.get(node) ?? 1) + 1;
    this.#addresses.set(node, count);
    const status = api.find('Node', node)?.status;
    const runtime = new PodRuntime(
      {
        infrastructure: this.#infrastructure,
        api,
        volumes: this.#volumes,
        nodeAddress: status?.addresses[0]?.address ?? '',
        address: `10.244.${number}.${count}`,
        pullMs: (image, bytes) => this.#pull(node, image, bytes),
      },
      pod,
    );
    this.#runtimes.set(pod.metadata.uid, runtime);
    runtime.begin();
  }

  #pull(node: string, image: string, bytes: number): number {
    const { name, tag } = fullName(image);
    const id = `${node} ${name}:${tag}`;
    if (this.#pulled.has(id)) return 0;
    if (bytes > 0) this.#pulled.add(id);
    return Math.ceil(bytes / BYTES_PER_MS);
  }
}
