/** One pod on its node: a host with an address, volumes and containers. */
import type { ApiServer } from '../api.ts';
import type { Infrastructure, Mount, PodHost } from '../infrastructure.ts';
import type { Condition, Pod, PodStatus } from '../objects.ts';
import { PodContainer } from './container.ts';
import { MountError, type VolumeStore } from './volumes.ts';

export interface PodPlace {
  readonly infrastructure: Infrastructure;
  readonly api: ApiServer;
  readonly volumes: VolumeStore;
  readonly nodeAddress: string;
  readonly address: string;
  pullMs(image: string, bytes: number): number;
}

/** How long it waits until it tries again to mount. */
const MOUNT_MS = 2000;
/** What is left of a pod is cleared away. */
const CLEAR_MS = 200;

export class PodRuntime {
  readonly #place: PodPlace;
  readonly #name: string;
  readonly #namespace: string | undefined;
  readonly uid: string;
  readonly address: string;
  #host: PodHost | undefined;
  /** Run one after the other before the others begin. */
  #inits: PodContainer[] = [];
  #begun = 0;
  #containers: PodContainer[] = [];
  #isEnding = false;
  #isLost = false;
  readonly #startTime: string;

  constructor(place: PodPlace, pod: Pod) {
    this.#place = place;
    this.#name = pod.metadata.name;
    this.#namespace = pod.metadata.namespace;
    this.uid = pod.metadata.uid;
    this.address = place.address;
    this.#startTime = place.api.time;
  }

  get host(): PodHost | undefined {
    return this.#host;
  }

  container(name?: string): PodContainer | undefined {
    const all = name === undefined ? this.#containers : [...this.#containers, ...this.#inits];
    return all.find(({ spec }) => name === undefined || spec.name === name);
  }

  /** The pod as it is kept; undefined when it is another one, or none. */
  get pod(): Pod | undefined {
    const found = this.#place.api.find('Pod', this.#name, this.#namespace);
    return found?.metadata.uid === this.uid ? found : undefined;
  }

  /** Mounts what is to be mounted, then starts the containers. */
  begin(): void {
    const { pod } = this;
    if (!pod || this.#isEnding || this.#isLost) return;
    const { api, infrastructure, volumes } = this.#place;
    try {
      const disks = volumes.open(api, pod);
      const mounts: Mount[] = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
        .flatMap(({ volumeMounts = [] }) => volumeMounts)
        .flatMap(({ name, mountPath, subPath }) => {
          const disk = disks.get(name);
          const part = subPath ? `/${subPath.replace(/^\/|\/$/g, '')}` : '';
          return disk ? [{ path: mountPath.replace(/\/$/, ''), disk, part }] : [];
        });
      this.#host = infrastructure.openHost(this.#name, this.address, distinct(mounts));
    } catch (error) {
      if (!(error instanceof MountError)) throw error;
      this.#event('Warning', 'FailedMount', error.message);
      this.#tell();
      infrastructure.after(MOUNT_MS, () => this.begin());
      return;
    }
    const place = {
      ...this.#place,
      host: this.#host,
      pod: () => this.pod,
      changed: () => this.#changed(),
      event: (type: 'Normal' | 'Warning', reason: string, message: string) =>
        this.#event(type, reason, message),
    };
    this.#containers = pod.spec.containers.map((spec) => new PodContainer(place, spec));
    const restartPolicy = pod.spec.restartPolicy === 'Never' ? 'Never' : 'OnFailure';
    this.#inits = (pod.spec.initContainers ?? []).map(
      (spec) => new PodContainer({ ...place, restartPolicy }, spec),
    );
    this.#tell();
    this.#advance();
  }

  /** Begins the next init container when the one before it has ended well; after them the others. */
  #advance(): void {
    const done = this.#inits.filter(hasEndedWell).length;
    const next = this.#inits[done];
    if (this.#begun > done || this.#begun > this.#inits.length || this.#isEnding) return;
    this.#begun++;
    if (next) next.begin();
    else for (const container of this.#containers) container.begin();
  }

  /** Ends the containers; the pod is gone when they are. */
  end(graceMs: number): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    for (const container of this.#all) container.stop(graceMs);
    this.#changed();
  }

  /** Its machine has lost power. */
  lose(): void {
    this.#isLost = true;
    for (const container of this.#all) container.lose();
    this.#host?.close(true);
  }

  /** Nobody wants it any more: ends at once what still runs. */
  discard(): void {
    for (const container of this.#all) container.lose();
    this.#host?.close(false);
  }

  /** The part of the status that comes from the containers, for a pod that has just been seen. */
  #tell(): void {
    const { pod } = this;
    if (!pod || this.#isLost) return;
    this.#place.api.change(pod, (draft) => {
      draft.status = this.#statusOf(draft.status, pod);
    });
  }

  get #all(): readonly PodContainer[] {
    return [...this.#inits, ...this.#containers];
  }

  #changed(): void {
    this.#tell();
    this.#advance();
    const isDone = this.#isEnding && !this.#all.some(({ isRunning }) => isRunning);
    if (!isDone) return;
    this.#place.infrastructure.after(CLEAR_MS, () => {
      this.discard();
      const { pod } = this;
      if (pod) this.#place.api.remove(pod);
    });
  }

  #statusOf(before: PodStatus, pod: Pod): PodStatus {
    const statuses = this.#containers.map(({ status }) => status);
    const isReady = statuses.length > 0 && statuses.every(({ ready }) => ready);
    const { time } = this.#place.api;
    const known = before.conditions ?? [];
    const condition = (type: string, isTrue: boolean): Condition => {
      const status = isTrue ? 'True' : 'False';
      const same = known.find((each) => each.type === type && each.status === status);
      return same ?? { type, status, lastTransitionTime: time };
    };
    const scheduled = known.filter(({ type }) => type === 'PodScheduled');
    return {
      phase: this.#phase(pod),
      conditions: [
        condition('PodReadyToStartContainers', this.#host !== undefined),
        condition('Initialized', this.#inits.every(hasEndedWell)),
        condition('Ready', isReady),
        condition('ContainersReady', isReady),
        ...scheduled,
      ],
      hostIP: this.#place.nodeAddress,
      ...(this.#host && { podIP: this.address }),
      startTime: this.#startTime,
      ...(this.#inits.length > 0 && {
        initContainerStatuses: this.#inits.map(({ status }) => status),
      }),
      containerStatuses: statuses,
    };
  }

  #phase({ spec }: Pod): string {
    const states = this.#containers.map(({ status }) => status.state);
    const ended = states.flatMap(({ terminated }) => (terminated ? [terminated] : []));
    if (states.length > 0 && ended.length === states.length) {
      if (spec.restartPolicy === 'Never' || this.#isEnding) {
        return ended.every(({ exitCode }) => exitCode === 0) ? 'Succeeded' : 'Failed';
      }
      if (spec.restartPolicy === 'OnFailure' && ended.every(({ exitCode }) => exitCode === 0)) {
        return 'Succeeded';
      }
    }
    const hasRun = this.#containers.some(
      ({ status: { state, restartCount } }) =>
        state.running || state.terminated || restartCount > 0,
    );
    return hasRun ? 'Running' : 'Pending';
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { pod } = this;
    if (pod) this.#place.api.event(pod, type, reason, message, 'kubelet');
  }
}

const hasEndedWell = ({ status }: PodContainer): boolean => status.state.terminated?.exitCode === 0;

/** Containers of a pod share its host here, and so the places of their volumes. */
const distinct = (mounts: readonly Mount[]): Mount[] =>
  mounts.filter((mount, i) => mounts.findIndex(({ path }) => path === mount.path) === i);
