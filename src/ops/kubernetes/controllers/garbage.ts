/** Deletes what belongs to an object that is gone. */
import type { Controller } from '../controller.ts';
import { isEnding } from '../pods.ts';

export const garbageCollector: Controller = {
  name: 'garbage-collector',
  reconcile({ api }) {
    const alive = new Set<string>();
    const all = api.kinds.flatMap(({ kind }) => (kind === 'Event' ? [] : api.list(kind)));
    for (const { metadata } of all) alive.add(metadata.uid);
    for (const object of all) {
      const owners = object.metadata.ownerReferences ?? [];
      const isLost = owners.length > 0 && !owners.some(({ uid }) => alive.has(uid));
      if (isLost && !isEnding(object)) api.delete(object);
    }
  },
};

/** Deletes what is in a namespace that is to go, and then the namespace. */
export const namespaceController: Controller = {
  name: 'namespace-controller',
  reconcile({ api }) {
    for (const namespace of api.list('Namespace')) {
      if (!isEnding(namespace)) continue;
      const within = api.kinds
        .filter(({ isNamespaced }) => isNamespaced)
        .flatMap(({ kind }) => api.list(kind, namespace.metadata.name));
      for (const object of within) if (!isEnding(object)) api.delete(object);
      if (within.length === 0) {
        api.change(namespace, ({ metadata }) => {
          metadata.finalizers = [];
        });
      }
    }
  },
};
