/** A Kubernetes cluster in the lab: an API server, its controllers, three nodes and their network. */
import { ApiServer } from './api.ts';
import { bootstrap } from './bootstrap.ts';
import type { ClusterView, Controller } from './controller.ts';
import { deployments, replicaSets } from './controllers/deployment.ts';
import { disruptionController } from './controllers/disruption.ts';
import { endpointsController } from './controllers/endpoints.ts';
import { garbageCollector, namespaceController } from './controllers/garbage.ts';
import { CronJobs, jobs } from './controllers/jobs.ts';
import { NodeLifecycle } from './controllers/nodes.ts';
import { scheduler } from './controllers/scheduler.ts';
import { statefulSets } from './controllers/stateful-set.ts';
import { volumeController } from './controllers/volumes.ts';
import { ApiError } from './errors.ts';
import type { Infrastructure } from './infrastructure.ts';
import { Kubelets } from './kubelet/kubelet.ts';
import { ClusterNetwork } from './network.ts';

/** How soon controllers look at what has changed, in ms of the lab's time. */
const ROUND_MS = 20;

export class Kubernetes {
  readonly api: ApiServer;
  readonly kubelets: Kubelets;
  readonly #infrastructure: Infrastructure;
  readonly #controllers: Controller[];
  readonly #nodes = new NodeLifecycle();
  #cancel: (() => void) | undefined;
  #dueAt = Number.POSITIVE_INFINITY;

  /** A cluster with nothing in it; to be made outside of the lab. */
  constructor(infrastructure: Infrastructure) {
    this.#infrastructure = infrastructure;
    this.api = new ApiServer(() => infrastructure.now());
    this.kubelets = new Kubelets(infrastructure);
    const { kubelets } = this;
    this.#controllers = [
      ...[namespaceController, garbageCollector, this.#nodes],
      ...[statefulSets, deployments, replicaSets, volumeController],
      ...[scheduler, kubelets, endpointsController, disruptionController],
      ...[new CronJobs(), jobs],
    ];
    infrastructure.enter(() => {
      bootstrap(this.api);
      const network = new ClusterNetwork(
        this.api,
        (address) => kubelets.podAt(address),
        kubelets.isLost,
      );
      infrastructure.setRoutes(network);
      // Events tell what has happened; nobody acts on them.
      this.api.watch(({ object }) => object.kind === 'Event' || this.#plan(ROUND_MS));
    });
  }

  /** Adds a controller, such as an operator; it looks at once at what is there. */
  add(controller: Controller): void {
    if (this.#controllers.some(({ name }) => name === controller.name)) return;
    this.#controllers.push(controller);
    this.#plan(ROUND_MS);
  }

  /** Takes a controller away. */
  removeController(name: string): void {
    const at = this.#controllers.findIndex((each) => each.name === name);
    if (at >= 0) this.#controllers.splice(at, 1);
  }

  /**
   * Does something with the API server, for somebody outside of the lab. What it throws is thrown
   * outside: within the lab it would be a fault of the lab.
   */
  enter<T>(task: (api: ApiServer) => T): T {
    const done = this.#infrastructure.enter((): Done<T> => {
      try {
        return { value: task(this.api) };
      } catch (error) {
        return { error };
      }
    });
    if ('error' in done) throw done.error;
    return done.value;
  }

  /** A node loses power. Throws NotFound. To be called outside of the lab. */
  loseNode(name: string): void {
    this.enter((api) => {
      api.get('Node', name);
      this.#nodes.lose(name, this.#infrastructure.now());
      this.kubelets.lose(name);
      this.#plan(ROUND_MS);
    });
  }

  /** It starts again. Throws NotFound. To be called outside of the lab. */
  recoverNode(name: string): void {
    this.enter((api) => {
      api.get('Node', name);
      this.kubelets.recover(name);
      this.#nodes.recover(api, name);
      this.#plan(ROUND_MS);
    });
  }

  /** Has all controllers look, so many ms later at the latest. */
  #plan(ms: number): void {
    const due = this.#infrastructure.now() + ms;
    if (due >= this.#dueAt) return;
    this.#cancel?.();
    this.#dueAt = due;
    this.#cancel = this.#infrastructure.after(ms, () => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#cancel = undefined;
      this.#round();
    });
  }

  #round(): void {
    const view: ClusterView = {
      api: this.api,
      now: this.#infrastructure.now(),
      wake: (ms) => this.#plan(Math.max(ms, ROUND_MS)),
    };
    for (const controller of [...this.#controllers]) {
      try {
        controller.reconcile(view);
      } catch (error) {
        // What the server refuses a controller is tried again, as a work queue does.
        if (!(error instanceof ApiError)) throw error;
        view.wake(1000);
      }
    }
  }
}

type Done<T> = { readonly value: T } | { readonly error: unknown };
