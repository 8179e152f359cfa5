/** kubectl create by name, run and expose: objects without a manifest. */
import { utf8Decode, utf8Encode } from '../../../engine/bytes/bytes.ts';
import { absolute } from '../../../engine/bytes/path.ts';
import type { ApiServer } from '../api.ts';
import { toBase64 } from '../base64.ts';
import { makeJob } from '../controllers/jobs.ts';
import { runIn } from '../kubelet/run-shell.ts';
import type { CronJob, KubeObject, Labels, Manifest, Pod } from '../objects.ts';
import { createFrom } from './apply.ts';
import { type Command, KubectlError, notSimulated, type Verb } from './context.ts';
import { inFormat } from './get.ts';
import { nameOf, theObject } from './select.ts';

export const create: Verb = (command) => {
  const { flags, words } = command;
  if (flags.all('filename').length > 0) return createFrom(command);
  const [kind = '', ...rest] = words;
  const make = makers.get(kind);
  if (!make) {
    if (kind === '') throw new KubectlError('must specify one of -f and -k');
    throw notSimulated(`kubectl create ${kind}`);
  }
  return keep(command, make({ ...command, words: rest }));
};

/** Creates an object, or with --dry-run shows it. */
function keep({ cluster, call, flags, namespace }: Command, manifest: Manifest): number {
  const dry = flags.get('dry-run');
  const format = flags.get('output');
  const isDry = dry !== undefined && dry !== 'none';
  const object = cluster.enter((api) => (isDry ? manifest : api.create(manifest, namespace)));
  const text = cluster.enter((api) => {
    if (format !== undefined) return inFormat(format, [object as KubeObject], true, api);
    return `${nameOf(api, object as KubeObject)} created${isDry ? ` (${dry === 'server' ? 'server ' : ''}dry run)` : ''}\n`;
  });
  call.print(utf8Encode(text));
  return 0;
}

type Maker = (command: Command) => Manifest;

const nameIn = ({ words }: Command): string => {
  const [name, extra] = words;
  if (name === undefined) throw new KubectlError('exactly one NAME is required, got 0');
  if (extra !== undefined) {
    throw new KubectlError(`exactly one NAME is required, got ${words.length}`);
  }
  return name;
};

const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ...['namespace', 'ns'].map((word): [string, Maker] => [word, namespaceOf]),
  ...['configmap', 'cm'].map((word): [string, Maker] => [word, configMapOf]),
  ['secret', secretOf],
  ['job', jobOf],
  ...['deployment', 'deploy'].map((word): [string, Maker] => [word, deploymentOf]),
  ...['serviceaccount', 'sa'].map((word): [string, Maker] => [word, accountOf]),
]);

function namespaceOf(command: Command): Manifest {
  const name = nameIn(command);
  const labels = { 'kubernetes.io/metadata.name': name };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

function accountOf(command: Command): Manifest {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: nameIn(command) } };
}

/** What --from-literal and --from-file give. */
function entriesOf({ flags, call }: Command): Labels {
  const entries: Labels = {};
  for (const text of flags.all('from-literal')) {
    const [key = '', value] = text.split(/=(.*)/s, 2);
    if (value === undefined) {
      throw new KubectlError(`invalid literal source ${text}, expected key=value`);
    }
    entries[key] = value;
  }
  for (const text of flags.all('from-file')) {
    const [first = '', second] = text.split(/=(.*)/s, 2);
    const path = second ?? first;
    const bytes = call.machine.files.read(absolute(path, call.folder));
    if (bytes === undefined) {
      throw new KubectlError(`error reading ${path}: no such file or directory`);
    }
    entries[second === undefined ? path.replace(/^.*\//, '') : first] = utf8Decode(bytes);
  }
  return entries;
}

function configMapOf(command: Command): Manifest {
  const metadata = { name: nameIn(command) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: entriesOf(command) };
}

function secretOf(command: Command): Manifest {
  const [type = '', ...words] = command.words;
  if (type !== 'generic') throw notSimulated(`kubectl create secret ${type}`);
  const data = Object.entries(entriesOf(command)).map(([key, text]) => [key, toBase64(text)]);
  const metadata = { name: nameIn({ ...command, words }) };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque' };
  return { ...secret, data: Object.fromEntries(data) };
}

/** create job NAME --from=cronjob/NAME. */
function jobOf(command: Command): Manifest {
  const { cluster, flags, namespace } = command;
  const name = nameIn(command);
  const from = /^cronjobs?\/(.+)$/.exec(flags.get('from') ?? '')?.[1];
  if (from === undefined) throw notSimulated('kubectl create job without --from=cronjob/NAME');
  return cluster.enter((api) => {
    const cron: CronJob = api.get('CronJob', from, namespace);
    const job = makeJob(api, cron, name);
    api.remove(job);
    const { metadata, ...rest } = job;
    const owner = metadata.ownerReferences;
    return { ...rest, metadata: { name, ...(owner && { ownerReferences: owner }) }, status: {} };
  });
}

function deploymentOf(command: Command): Manifest {
  const name = nameIn(command);
  const image = command.flags.get('image');
  if (image === undefined) throw new KubectlError('required flag(s) "image" not set');
  const labels = { app: name };
  const container = { name: image.replace(/^.*\//, '').replace(/:.*$/, ''), image };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels } },
    spec: {
      replicas: command.flags.number('replicas') ?? 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

/** kubectl run NAME --image=IMAGE [-- ARGS]; with --rm -it the pod goes when it has ended. */
export const run: Verb = async (command) => {
  const { flags, rest, call } = command;
  const name = nameIn(command);
  const image = flags.get('image');
  if (image === undefined) throw new KubectlError('required flag(s) "image" not set');
  const isAttached = ['it', 'ti', 'attach', 'stdin'].some((flag) => flags.has(flag));
  const env = flags.all('env').map((pair) => {
    const [key = '', value = ''] = pair.split(/=(.*)/s, 2);
    return { name: key, value };
  });
  const labels = Object.fromEntries(
    (flags.get('labels') ?? `run=${name}`).split(',').map((pair) => pair.split('=', 2)),
  ) as Labels;
  const words =
    rest.length === 0 ? {} : flags.has('command') ? { command: [...rest] } : { args: [...rest] };
  // Somebody is attached: what it is to do is done below, where its output is heard.
  const waits = isAttached ? { command: ['sleep', 'infinity'] } : words;
  const manifest: Manifest = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels } },
    spec: {
      containers: [{ name, image, ...(env.length > 0 && { env }), ...waits }],
      restartPolicy: flags.get('restart') ?? 'Always',
    },
  };
  if (!isAttached) return keep(command, manifest);
  if (rest.length === 0) {
    throw notSimulated('a shell at a prompt within a pod: give it a command after --');
  }
  const pod = command.cluster.enter((api) => api.create(manifest, command.namespace)) as Pod;
  try {
    return await attach(command, pod, rest);
  } finally {
    if (flags.has('rm')) {
      command.cluster.enter((api) => api.remove(pod));
      call.print(`pod ${JSON.stringify(name)} deleted\n`);
    }
  }
};

async function attach(
  { cluster, call }: Command,
  pod: Pod,
  words: readonly string[],
): Promise<number> {
  const runtime = () => cluster.kubelets.runtime(pod);
  while (!runtime()?.container()?.isRunning) await call.machine.sleep(50, call.signal);
  const [host, container] = [runtime()?.host, runtime()?.container()];
  if (!host || !container) return 1;
  const output = {
    out: (text: string) => call.print(utf8Encode(text)),
    err: (text: string) => call.complain(utf8Encode(text)),
  };
  const { env } = container;
  return runIn(host, words, { env, output, signal: call.signal, stdin: call.stdin ?? '' });
}

/** kubectl expose TYPE NAME --port=PORT. */
export const expose: Verb = (command) => {
  const { cluster, flags } = command;
  const object = cluster.enter((api: ApiServer) => theObject(command, api));
  const port = Number(flags.get('port'));
  if (!port) throw new KubectlError("couldn't find port via --port flag or introspection");
  const spec = object.spec as { selector?: { matchLabels?: Labels } };
  const selector = object.kind === 'Pod' ? object.metadata.labels : spec.selector?.matchLabels;
  const name = flags.get('name') ?? object.metadata.name;
  const targetPort = Number(flags.get('target-port') ?? port);
  const clusterIP = flags.get('cluster-ip');
  return keep(command, {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name } },
    spec: {
      ports: [{ port, targetPort, protocol: 'TCP' }],
      selector: selector ?? {},
      ...(clusterIP !== undefined && { clusterIP }),
    },
  });
};
