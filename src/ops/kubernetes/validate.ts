/** What the server refuses in an object that can be read: by kind, in the real words. */
import {
  duplicate,
  type FieldProblem,
  forbidden,
  invalid,
  invalidObject,
  required,
  unsupported,
} from './errors.ts';
import { groupOf } from './kinds.ts';
import { equals } from './merge.ts';
import type {
  ClaimSpec,
  CronJob,
  CustomResourceDefinition,
  Deployment,
  DisruptionBudget,
  Job,
  KubeObject,
  NetworkPolicy,
  Pod,
  Secret,
  Service,
  StatefulSet,
} from './objects.ts';
import { readSchedule } from './schedule.ts';
import {
  checkLabelName,
  checkLabels,
  checkPodSpec,
  checkSelection,
  checkSubdomain,
} from './validate-pod.ts';

type Check = (object: never, isNew: boolean) => FieldProblem[];

/** Throws an ApiError when the object cannot be kept; `before` is what it replaces. */
export function validate(object: KubeObject, before?: KubeObject): void {
  const { kind, apiVersion, metadata } = object;
  const group = groupOf(apiVersion);
  const problems = [...checkName(object), ...checkLabels('metadata.labels', metadata.labels)];
  // Each check knows the type of its own kind.
  const check = checks.get(kind) as ((object: KubeObject) => FieldProblem[]) | undefined;
  problems.push(...(check?.(object) ?? []));
  if (before) problems.push(...checkChange(object, before));
  if (problems.length === 0) return;
  throw invalidObject(group === '' ? kind : `${kind}.${group}`, metadata.name, problems);
}

const dnsNamed = ['Service', 'Namespace'];
const looselyNamed = ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'];

function checkName({ kind, metadata: { name } }: KubeObject): FieldProblem[] {
  const path = 'metadata.name';
  if (!name) return [required(path, 'name or generateName is required')];
  if (looselyNamed.includes(kind)) return [];
  if (kind === 'Service' && !/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
    return [
      invalid(
        path,
        name,
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      ),
    ];
  }
  return dnsNamed.includes(kind) ? checkLabelName(path, name) : checkSubdomain(path, name);
}

const always = ['Always'];

const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['Pod', ({ spec }: Pod) => checkPodSpec(spec, 'spec')],
  ['StatefulSet', checkStatefulSet],
  ['Deployment', checkDeployment],
  ['ReplicaSet', checkDeployment],
  ['Service', checkService],
  ['Secret', checkSecret],
  ['PersistentVolumeClaim', ({ spec }: { spec?: ClaimSpec }) => checkClaim(spec, 'spec')],
  ['NetworkPolicy', checkPolicy],
  ['PodDisruptionBudget', checkBudget],
  ['Job', checkJob],
  ['CronJob', checkCronJob],
  ['CustomResourceDefinition', checkDefinition],
]);

const replicasBelow = (replicas: number | undefined): FieldProblem[] =>
  replicas !== undefined && replicas < 0
    ? [invalid('spec.replicas', replicas, 'must be greater than or equal to 0')]
    : [];

/** The server looks at no containers here: it is the pods that are refused, when they are made. */
function checkStatefulSet({ spec }: StatefulSet): FieldProblem[] {
  const given = spec ?? {};
  const policy = given.template?.spec?.restartPolicy ?? 'Always';
  const management = given.podManagementPolicy ?? 'OrderedReady';
  const known = ['OrderedReady', 'Parallel'];
  return [
    ...(known.includes(management)
      ? []
      : [invalid('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'")]),
    ...replicasBelow(given.replicas),
    ...checkSelection(given.selector, given.template, 'statefulset'),
    ...(policy === 'Always'
      ? []
      : [unsupported('spec.template.spec.restartPolicy', policy, always)]),
  ];
}

function checkDeployment({ spec }: Pick<Deployment, 'spec'>): FieldProblem[] {
  return [
    ...replicasBelow(spec?.replicas),
    ...checkSelection(spec?.selector, spec?.template, 'deployment'),
    ...checkPodSpec(spec?.template?.spec, 'spec.template.spec', always),
  ];
}

const serviceTypes = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

function checkService({ spec }: Service): FieldProblem[] {
  const ports = spec?.ports ?? [];
  const type = spec?.type ?? 'ClusterIP';
  const isHeadless = spec?.clusterIP === 'None';
  const problems: FieldProblem[] = [];
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName') {
    problems.push(required('spec.ports'));
  }
  ports.forEach(({ name, port }, i) => {
    const at = `spec.ports[${i}]`;
    if (!name && ports.length > 1) problems.push(required(`${at}.name`));
    if (name && ports.findIndex((each) => each.name === name) < i) {
      problems.push(duplicate(`${at}.name`, name));
    }
    if (!(port >= 1 && port <= 65_535)) {
      problems.push(invalid(`${at}.port`, port ?? 0, 'must be between 1 and 65535, inclusive'));
    }
  });
  if (!serviceTypes.includes(type)) problems.push(unsupported('spec.type', type, serviceTypes));
  return problems;
}

function checkSecret({ data }: Secret): FieldProblem[] {
  return Object.entries(data ?? {}).flatMap(([key, value]) =>
    /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value) && value.replace(/\s/g, '').length % 4 === 0
      ? []
      : [invalid(`data.${key}`, value, 'illegal base64 data')],
  );
}

function checkClaim(spec: ClaimSpec | undefined, path: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if ((spec?.accessModes ?? []).length === 0) {
    problems.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  }
  const known = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
  for (const mode of spec?.accessModes ?? []) {
    if (!known.includes(mode)) problems.push(unsupported(`${path}.accessModes`, mode, known));
  }
  if (spec?.resources?.requests?.storage === undefined) {
    problems.push(required(`${path}.resources[storage]`));
  }
  return problems;
}

function checkPolicy({ spec }: NetworkPolicy): FieldProblem[] {
  const known = ['Egress', 'Ingress'];
  return (spec?.policyTypes ?? []).flatMap((type, i) =>
    known.includes(type) ? [] : [unsupported(`spec.policyTypes[${i}]`, type, known)],
  );
}

function checkBudget({ spec }: DisruptionBudget): FieldProblem[] {
  if (spec?.minAvailable === undefined || spec.maxUnavailable === undefined) return [];
  return [
    invalid(
      'spec',
      { minAvailable: String(spec.minAvailable), maxUnavailable: String(spec.maxUnavailable) },
      'minAvailable and maxUnavailable cannot be both set',
    ),
  ];
}

const ends = ['Never', 'OnFailure'];

const checkJobTemplate = (spec: Job['spec'] | undefined, path: string): FieldProblem[] => {
  const policy = spec?.template?.spec?.restartPolicy ?? 'Always';
  const at = `${path}.template.spec`;
  const found = checkPodSpec(spec?.template?.spec, at);
  if (ends.includes(policy)) return found;
  return [
    ...found,
    {
      path: `${at}.restartPolicy`,
      problem: `Required value: valid values: "OnFailure", "Never"`,
    },
  ];
};

function checkJob({ spec }: Job): FieldProblem[] {
  return checkJobTemplate(spec, 'spec');
}

function checkCronJob({ spec }: CronJob): FieldProblem[] {
  const schedule = spec?.schedule ?? '';
  const problems = checkJobTemplate(spec?.jobTemplate?.spec, 'spec.jobTemplate.spec');
  if (schedule === '') return [required('spec.schedule'), ...problems];
  if (readSchedule(schedule)) return problems;
  const count = schedule.trim().split(/\s+/).length;
  const why =
    count === 5
      ? `failed to parse int from a field of the schedule`
      : `expected exactly 5 fields, found ${count}: [${schedule}]`;
  return [invalid('spec.schedule', schedule, why), ...problems];
}

function checkDefinition({ spec, metadata }: CustomResourceDefinition): FieldProblem[] {
  const wanted = `${spec?.names?.plural ?? ''}.${spec?.group ?? ''}`;
  const problems: FieldProblem[] = [];
  if (metadata.name !== wanted) {
    problems.push(
      invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group'),
    );
  }
  (spec?.versions ?? []).forEach((version, i) => {
    if (!version.schema?.openAPIV3Schema) {
      problems.push(required(`spec.versions[${i}].schema.openAPIV3Schema`, 'schemas are required'));
    }
  });
  return problems;
}

type Spec = Record<string, unknown>;

/** What may not be changed any more, by kind. */
const changes: ReadonlyMap<string, (now: Spec, then: Spec) => FieldProblem[]> = new Map([
  ['StatefulSet', checkSetChange],
  ['Deployment', checkSelectorChange],
  ['ReplicaSet', checkSelectorChange],
  [
    'Service',
    (now, then) => {
      if (now.clusterIP === then.clusterIP || then.clusterIP === undefined) return [];
      const value = `[]string{${JSON.stringify(now.clusterIP ?? '')}}`;
      const problem = `Invalid value: ${value}: may not change once set`;
      return [{ path: 'spec.clusterIPs[0]', problem }];
    },
  ],
  [
    'Job',
    (now, then) =>
      equals(now.template, then.template)
        ? []
        : [invalid('spec.template', {}, 'field is immutable')],
  ],
  [
    'PersistentVolumeClaim',
    (now, then) =>
      equals(withoutSize(now), withoutSize(then))
        ? []
        : [
            forbidden(
              'spec',
              'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
            ),
          ],
  ],
]);

function checkChange(object: KubeObject, before: KubeObject): FieldProblem[] {
  if (object.kind === 'Pod') return checkPodChange(object as Pod, before as Pod);
  if (before.immutable === true && !equals(object.data, before.data)) {
    return [forbidden('data', 'field is immutable when `immutable` is set')];
  }
  const check = changes.get(object.kind);
  return check?.((object.spec ?? {}) as Spec, (before.spec ?? {}) as Spec) ?? [];
}

function checkSetChange(now: Spec, then: Spec): FieldProblem[] {
  const fixed = ['serviceName', 'selector', 'volumeClaimTemplates', 'podManagementPolicy'];
  if (fixed.every((name) => equals(now[name], then[name]))) return [];
  return [
    forbidden(
      'spec',
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ),
  ];
}

function checkSelectorChange(now: Spec, then: Spec): FieldProblem[] {
  if (equals(now.selector, then.selector)) return [];
  const problem = `Invalid value: ${goSelector(now.selector)}: field is immutable`;
  return [{ path: 'spec.selector', problem }];
}

const withoutSize = ({ resources: _, volumeName: __, ...rest }: Record<string, unknown>) => rest;

function checkPodChange(pod: Pod, before: Pod): FieldProblem[] {
  const bare = ({ spec }: Pod) => {
    const { nodeName: _, tolerations: __, containers, ...rest } = spec;
    return [rest, containers.map(({ image: ___, ...each }) => each)];
  };
  if (equals(bare(pod), bare(before))) return [];
  return [
    forbidden(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    ),
  ];
}

/** A selector as Go prints it. */
function goSelector(selector: unknown): string {
  const { matchLabels = {} } = (selector ?? {}) as { matchLabels?: Record<string, string> };
  const pairs = Object.entries(matchLabels).map(
    ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
  return `v1.LabelSelector{MatchLabels:map[string]string{${pairs.join(', ')}}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}`;
}
