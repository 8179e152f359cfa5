/** What a manifest may say and what does nothing here, so that whoever says it is told. */

const inert: ReadonlySet<string> = new Set([
  ...['lifecycle', 'nodeAffinity', 'podAffinity', 'topologySpreadConstraints', 'hostNetwork'],
  ...['hostPath', 'nfs', 'projected', 'downwardAPI', 'csi', 'ephemeral', 'hostAliases', 'grpc'],
  ...['activeDeadlineSeconds', 'ttlSecondsAfterFinished', 'parallelism', 'podFailurePolicy'],
  ...['minReadySeconds', 'priorityClassName', 'sessionAffinity', 'externalName', 'workingDir'],
  ...['persistentVolumeClaimRetentionPolicy', 'ephemeralContainers', 'timeZone'],
]);

/** The names of fields that have no effect, each once. */
export function inertIn(value: unknown, found: Set<string> = new Set()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, each] of Object.entries(value)) {
    if (inert.has(name)) found.add(name);
    inertIn(each, found);
  }
  return found;
}
