/**
 * StatefulSets: pods with names that stay, started and stopped in order, each with claims of its own.
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
 */
import { type ApiServer, isOwnedBy, ownerOf } from '../api.ts';
import type { ClusterView, Controller } from '../controller.ts';
import { templateHash } from '../identity.ts';
import type { Pod, PodTemplate, Revision, StatefulSet } from '../objects.ts';
import { createPod, isEnding, isOver, isReady } from '../pods.ts';

const COMPONENT = 'statefulset-controller';
/** How long it waits after the server has refused a pod. */
const RETRY_MS = 10_000;
export const REVISION_LABEL = 'controller-revision-hash';

export const statefulSets: Controller = {
  name: COMPONENT,
  reconcile(cluster) {
    for (const set of cluster.api.list('StatefulSet')) {
      if (!isEnding(set)) new Step(cluster, set).take();
    }
  },
};

/** One look at one set: at most one thing is done where order matters. */
class Step {
  readonly #cluster: ClusterView;
  readonly #api: ApiServer;
  readonly #set: StatefulSet;
  readonly #pods: ReadonlyMap<number, Pod>;
  readonly #update: string;
  readonly #current: string;

  constructor(cluster: ClusterView, set: StatefulSet) {
    this.#cluster = cluster;
    this.#api = cluster.api;
    this.#set = set;
    const { name, namespace } = set.metadata;
    const own = this.#api.list('Pod', namespace).filter((pod) => isOwnedBy(pod, set));
    this.#pods = new Map(own.map((pod) => [ordinalOf(pod, name), pod]));
    this.#update = revisionOf(this.#api, set);
    const current = set.status?.currentRevision;
    const isKept =
      current !== undefined && this.#api.find('ControllerRevision', current, namespace);
    this.#current = isKept ? current : this.#update;
  }

  take(): void {
    const isParallel = this.#set.spec.podManagementPolicy === 'Parallel';
    if (this.#fill(isParallel) && this.#shrink(isParallel)) this.#roll();
    this.#tell();
  }

  /** Sees that the pods are there, the first one first. True when all of them are ready. */
  #fill(isParallel: boolean): boolean {
    const { replicas } = this.#set.spec;
    for (let ordinal = 0; ordinal < replicas; ordinal++) {
      const pod = this.#pods.get(ordinal);
      if (!pod) {
        if (!this.#create(ordinal)) {
          this.#cluster.wake(RETRY_MS);
          return false;
        }
      } else if (isOver(pod) && !isEnding(pod)) this.#delete(pod);
      else if (isReady(pod) && !isEnding(pod)) continue;
      if (!isParallel) return false;
    }
    return true;
  }

  /** Ends the pods that are too many, the last one first. True when there are none. */
  #shrink(isParallel: boolean): boolean {
    const { replicas } = this.#set.spec;
    const rest = [...this.#pods].filter(([ordinal]) => ordinal >= replicas);
    for (const [, pod] of rest.sort(([a], [b]) => b - a)) {
      if (!isEnding(pod)) this.#delete(pod);
      if (!isParallel) return false;
    }
    return rest.length === 0;
  }

  /** Replaces the pods of an older revision, the last one first, each when the next one is ready. */
  #roll(): void {
    const { replicas, updateStrategy } = this.#set.spec;
    if (updateStrategy?.type === 'OnDelete') return;
    const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
    for (let ordinal = replicas - 1; ordinal >= partition; ordinal--) {
      const pod = this.#pods.get(ordinal);
      if (!pod || isEnding(pod)) return;
      if (pod.metadata.labels?.[REVISION_LABEL] !== this.#update) {
        this.#delete(pod);
        return;
      }
      if (!isReady(pod)) return;
    }
  }

  #create(ordinal: number): boolean {
    const { metadata, spec } = this.#set;
    const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    const revision = ordinal >= partition ? this.#update : this.#current;
    const kept = this.#api.find('ControllerRevision', revision, metadata.namespace);
    const template: PodTemplate = kept?.data.template ?? spec.template;
    const name = `${metadata.name}-${ordinal}`;
    const labels = {
      [REVISION_LABEL]: revision,
      'apps.kubernetes.io/pod-index': String(ordinal),
      'statefulset.kubernetes.io/pod-name': name,
    };
    const claims = this.#claim(name);
    return createPod(this.#api, this.#set, template, { name, labels }, COMPONENT, (pod) => {
      pod.spec.hostname = name;
      if (spec.serviceName !== undefined) pod.spec.subdomain = spec.serviceName;
      const others = (pod.spec.volumes ?? []).filter((volume) => !claims.has(volume.name));
      const own = [...claims].map(([volume, claimName]) => ({
        name: volume,
        persistentVolumeClaim: { claimName },
      }));
      pod.spec.volumes = [...own, ...others];
    });
  }

  /** The claims of a pod, by the names of their templates; made when they are not there. */
  #claim(pod: string): Map<string, string> {
    const { metadata, spec } = this.#set;
    const names = new Map<string, string>();
    for (const template of spec.volumeClaimTemplates ?? []) {
      const name = `${template.metadata.name}-${pod}`;
      names.set(template.metadata.name, name);
      if (this.#api.find('PersistentVolumeClaim', name, metadata.namespace)) continue;
      const labels = { ...template.metadata.labels, ...spec.selector.matchLabels };
      const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, labels } };
      this.#api.create(
        { ...claim, spec: structuredClone(template.spec), status: { phase: 'Pending' } },
        metadata.namespace,
      );
      const message = `create Claim ${name} Pod ${pod} in StatefulSet ${metadata.name} success`;
      this.#api.event(this.#set, 'Normal', 'SuccessfulCreate', message, COMPONENT);
    }
    return names;
  }

  #delete(pod: Pod): void {
    this.#api.delete(pod);
    const message = `delete Pod ${pod.metadata.name} in StatefulSet ${this.#set.metadata.name} successful`;
    this.#api.event(this.#set, 'Normal', 'SuccessfulDelete', message, COMPONENT);
  }

  #tell(): void {
    const { metadata, spec } = this.#set;
    const live = this.#api.find('StatefulSet', metadata.name, metadata.namespace);
    if (!live) return;
    const own = this.#api.list('Pod', metadata.namespace).filter((pod) => isOwnedBy(pod, live));
    const updated = own.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === this.#update);
    const ready = own.filter((pod) => isReady(pod) && !isEnding(pod));
    const isDone =
      updated.length === own.length && ready.length === own.length && own.length === spec.replicas;
    this.#api.change(live, (draft) => {
      draft.status = {
        observedGeneration: metadata.generation ?? 1,
        replicas: own.length,
        readyReplicas: ready.length,
        availableReplicas: ready.length,
        currentReplicas: own.length - updated.length || (isDone ? own.length : 0),
        updatedReplicas: updated.length,
        currentRevision: isDone ? this.#update : this.#current,
        updateRevision: this.#update,
      };
    });
  }
}

const ordinalOf = (pod: Pod, name: string): number =>
  Number(pod.metadata.name.slice(name.length + 1));

/** The name of the revision that the set's template is; kept when it is new. */
function revisionOf(api: ApiServer, set: StatefulSet): string {
  const { name, namespace } = set.metadata;
  const revision = `${name}-${templateHash(set.spec.template)}`;
  const all = revisionsOf(api, set);
  const newest = Math.max(0, ...all.map((each) => each.revision));
  const known = all.find(({ metadata }) => metadata.name === revision);
  if (known?.revision === newest) return revision;
  if (known) {
    api.change(known, (draft) => {
      draft.revision = newest + 1;
    });
    return revision;
  }
  api.put({
    ...{ apiVersion: 'apps/v1', kind: 'ControllerRevision' },
    metadata: {
      name: revision,
      ...(namespace !== undefined && { namespace }),
      labels: { ...set.spec.template.metadata?.labels, [REVISION_LABEL]: revision },
      ownerReferences: [ownerOf(set)],
    },
    data: { template: structuredClone(set.spec.template) },
    revision: newest + 1,
  });
  return revision;
}

/** What the template of a set has been, oldest first. */
export const revisionsOf = (api: ApiServer, set: StatefulSet): Revision[] =>
  api
    .list('ControllerRevision', set.metadata.namespace)
    .filter((each) => isOwnedBy(each, set))
    .sort((a, b) => a.revision - b.revision);
