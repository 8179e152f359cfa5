/**
 * Releases: what was installed, kept as the real one keeps it, a secret for each revision; and what
 * installing, changing and removing do with the objects of the API server.
 */
import type { ApiServer } from '../kubernetes/api.ts';
import { fromBase64, toBase64 } from '../kubernetes/base64.ts';
import { ApiError } from '../kubernetes/errors.ts';
import { merge } from '../kubernetes/merge.ts';
import type { KubeObject, Manifest } from '../kubernetes/objects.ts';
import type { Rendered, Values } from './chart.ts';

export type Status = 'deployed' | 'superseded' | 'failed' | 'uninstalled';

export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: Status;
  readonly chart: string;
  readonly version: string;
  readonly appVersion: string;
  /** What was given by the user. */
  readonly given: Values;
  readonly rendered: readonly Rendered[];
  readonly notes: string;
  readonly updatedMs: number;
  readonly description: string;
}

const secretName = ({ name, revision }: Release) => `sh.helm.release.v1.${name}.v${revision}`;

/** All revisions of a release, oldest first; of all releases without a name. */
export function revisionsOf(
  api: ApiServer,
  namespace: string | undefined,
  name?: string,
): Release[] {
  const matchLabels = { owner: 'helm', ...(name !== undefined && { name }) };
  return api
    .list('Secret', namespace, { matchLabels })
    .map(({ data }) => JSON.parse(fromBase64(data?.release ?? '')) as Release)
    .sort((a, b) => a.revision - b.revision);
}

/** The newest revision of each release. */
export function newestOf(releases: readonly Release[]): Release[] {
  const newest = new Map(releases.map((each) => [`${each.namespace}/${each.name}`, each]));
  return [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Keeps a revision; one that was deployed before it is superseded. */
export function keep(api: ApiServer, release: Release): void {
  const { name, namespace, revision, status } = release;
  for (const other of revisionsOf(api, namespace, name)) {
    if (other.revision === revision || other.status !== 'deployed' || status !== 'deployed')
      continue;
    write(api, { ...other, status: 'superseded' });
  }
  write(api, release);
}

function write(api: ApiServer, release: Release): void {
  const { name, namespace, revision, status } = release;
  const labels = { owner: 'helm', name, status, version: String(revision) };
  const data = { release: toBase64(JSON.stringify(release)) };
  const live = api.find('Secret', secretName(release), namespace);
  if (live) {
    api.change(live, (draft) => {
      draft.metadata.labels = labels;
      draft.data = data;
    });
    return;
  }
  const manifest = { apiVersion: 'v1', kind: 'Secret', type: 'helm.sh/release.v1', data };
  api.create({ ...manifest, metadata: { name: secretName(release), labels } }, namespace);
}

/** Forgets all revisions. */
export function forget(api: ApiServer, namespace: string, name: string): void {
  for (const release of revisionsOf(api, namespace, name)) {
    api.remove(api.get('Secret', secretName(release), namespace));
  }
}

/** Kinds in the order in which they are made; removed the other way round. */
const order = [
  ...['Namespace', 'NetworkPolicy', 'PodDisruptionBudget', 'ServiceAccount', 'Secret', 'ConfigMap'],
  ...['PersistentVolumeClaim', 'CustomResourceDefinition', 'Service', 'Deployment', 'StatefulSet'],
];

export const inOrder = (rendered: readonly Rendered[]): Rendered[] =>
  rendered.toSorted((a, b) => order.indexOf(a.manifest.kind) - order.indexOf(b.manifest.kind));

/** An object of the release that belongs to somebody else. */
export class OwnershipError extends Error {
  override readonly name = 'OwnershipError';
}

/**
 * Makes the objects of a release what they should be; `before` is what the last revision made.
 * Throws an ApiError or an OwnershipError, the latter before anything was changed.
 */
export function realize(
  api: ApiServer,
  release: Release,
  before: readonly Rendered[],
  isInstall: boolean,
): void {
  const wanted = inOrder(release.rendered).map(({ manifest }) => owned(manifest, release));
  for (const manifest of wanted) checkOwner(api, manifest, release, isInstall);
  for (const manifest of wanted) {
    const live = find(api, manifest, release);
    if (live) patch(api, live, manifest, before);
    else api.create(manifest, release.namespace);
  }
  const names = new Set(wanted.map(idOf));
  for (const { manifest } of inOrder(before).reverse()) {
    const live = find(api, manifest, release);
    if (live && !names.has(idOf(manifest))) api.delete(live);
  }
}

/** Removes the objects of a release. Claims that a StatefulSet has made are not among them. */
export function remove(api: ApiServer, release: Release): void {
  for (const { manifest } of inOrder(release.rendered).reverse()) {
    const live = find(api, manifest, release);
    if (live) api.delete(live);
  }
}

const idOf = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`;

const find = (api: ApiServer, { kind, metadata }: Manifest, { namespace }: Release) =>
  api.find(kind, metadata.name ?? '', metadata.namespace ?? namespace) as KubeObject | undefined;

function owned(manifest: Manifest, { name, namespace }: Release): Manifest {
  const marks = {
    'meta.helm.sh/release-name': name,
    'meta.helm.sh/release-namespace': namespace,
  };
  const annotations = { ...manifest.metadata.annotations, ...marks };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

function checkOwner(
  api: ApiServer,
  manifest: Manifest,
  release: Release,
  isInstall: boolean,
): void {
  const live = find(api, manifest, release);
  if (!live || live.metadata.annotations?.['meta.helm.sh/release-name'] === release.name) return;
  const what = isInstall ? 'install' : 'update';
  const { name, namespace } = release;
  const missing = [
    'label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"',
    `annotation validation error: missing key "meta.helm.sh/release-name": must be set to "${name}"`,
    `annotation validation error: missing key "meta.helm.sh/release-namespace": must be set to "${namespace}"`,
  ];
  const isLabelled = live.metadata.labels?.['app.kubernetes.io/managed-by'] === 'Helm';
  throw new OwnershipError(
    `Unable to continue with ${what}: ${manifest.kind} "${manifest.metadata.name}" in namespace "${namespace}" exists and cannot be imported into the current release: invalid ownership metadata; ${missing.slice(isLabelled ? 1 : 0).join('; ')}`,
  );
}

function patch(
  api: ApiServer,
  live: KubeObject,
  manifest: Manifest,
  before: readonly Rendered[],
): void {
  const last = before.find((each) => idOf(each.manifest) === idOf(manifest))?.manifest ?? {};
  try {
    api.change(live, (draft) => {
      const merged = merge(live, last, manifest) as KubeObject;
      for (const field of Object.keys(draft)) delete draft[field];
      Object.assign(draft, structuredClone(merged));
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { kind, metadata } = manifest;
    throw new ApiError(
      error.reason,
      `cannot patch "${metadata.name}" with kind ${kind}: ${error.message}`,
    );
  }
}
