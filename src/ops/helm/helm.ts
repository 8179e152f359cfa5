/** helm, as a program of the shell. https://helm.sh/docs/helm/helm/ */
import { utf8Decode, utf8Encode } from '../../engine/bytes/bytes.ts';
import type { Call, Program } from '../../shell/program.ts';
import { NoMatchError } from '../kubernetes/api.ts';
import { ApiError } from '../kubernetes/errors.ts';
import type { Kubernetes } from '../kubernetes/kubernetes.ts';
import { ChartError } from './chart.ts';
import { type HelmCommand, HelmError, readHelmFlags } from './command.ts';
import { install, rollback, uninstall, upgrade } from './deploy.ts';
import { OwnershipError } from './releases.ts';
import { getRelease, history, list, repo, searchRepo, show, status, template } from './show.ts';
import { SetError } from './values.ts';

type Verb = (command: HelmCommand) => Promise<void> | void;

/** A new verb is a line here. */
const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['repo', repo],
  ['search', searchRepo],
  ['install', install],
  ['upgrade', upgrade],
  ['rollback', rollback],
  ['uninstall', uninstall],
  ['list', list],
  ['ls', list],
  ['status', status],
  ['history', history],
  ['get', getRelease],
  ['template', template],
  ['show', show],
  ['version', ({ print }) => print('version.BuildInfo{Version:"v3.17.0"}\n')],
]);

/** Verbs of the real one that are not simulated. */
const others = [
  ...['completion', 'create', 'dependency', 'env', 'lint', 'package', 'plugin', 'pull', 'push'],
  ...['registry', 'test', 'verify'],
];

/** helm beside a cluster, which begins when it is first used. */
export const helmWith =
  (cluster: () => Kubernetes): Program =>
  async (call) => {
    const [verb = '', ...args] = call.args.map(utf8Decode);
    try {
      const run = verbs.get(verb);
      if (!run) throw new HelmError(unknown(verb));
      await run(commandOf(cluster, call, args));
      return 0;
    } catch (error) {
      const words = wordsOf(error);
      if (words === undefined) throw error;
      call.complain(utf8Encode(`Error: ${words}\n`));
      return 1;
    }
  };

function commandOf(cluster: () => Kubernetes, call: Call, args: readonly string[]): HelmCommand {
  const { words, flags } = readHelmFlags(args);
  return {
    ...{ call, words, flags },
    namespace: flags.get('namespace') ?? 'default',
    get cluster() {
      return cluster();
    },
    print: (text) => call.print(utf8Encode(text)),
  };
}

function unknown(verb: string): string {
  const known = [...verbs.keys()].join(', ');
  if (others.includes(verb)) return `helm ${verb} is not simulated here; these are: ${known}`;
  if (verb === '') return `no command: these are simulated here: ${known}`;
  return `unknown command ${JSON.stringify(verb)} for "helm"`;
}

function wordsOf(error: unknown): string | undefined {
  const own = [HelmError, ChartError, SetError, OwnershipError, ApiError, NoMatchError];
  if (own.some((each) => error instanceof each)) return (error as Error).message;
  return undefined;
}
