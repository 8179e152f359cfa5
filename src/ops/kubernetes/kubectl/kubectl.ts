/** kubectl, as a program of the shell. https://kubernetes.io/docs/reference/kubectl/ */
import { utf8Decode, utf8Encode } from '../../../engine/bytes/bytes.ts';
import type { Program } from '../../../shell/program.ts';
import type { OpsHost } from '../../host.ts';
import type { Kubernetes } from '../kubernetes.ts';
import { apply, createFrom, remove, replace } from './apply.ts';
import { type Command, KubectlError, type Verb, wordsOf } from './context.ts';
import { Flags, readFlags } from './flags.ts';
import { get } from './get.ts';
import { exec, logs } from './logs.ts';
import { rollout, scale } from './rollout.ts';

/** What a verb is called, and what does it. A new verb is a line here. */
const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['apply', apply],
  ['create', createFrom],
  ['replace', replace],
  ['delete', remove],
  ['get', get],
  ['logs', logs],
  ['exec', exec],
  ['rollout', rollout],
  ['scale', scale],
]);

/** Verbs of the real one that are not simulated. */
const others = [
  ...['attach', 'auth', 'autoscale', 'certificate', 'cp', 'debug', 'diff', 'edit', 'events'],
  ...['kustomize', 'patch', 'plugin', 'proxy', 'set', 'taint', 'top', 'completion', 'options'],
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
      const run = verbs.get(verb);
      if (!run) {
        const isReal = others.includes(verb);
        throw new KubectlError(
          isReal
            ? `kubectl ${verb} is not simulated here; these are: ${[...verbs.keys()].join(', ')}`
            : unknownVerb(verb),
        );
      }
      const { words, rest, flags } = readFlags([verb, ...args]);
      return await run(
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
