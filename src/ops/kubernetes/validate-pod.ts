/** What the server refuses in the specification of a pod. */
import {
  duplicate,
  type FieldProblem,
  forbidden,
  invalid,
  notFound,
  required,
  unsupported,
} from './errors.ts';
import { fits } from './labels.ts';
import type { Container, Labels, PodSpec, PodTemplate, Probe, Selector } from './objects.ts';
import { amountOf } from './quantity.ts';

const NAME_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

export const isLabelName = (name: string): boolean => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name);

/** A name that becomes part of a host name. */
export const checkLabelName = (path: string, name: string): FieldProblem[] =>
  isLabelName(name) ? [] : [invalid(path, name, NAME_RULE)];

export const checkSubdomain = (path: string, name: string): FieldProblem[] =>
  name.split('.').every(isLabelName) ? [] : [invalid(path, name, SUBDOMAIN_RULE)];

export function checkLabels(path: string, labels: Labels | undefined): FieldProblem[] {
  return Object.values(labels ?? {}).flatMap((value) =>
    /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value)
      ? []
      : [
          invalid(
            path,
            value,
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
          ),
        ],
  );
}

/** A controller's selector and the labels of its template. */
export function checkSelection(
  selector: Selector | undefined,
  template: PodTemplate | undefined,
  kind: string,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const isEmpty =
    selector &&
    Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
  if (!selector) problems.push(required('spec.selector'));
  else if (isEmpty) {
    problems.push(invalid('spec.selector', {}, `empty selector is invalid for ${kind}`));
  }
  const labels = template?.metadata?.labels;
  if (!fits(selector, labels)) {
    problems.push(
      invalid(
        'spec.template.metadata.labels',
        labels,
        '`selector` does not match template `labels`',
      ),
    );
  }
  return [...problems, ...checkLabels('spec.template.metadata.labels', labels)];
}

/** A pod's spec; `path` is where it stands, such as "spec.template.spec". */
export function checkPodSpec(
  spec: PodSpec | undefined,
  path: string,
  policies: readonly string[] = ['Always', 'OnFailure', 'Never'],
): FieldProblem[] {
  const containers = spec?.containers ?? [];
  const volumes = spec?.volumes ?? [];
  const problems: FieldProblem[] = volumes.flatMap((volume, i) => {
    const at = `${path}.volumes[${i}]`;
    const isTwice = volumes.findIndex(({ name }) => name === volume.name) < i;
    const kinds = Object.keys(volume).filter((key) => key !== 'name');
    return [
      ...(volume.name ? checkLabelName(`${at}.name`, volume.name) : [required(`${at}.name`)]),
      ...(isTwice ? [duplicate(`${at}.name`, volume.name)] : []),
      ...(kinds.length === 0 ? [required(at, 'must specify a volume type')] : []),
      ...(kinds.length > 1
        ? [forbidden(`${at}.${kinds[1]}`, 'may not specify more than 1 volume type')]
        : []),
      ...(volume.persistentVolumeClaim && !volume.persistentVolumeClaim.claimName
        ? [required(`${at}.persistentVolumeClaim.claimName`)]
        : []),
    ];
  });
  if (containers.length === 0) problems.push(required(`${path}.containers`));
  const names = volumes.map(({ name }) => name);
  for (const [i, container] of (spec?.initContainers ?? []).entries()) {
    problems.push(...checkContainer(container, `${path}.initContainers[${i}]`, names));
  }
  containers.forEach((container, i) => {
    const at = `${path}.containers[${i}]`;
    const isTwice = containers.findIndex(({ name }) => name === container.name) < i;
    if (isTwice) problems.push(duplicate(`${at}.name`, container.name));
    problems.push(...checkContainer(container, at, names));
  });
  const policy = spec?.restartPolicy ?? 'Always';
  if (!policies.includes(policy)) {
    problems.push(unsupported(`${path}.restartPolicy`, policy, policies));
  }
  return problems;
}

function checkContainer(
  container: Container,
  path: string,
  volumes: readonly string[],
): FieldProblem[] {
  const problems: FieldProblem[] = container.name
    ? checkLabelName(`${path}.name`, container.name)
    : [required(`${path}.name`)];
  if (!container.image) problems.push(required(`${path}.image`));
  (container.ports ?? []).forEach(({ containerPort, name }, i) => {
    const at = `${path}.ports[${i}]`;
    if (!containerPort) problems.push(required(`${at}.containerPort`));
    else if (containerPort < 1 || containerPort > 65_535) {
      problems.push(
        invalid(`${at}.containerPort`, containerPort, 'must be between 1 and 65535, inclusive'),
      );
    }
    if (name !== undefined && name.length > 15) {
      problems.push(invalid(`${at}.name`, name, 'must be no more than 15 characters'));
    }
  });
  (container.env ?? []).forEach(({ name, value, valueFrom }, i) => {
    const at = `${path}.env[${i}]`;
    if (!name) problems.push(required(`${at}.name`));
    if (value !== undefined && value !== '' && valueFrom) {
      problems.push(
        invalid(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty'),
      );
    }
  });
  const mounts = container.volumeMounts ?? [];
  mounts.forEach(({ name, mountPath }, i) => {
    const at = `${path}.volumeMounts[${i}]`;
    if (!name) problems.push(required(`${at}.name`));
    else if (!volumes.includes(name)) problems.push(notFound(`${at}.name`, name));
    if (!mountPath) problems.push(required(`${at}.mountPath`));
    else if (mounts.findIndex((each) => each.mountPath === mountPath) < i) {
      problems.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'));
    }
  });
  return [...problems, ...checkResources(container, path), ...checkProbes(container, path)];
}

function checkResources({ resources }: Container, path: string): FieldProblem[] {
  return Object.entries(resources?.requests ?? {}).flatMap(([name, text]) => {
    const limit = resources?.limits?.[name];
    if (limit === undefined || amountOf(text) <= amountOf(limit)) return [];
    return [
      invalid(
        `${path}.resources.requests`,
        text,
        `must be less than or equal to ${name} limit of ${limit}`,
      ),
    ];
  });
}

function checkProbes(container: Container, path: string): FieldProblem[] {
  const probes = [
    ['livenessProbe', container.livenessProbe],
    ['readinessProbe', container.readinessProbe],
    ['startupProbe', container.startupProbe],
  ] as const;
  return probes.flatMap(([name, probe]) =>
    probe ? checkProbe(probe, `${path}.${name}`, name) : [],
  );
}

function checkProbe(probe: Probe, path: string, name: string): FieldProblem[] {
  const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'].filter((each) => each in probe);
  const problems: FieldProblem[] = [];
  if (handlers.length === 0) problems.push(required(path, 'must specify a handler type'));
  if (handlers.length > 1) {
    problems.push(forbidden(`${path}.${handlers[1]}`, 'may not specify more than 1 handler type'));
  }
  if (probe.exec && (probe.exec.command ?? []).length === 0) {
    problems.push(required(`${path}.exec.command`));
  }
  if (name !== 'readinessProbe' && (probe.successThreshold ?? 1) !== 1) {
    problems.push(invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1'));
  }
  return problems;
}
