/** kubectl logs and kubectl exec. */
import { utf8Encode } from '../../../engine/bytes/bytes.ts';
import { ApiError } from '../errors.ts';
import type { PodContainer } from '../kubelet/container.ts';
import { runIn } from '../kubelet/run-shell.ts';
import { fits } from '../labels.ts';
import type { Pod } from '../objects.ts';
import { isReady } from '../pods.ts';
import { type Command, KubectlError, type Verb } from './context.ts';
import { kindCalled, selectorOf } from './select.ts';

/** A pod that is named, or one of those that a controller or a service has. Throws an ApiError. */
export function podOf({ cluster, namespace }: Command, word: string): Pod {
  return cluster.enter((api) => {
    const [kind, name] = word.includes('/') ? word.split('/') : ['pod', word];
    const info = kindCalled(api, kind ?? '');
    const object = api.get(info.kind, name ?? '', namespace);
    if (object.kind === 'Pod') return object as Pod;
    const spec = object.spec as { selector?: Record<string, unknown> } | undefined;
    const selector =
      object.kind === 'Service'
        ? { matchLabels: spec?.selector ?? {} }
        : object.kind === 'Job'
          ? { matchLabels: { 'job-name': object.metadata.name } }
          : spec?.selector;
    const pods = api
      .list('Pod', namespace)
      .filter(({ metadata }) => fits(selector as never, metadata.labels));
    const pod = pods.find(isReady) ?? pods[0];
    if (pod) return pod;
    throw new KubectlError(`timed out waiting for the condition: no pod of ${word} is there`);
  });
}

function containerOf(command: Command, pod: Pod): PodContainer | undefined {
  const wanted = command.flags.get('container');
  const names = pod.spec.containers.map(({ name }) => name);
  if (wanted !== undefined && !names.includes(wanted)) {
    throw new ApiError(
      'BadRequest',
      `container ${wanted} is not valid for pod ${pod.metadata.name}`,
    );
  }
  return command.cluster.kubelets.runtime(pod)?.container(wanted);
}

export const logs: Verb = async (command) => {
  const { cluster, call, flags, words } = command;
  const selector = selectorOf(command);
  if (words.length === 0 && !selector) {
    throw new KubectlError(
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples",
    );
  }
  const pods = selector
    ? cluster.enter((api) => api.list('Pod', command.namespace, selector))
    : [podOf(command, words[0] as string)];
  for (const pod of pods) {
    const container = containerOf(command, pod);
    const status = container?.status;
    if (status?.state.waiting && status.restartCount === 0 && !status.lastState.terminated) {
      const { reason } = status.state.waiting;
      const why = /Image/.test(reason) ? 'trying and failing to pull image' : 'ContainerCreating';
      throw new ApiError(
        'BadRequest',
        `container ${JSON.stringify(status.name)} in pod ${JSON.stringify(pod.metadata.name)} is waiting to start: ${why}`,
      );
    }
    if (!container) continue;
    const all = container.log(flags.has('previous'));
    const tail = flags.number('tail') ?? -1;
    const lines = tail < 0 ? all : all.slice(all.length - Math.min(tail, all.length));
    call.print(utf8Encode(lines.map((line) => `${line}\n`).join('')));
    if (flags.has('follow')) await follow(command, container, all.length);
  }
  return 0;
};

/** Prints what comes until Ctrl-C, or until the container ends. */
async function follow({ call }: Command, container: PodContainer, from: number): Promise<void> {
  const log = container.log();
  for (let at = from; ; ) {
    const lines = log.slice(at);
    call.print(utf8Encode(lines.map((line) => `${line}\n`).join('')));
    at += lines.length;
    if (!container.isRunning || container.log() !== log) return;
    await call.machine.sleep(100, call.signal);
  }
}

export const exec: Verb = async (command) => {
  const { cluster, call, flags, words, rest } = command;
  const [name] = words;
  const inner = rest.length > 0 ? rest : words.slice(1);
  if (name === undefined) throw new KubectlError('pod, type/name or --filename must be specified');
  if (inner.length === 0) {
    throw new KubectlError('you must specify at least one command for the container');
  }
  if (rest.length === 0) {
    throw new KubectlError(
      "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples",
    );
  }
  const pod = podOf(command, name);
  const container = containerOf(command, pod);
  const host = cluster.kubelets.runtime(pod)?.host;
  if (!container?.isRunning || !host || cluster.kubelets.isLost(pod.spec.nodeName ?? '')) {
    const called = container?.spec.name ?? pod.spec.containers[0]?.name;
    call.complain(
      pod.spec.nodeName === undefined
        ? `Error from server (BadRequest): pod ${pod.metadata.name} does not have a host assigned\n`
        : `error: Internal error occurred: unable to upgrade connection: container not found (${JSON.stringify(called)})\n`,
    );
    return 1;
  }
  const isInteractive =
    flags.has('it') || flags.has('ti') || flags.has('tty') || flags.has('stdin');
  const output = {
    out: (text: string) => call.print(utf8Encode(text)),
    err: (text: string) => call.complain(utf8Encode(text)),
  };
  const status = await runIn(host, inner, {
    ...{ env: container.env, output, signal: call.signal },
    stdin: isInteractive ? call.stdin : '',
    isTerminal: flags.has('it') || flags.has('ti') || flags.has('tty'),
    ask: isInteractive ? call.ask : undefined,
  });
  if (status !== 0) call.complain(`command terminated with exit code ${status}\n`);
  return status;
};
