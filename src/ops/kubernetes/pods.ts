/** What controllers ask about pods, and how they make them. */
import { type ApiServer, ownerOf } from './api.ts';
import { ApiError } from './errors.ts';
import type { KubeObject, Pod, PodTemplate } from './objects.ts';

export const conditionOf = (pod: Pod, type: string): boolean =>
  (pod.status.conditions ?? []).some((each) => each.type === type && each.status === 'True');

export const isReady = (pod: Pod): boolean => conditionOf(pod, 'Ready');
export const isEnding = ({ metadata }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined;
export const isOver = ({ status }: Pod): boolean =>
  status.phase === 'Succeeded' || status.phase === 'Failed';

/** Creates a pod from a template, and says so in the events of its owner. False when it is refused. */
export function createPod(
  api: ApiServer,
  owner: KubeObject,
  template: PodTemplate,
  named: { name?: string; generateName?: string; labels?: Record<string, string> },
  component: string,
  edit: (pod: Pod) => void = () => {},
): boolean {
  const { labels, annotations } = template.metadata ?? {};
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...(named.name !== undefined && { name: named.name }),
      ...(named.generateName !== undefined && { generateName: named.generateName }),
      labels: { ...labels, ...named.labels },
      ...(annotations && { annotations }),
      ownerReferences: [ownerOf(owner)],
    },
    spec: structuredClone(template.spec),
    status: { phase: 'Pending' },
  };
  edit(pod as Pod);
  const isOrdered = owner.kind === 'StatefulSet';
  try {
    const { metadata } = api.create(pod, owner.metadata.namespace);
    const message = isOrdered
      ? `create Pod ${metadata.name} in StatefulSet ${owner.metadata.name} successful`
      : `Created pod: ${metadata.name}`;
    api.event(owner, 'Normal', 'SuccessfulCreate', message, component);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = isOrdered
      ? `create Pod ${named.name} in StatefulSet ${owner.metadata.name} failed error: ${error.message}`
      : `Error creating: ${error.message}`;
    api.event(owner, 'Warning', 'FailedCreate', message, component);
    return false;
  }
}
