/** kubectl, as a program of the shell. https://kubernetes.io/docs/reference/kubectl/ */
import { utf8Decode, utf8Encode } from '../../../engine/bytes/bytes.ts';
import type { Program } from '../../../shell/program.ts';
import type { OpsHost } from '../../host.ts';
import type { Kubernetes } from '../kubernetes.ts';
import { apply, remove, replace } from './apply.ts';
import { annotate, label, patch, set } from './change.ts';
import { type Command, KubectlError, notSimulated, type Verb, wordsOf } from './context.ts';
import { create, expose, run } from './create.ts';
import { describe } from './describe.ts';
import { Flags, readFlags } from './flags.ts';
import { get } from './get.ts';
import { apiResources, clusterInfo, config, explain, version } from './info.ts';
import { exec, logs } from './logs.ts';
import { cordon, drain, uncordon } from './nodes.ts';
import { rollout, scale } from './rollout.ts';
import { portForward, wait } from './wait.ts';

/** What a verb is called, and what does it. A new verb is a line here. */
const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['apply', apply],
  ['create', create],
  ['replace', replace],
  ['delete', remove],
  ['get', get],
  ['logs', logs],
  ['exec', exec],
  ['rollout', rollout],
  ['scale', scale],
  ['describe', describe],
  ['label', label],
  ['annotate', annotate],
  ['set', set],
  ['patch', patch],
  ['cordon', cordon],
  ['uncordon', uncordon],
  ['drain', drain],
  ['run', run],
  ['expose', expose],
  ['wait', wait],
  ['port-forward', portForward],
  ['events', (command) => get({ ...command, words: ['events'] })],
  ['explain', explain],
  ['version', version],
  ['config', config],
  ['cluster-info', clusterInfo],
  ['api-resources', apiResources],
]);

/** Those that can show what they would do. */
const dryVerbs: ReadonlySet<string> = new Set(['apply', 'create', 'run', 'expose']);

/** Verbs of the real one that are not simulated. */
const others = [
  ...['attach', 'auth', 'autoscale', 'certificate', 'cp', 'debug', 'diff', 'edit'],
  ...['kustomize', 'plugin', 'proxy', 'taint', 'top', 'completion', 'options'],
];

/** `lose-node NAME` and `recover-node NAME`: accidents, for which kubectl has no word. */
export const accidentsOn = (cluster: () => Kubernetes): Record<string, Program> => {
  const accident =
    (befall: (name: string) => void, said: string): Program =>
    async ({ args: [name = ''], print, complain }) => {
      try {
        befall(name);
        print(`node ${name} ${said}\n`);
        return 0;
      } catch (error) {
        const words = wordsOf(error);
        if (words === undefined) throw error;
        complain(`${words}\n`);
        return 1;
      }
    };
  return {
    'lose-node': accident((name) => cluster().loseNode(name), 'has lost power'),
    'recover-node': accident((name) => cluster().recoverNode(name), 'runs again'),
  };
};

/** kubectl on a host; the cluster begins when it is first used. */
export const kubectlOn =
  (host: OpsHost, cluster: () => Kubernetes): Program =>
  async (call) => {
    const [verb = '', ...args] = call.args.map(utf8Decode);
    try {
      const act = verbs.get(verb);
      if (!act) {
        const isReal = others.includes(verb);
        throw new KubectlError(
          isReal
            ? `kubectl ${verb} is not simulated here; these are: ${[...verbs.keys()].join(', ')}`
            : unknownVerb(verb),
        );
      }
      const { words, rest, flags } = readFlags([verb, ...args]);
      if ((flags.get('dry-run') ?? 'none') !== 'none' && !dryVerbs.has(verb)) {
        throw notSimulated(`kubectl ${verb} --dry-run`);
      }
      return await act(
        commandOf({ cluster: cluster(), call, host, words: words.slice(1), rest, flags }),
      );
    } catch (error) {
      const words = wordsOf(error);
      if (words === undefined) throw error;
      call.complain(utf8Encode(`${words}\n`));
      return 1;
    }
  };

function unknownVerb(verb: string): string {
  if (verb === '') return `no command: these are simulated here: ${[...verbs.keys()].join(', ')}`;
  return `unknown command ${JSON.stringify(verb)} for "kubectl"`;
}

const commandOf = (given: Omit<Command, 'namespace'>): Command => ({
  ...given,
  namespace: given.flags.get('namespace') ?? 'default',
});

/** A command as if it had been typed without flags: for what is applied by the page. */
export const plainCommand = (given: Omit<Command, 'namespace' | 'flags' | 'words' | 'rest'>) =>
  commandOf({ ...given, flags: new Flags(), words: [], rest: [] });
