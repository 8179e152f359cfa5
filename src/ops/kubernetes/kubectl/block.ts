/** A block of YAML in a lesson: applied as `kubectl apply -f -`, and then one sees what becomes of it. */
import { utf8Decode, utf8Encode } from '../../../engine/bytes/bytes.ts';
import type { Call, Machine, TerminalOutput } from '../../../shell/program.ts';
import type { OpsHost } from '../../host.ts';
import type { ApiServer } from '../api.ts';
import type { Kubernetes } from '../kubernetes.ts';
import type { KubeEvent, Pod } from '../objects.ts';
import { isEnding, isOver, isReady } from '../pods.ts';
import { applySources } from './apply.ts';
import { wordsOf } from './context.ts';
import { get } from './get.ts';
import { plainCommand } from './kubectl.ts';
import { podReady, podStatus, restartCount } from './pod-state.ts';
import { printRow, widthsOf } from './table.ts';

export interface BlockPlace {
  readonly machine: Machine;
  readonly output: TerminalOutput;
  readonly signal: AbortSignal;
}

/** How long one looks on at most, in ms of the lab's time. */
const LONGEST_MS = 30_000;
/** So long nothing may have changed, and all is settled. */
const QUIET_MS = 600;

/** Resolves with a status, as kubectl ends. */
export async function applyAndWatch(
  cluster: Kubernetes,
  text: string,
  { machine, output, signal }: BlockPlace,
): Promise<number> {
  let hasApplied = false;
  const call: Call = {
    ...{ args: [], env: {}, folder: '/root', stdin: utf8Encode(text), isTerminal: true },
    ...{ machine, signal },
    print: (bytes) => {
      hasApplied = true;
      output.out(utf8Decode(bytes));
    },
    complain: (bytes) => output.err(utf8Decode(bytes)),
  };
  // Only port-forward listens on the host, which a block cannot call.
  const host = undefined as unknown as OpsHost;
  const command = plainCommand({ cluster, call, host });
  const told = cluster.enter((api) => new Set(api.list('Event').map(idOf)));
  let status: number;
  try {
    status = applySources(command, [{ name: 'STDIN', text }]);
  } catch (error) {
    const words = wordsOf(error);
    if (words === undefined) throw error;
    output.err(`${words}\n`);
    return 1;
  }
  if (!hasApplied) return status;
  await watchPods(cluster, { machine, output, signal });
  await tellTrouble(cluster.api, told, output);
  const services = cluster.enter((api) => api.list('Service', 'default').length > 1);
  if (services) {
    output.out('\n');
    await get({ ...command, words: ['services'] });
  }
  return status;
}

/** Prints pods as they change, as `kubectl get pods -w` does, until all of them are settled. */
async function watchPods(
  cluster: Kubernetes,
  { machine, output, signal }: BlockPlace,
): Promise<void> {
  const start = machine.now();
  let changedAt = start;
  const shown = new Map<string, string>();
  let widths: number[] = [];
  const print = (row: readonly string[]) => {
    widths = widthsOf([row], widths);
    output.out(printRow(row, widths));
  };
  const show = () => {
    const pods = cluster.enter((api) => api.list('Pod'));
    const names = pods.map(({ metadata }) => [metadata.name]);
    for (const pod of pods) {
      const count = String(restartCount(pod));
      const row = [pod.metadata.name, podReady(pod), podStatus(pod), count];
      if (shown.get(pod.metadata.uid) === row.join(' ')) continue;
      if (shown.size === 0) {
        output.out('\n');
        widths = widthsOf([...names, ['', '', 'ContainerCreating']]);
        print(['NAME', 'READY', 'STATUS', 'RESTARTS']);
      }
      shown.set(pod.metadata.uid, row.join(' '));
      print(row);
      changedAt = machine.now();
    }
    return pods.every(isSettled);
  };
  for (;;) {
    const isQuiet = show() && machine.now() - changedAt >= QUIET_MS;
    if (isQuiet || machine.now() - start >= LONGEST_MS) return;
    await machine.sleep(50, signal);
  }
}

const TROUBLE = /BackOff|ErrImage|CrashLoop|ConfigError/;

/** Nothing more is to come soon: it is ready, over, in trouble, or cannot be placed. */
const isSettled = (pod: Pod): boolean =>
  isReady(pod) || isOver(pod) || isEnding(pod) || TROUBLE.test(podStatus(pod)) || isUnplaced(pod);

const isUnplaced = ({ status }: Pod): boolean =>
  (status.conditions ?? []).some(
    ({ type, status: is }) => type === 'PodScheduled' && is === 'False',
  );

const idOf = ({ metadata, count }: KubeEvent) => `${metadata.uid} ${count}`;

/** The warnings that came of it. */
function tellTrouble(api: ApiServer, told: ReadonlySet<string>, output: TerminalOutput): void {
  const warnings = api
    .list('Event')
    .filter((event) => event.type === 'Warning' && !told.has(idOf(event)));
  if (warnings.length === 0) return;
  const lines = warnings.map(
    ({ involvedObject: { kind, name }, reason, message }) =>
      `Warning  ${reason}  ${kind.toLowerCase()}/${name}  ${message}\n`,
  );
  output.out(`\n${lines.join('')}`);
}
