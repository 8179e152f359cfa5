/** Gives each claim a volume of its own, as a provisioner in a cloud does. */

import type { ApiServer } from '../api.ts';
import type { Controller } from '../controller.ts';
import type { Claim } from '../objects.ts';
import { isOver } from '../pods.ts';

const COMPONENT = 'persistentvolume-controller';
const PROTECTION = 'kubernetes.io/pvc-protection';

export const volumeController: Controller = {
  name: COMPONENT,
  reconcile({ api }) {
    for (const claim of api.list('PersistentVolumeClaim')) {
      if (claim.metadata.deletionTimestamp !== undefined) release(api, claim);
      else if (claim.status?.phase !== 'Bound') bind(api, claim);
    }
    for (const volume of api.list('PersistentVolume')) {
      const { namespace, name, uid } = volume.spec.claimRef;
      const claim = api.find('PersistentVolumeClaim', name, namespace);
      if (claim?.metadata.uid === uid) continue;
      if (volume.spec.persistentVolumeReclaimPolicy === 'Delete') api.remove(volume);
      else if (volume.status.phase !== 'Released') {
        api.change(volume, (draft) => {
          draft.status = { phase: 'Released' };
        });
      }
    }
  },
};

function bind(api: ApiServer, claim: Claim): void {
  const { metadata, spec } = claim;
  const storageClass = spec.storageClassName ?? '';
  const found = api.find('StorageClass', storageClass);
  if (!found) {
    const message = `storageclass.storage.k8s.io ${JSON.stringify(storageClass)} not found`;
    api.event(claim, 'Warning', 'ProvisioningFailed', message, COMPONENT);
    return;
  }
  const name = `pvc-${metadata.uid}`;
  const storage = spec.resources?.requests?.storage ?? '1Gi';
  const accessModes = spec.accessModes ?? [];
  api.put({
    ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } },
    spec: {
      accessModes,
      capacity: { storage },
      claimRef: {
        namespace: metadata.namespace ?? 'default',
        name: metadata.name,
        uid: metadata.uid,
      },
      persistentVolumeReclaimPolicy: (found.reclaimPolicy as string | undefined) ?? 'Delete',
      storageClassName: storageClass,
    },
    status: { phase: 'Bound' },
  });
  api.change(claim, (draft) => {
    draft.spec.volumeName = name;
    draft.metadata.finalizers = [PROTECTION];
    draft.status = { phase: 'Bound', capacity: { storage }, accessModes };
  });
  const message = `Successfully provisioned volume ${name}`;
  api.event(claim, 'Normal', 'ProvisioningSucceeded', message, 'csi-provisioner');
}

/** A claim that is to go stays while a pod uses it. */
function release(api: ApiServer, claim: Claim): void {
  const { name, namespace } = claim.metadata;
  const users = api
    .list('Pod', namespace)
    .filter((pod) => !isOver(pod))
    .flatMap(({ spec }) => spec.volumes ?? [])
    .filter(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name);
  if (users.length > 0 || (claim.metadata.finalizers ?? []).length === 0) return;
  api.change(claim, ({ metadata }) => {
    metadata.finalizers = [];
  });
}
