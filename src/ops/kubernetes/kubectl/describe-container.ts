/** A container as kubectl describe prints it. */
import type { Container, ContainerState, Labels, Pod } from '../objects.ts';

/** Lines below the heading of the containers; of a template `status` is empty. */
export function containerLines(
  container: Container,
  { containerStatuses = [] }: Pod['status'],
): string[] {
  const status = containerStatuses.find(({ name }) => name === container.name);
  const { limits, requests } = container.resources ?? {};
  const list = (words: readonly string[] | undefined) => (words ?? []).map((word) => `    ${word}`);
  const indented = (name: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`  ${name}:`, ...lines.map((line) => `    ${line}`)];
  const amounts = (map: Labels | undefined) =>
    Object.entries(map ?? {}).map(([name, amount]) => `${`${name}:`.padEnd(9)}${amount}`);
  return [
    `${container.name}:`,
    `  Image:          ${container.image}`,
    `  Port:           ${(container.ports ?? []).map(({ containerPort, protocol }) => `${containerPort}/${protocol ?? 'TCP'}`).join(', ') || '<none>'}`,
    ...(container.command ? ['  Command:', ...list(container.command)] : []),
    ...(container.args ? ['  Args:', ...list(container.args)] : []),
    ...(status ? stateLines('State', status.state) : []),
    ...(status?.lastState.terminated ? stateLines('Last State', status.lastState) : []),
    `  Ready:          ${status?.ready ? 'True' : 'False'}`,
    `  Restart Count:  ${status?.restartCount ?? 0}`,
    ...indented('Limits', amounts(limits)),
    ...indented('Requests', amounts(requests)),
    ...probeLines(container),
    ...envLines(container),
    '  Mounts:',
    ...mountLines(container),
  ];
}

function stateLines(name: string, { waiting, running, terminated }: ContainerState): string[] {
  const line = (key: string, value: string | number) => `    ${`${key}:`.padEnd(14)}${value}`;
  const head = (state: string) => `  ${`${name}:`.padEnd(16)}${state}`;
  if (running) return [head('Running'), line('Started', longTime(running.startedAt))];
  if (terminated) {
    const { reason, exitCode, startedAt, finishedAt } = terminated;
    return [
      head('Terminated'),
      ...[line('Reason', reason), line('Exit Code', exitCode)],
      ...[line('Started', longTime(startedAt)), line('Finished', longTime(finishedAt))],
    ];
  }
  return [head('Waiting'), line('Reason', waiting?.reason ?? '')];
}

function probeLines(container: Container): string[] {
  const probes = [
    ['Liveness', container.livenessProbe],
    ['Readiness', container.readinessProbe],
    ['Startup', container.startupProbe],
  ] as const;
  return probes.flatMap(([name, probe]) => {
    if (!probe) return [];
    const what = probe.exec
      ? `exec [${probe.exec.command.join(' ')}]`
      : probe.tcpSocket
        ? `tcp-socket :${probe.tcpSocket.port}`
        : `http-get http://:${probe.httpGet?.port}${probe.httpGet?.path ?? '/'}`;
    return [
      `  ${`${name}:`.padEnd(16)}${what} delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds}s period=${probe.periodSeconds}s #success=${probe.successThreshold} #failure=${probe.failureThreshold}`,
    ];
  });
}

function envLines({ env = [] }: Container): string[] {
  if (env.length === 0) return ['  Environment:    <none>'];
  const lines = env.map(({ name, value, valueFrom }) => {
    const { secretKeyRef, configMapKeyRef, fieldRef } = valueFrom ?? {};
    const text = secretKeyRef
      ? `<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name}'>`
      : configMapKeyRef
        ? `<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name}'>`
        : fieldRef
          ? `(v1:${fieldRef.fieldPath})`
          : (value ?? '');
    return `    ${`${name}:`.padEnd(16)}${text}`;
  });
  return ['  Environment:', ...lines];
}

function mountLines({ volumeMounts = [] }: Container): string[] {
  if (volumeMounts.length === 0) return ['    <none>'];
  return volumeMounts.map(
    ({ name, mountPath, readOnly }) => `    ${mountPath} from ${name} (${readOnly ? 'ro' : 'rw'})`,
  );
}

/** A time as kubectl describe prints it. */
export const longTime = (time: string): string =>
  `${new Date(time).toUTCString().replace(' GMT', ' +0000')}`;

/** Labels or annotations, one below the other. */
export function pairs(map: Labels | undefined, sign: string): string {
  const all = Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return all.length === 0 ? '<none>' : all.map(([k, v]) => `${k}${sign}${v}`).join('\n');
}
