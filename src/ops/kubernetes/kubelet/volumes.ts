/** The volumes of a pod: claims keep their disks, the others are made for it. */
import { utf8Encode } from '../../../engine/bytes/bytes.ts';
import type { ApiServer } from '../api.ts';
import { secretText } from '../defaults.ts';
import type { Infrastructure, PodDisk } from '../infrastructure.ts';
import type { Pod, Volume } from '../objects.ts';

/** A volume that cannot be mounted yet. */
export class MountError extends Error {
  override readonly name = 'MountError';
}

/** The disks of the cluster's volumes, by the names of these. */
export class VolumeStore {
  readonly #infrastructure: Infrastructure;
  readonly #disks = new Map<string, PodDisk>();

  constructor(infrastructure: Infrastructure) {
    this.#infrastructure = infrastructure;
  }

  /** The disks of a pod, by the names of its volumes. Throws a MountError. */
  open(api: ApiServer, pod: Pod): ReadonlyMap<string, PodDisk> {
    return new Map(
      (pod.spec.volumes ?? []).map((volume) => [volume.name, this.#disk(api, pod, volume)]),
    );
  }

  /** Forgets what volumes held that are no more. */
  forget(api: ApiServer): void {
    for (const name of [...this.#disks.keys()]) {
      if (!api.find('PersistentVolume', name)) this.#disks.delete(name);
    }
  }

  #disk(api: ApiServer, pod: Pod, volume: Volume): PodDisk {
    const { persistentVolumeClaim, configMap, secret } = volume;
    const namespace = pod.metadata.namespace;
    if (persistentVolumeClaim) {
      const { claimName } = persistentVolumeClaim;
      const claim = api.find('PersistentVolumeClaim', claimName, namespace);
      const name = claim?.spec.volumeName;
      if (name === undefined) {
        throw new MountError(`persistentvolumeclaim ${JSON.stringify(claimName)} not found`);
      }
      const disk = this.#disks.get(name) ?? this.#infrastructure.openDisk();
      this.#disks.set(name, disk);
      return disk;
    }
    const disk = this.#infrastructure.openDisk();
    if (configMap) {
      const found = api.find('ConfigMap', configMap.name, namespace);
      if (!found && !configMap.optional) throw missing(volume.name, 'configmap', configMap.name);
      fill(disk, found?.data ?? {}, configMap.items);
    } else if (secret) {
      const found = api.find('Secret', secret.secretName, namespace);
      if (!found && !secret.optional) throw missing(volume.name, 'secret', secret.secretName);
      const names = Object.keys(found?.data ?? {});
      const texts = names.map((key) => [key, secretText(found, key) ?? '']);
      fill(disk, Object.fromEntries(texts), secret.items);
    }
    return disk;
  }
}

const missing = (volume: string, kind: string, name: string) =>
  new MountError(
    `MountVolume.SetUp failed for volume ${JSON.stringify(volume)} : ${kind} ${JSON.stringify(name)} not found`,
  );

function fill(
  disk: PodDisk,
  data: Readonly<Record<string, string>>,
  items: readonly { key: string; path: string }[] | undefined,
): void {
  const all = items ?? Object.keys(data).map((key) => ({ key, path: key }));
  for (const { key, path } of all) {
    if (Object.hasOwn(data, key)) disk.write(`/${path}`, utf8Encode(data[key] as string));
  }
}
