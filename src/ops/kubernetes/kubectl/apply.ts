/** kubectl apply, create -f, replace and delete: objects from files, from standard input, by name. */
import { utf8Decode } from '../../../engine/bytes/bytes.ts';
import { absolute } from '../../../engine/bytes/path.ts';
import { type ApiServer, type DeleteOptions, NoMatchError } from '../api.ts';
import { readManifests } from '../decode.ts';
import { ApiError } from '../errors.ts';
import { inertIn } from '../inert.ts';
import { builtInKinds, singularOf } from '../kinds.ts';
import type { KubeObject, Manifest } from '../objects.ts';
import { type Command, KubectlError, notSimulated, type Verb, wordsOf } from './context.ts';
import { nameOf, objectsOf, wishes } from './select.ts';

interface Source {
  /** As kubectl names it in messages. */
  readonly name: string;
  readonly text: string;
}

/** The files that -f names, or standard input. Throws a KubectlError. */
function sourcesOf({ flags, call }: Command): Source[] {
  if (flags.has('kustomize')) throw notSimulated('kustomize');
  return flags
    .all('filename')
    .flatMap((list) => list.split(','))
    .flatMap((name) => {
      if (name === '-') return [{ name: 'STDIN', text: utf8Decode(call.stdin ?? '') }];
      if (/^https?:/.test(name)) {
        throw new KubectlError(
          `unable to read URL ${JSON.stringify(name)}: there is no network here; write the manifest into a file`,
        );
      }
      const path = absolute(name, call.folder);
      const within = call.machine.files.paths.filter((each) => /\.(ya?ml|json)$/.test(each));
      const inFolder = within.filter((each) => each.startsWith(`${path.replace(/\/$/, '')}/`));
      const paths = inFolder.length > 0 ? inFolder : [path];
      return paths.map((each) => {
        const bytes = call.machine.files.read(each);
        if (bytes === undefined)
          throw new KubectlError(`the path ${JSON.stringify(name)} does not exist`);
        const shown = inFolder.length > 0 ? each : name;
        return { name: shown, text: utf8Decode(bytes) };
      });
    });
}

type Act = (api: ApiServer, manifest: Manifest) => string;

/** Does something with every object of some sources; each is tried, whatever became of the others. */
export function withManifests(
  command: Command,
  sources: readonly Source[],
  doing: string,
  act: Act,
): number {
  const { call, cluster, namespace } = command;
  let status = 0;
  let count = 0;
  for (const { name, text } of sources) {
    const about = `error when ${doing} ${JSON.stringify(name)}`;
    for (const manifest of readManifests(text, name)) {
      count++;
      warnOfInert(command, manifest);
      try {
        call.print(
          cluster.enter((api) => {
            checkNamespace(command, manifest);
            return act(api, manifest);
          }),
        );
      } catch (error) {
        const words =
          error instanceof NoMatchError
            ? `error: ${unmatched(error, name, namespace)}`
            : wordsOf(error, about);
        if (words === undefined) throw error;
        call.complain(`${words}\n`);
        status = 1;
      }
    }
  }
  if (count === 0)
    throw new KubectlError(`no objects passed to ${doing === 'creating' ? 'create' : 'apply'}`);
  return status;
}

/** Told as the server tells warnings. */
function warnOfInert({ call }: Command, { kind, spec }: Manifest): void {
  const isBuiltIn = builtInKinds.some((info) => info.kind === kind);
  const names = isBuiltIn ? [...inertIn(spec)] : [];
  for (const name of names) {
    call.complain(`Warning: ${name} is accepted and does nothing here\n`);
  }
}

function checkNamespace({ flags, namespace }: Command, { metadata }: Manifest): void {
  if (flags.get('namespace') === undefined || metadata.namespace === undefined) return;
  if (metadata.namespace === namespace) return;
  throw new KubectlError(
    `the namespace from the provided object ${JSON.stringify(metadata.namespace)} does not match the namespace ${JSON.stringify(namespace)}. You must pass '--namespace=${metadata.namespace}' to perform this operation.`,
  );
}

const unmatched = (error: NoMatchError, file: string, namespace: string): string =>
  `resource mapping not found for name: ${JSON.stringify(error.objectName)} namespace: ${JSON.stringify(error.namespace === '' && namespace !== 'default' ? namespace : error.namespace)} from ${JSON.stringify(file)}: ${error.message}\nensure CRDs are installed first`;

const dryOf = ({ flags }: Command): string => {
  const dry = flags.get('dry-run');
  if (dry === undefined || dry === 'none') return '';
  return dry === 'server' ? ' (server dry run)' : ' (dry run)';
};

export const apply: Verb = (command) => {
  const { flags, namespace, words } = command;
  if (flags.all('filename').length === 0) {
    throw new KubectlError('must specify one of -f and -k');
  }
  if (words.length > 0) {
    throw new KubectlError(
      `Unexpected args: [${words.join(' ')}]\nSee 'kubectl apply -h' for help and examples`,
    );
  }
  return applySources(command, sourcesOf(command), dryOf(command), namespace);
};

/** Applies, and prints a line for each object. Resolves with the status. */
export function applySources(
  command: Command,
  sources: readonly Source[],
  dry = '',
  namespace = 'default',
): number {
  return withManifests(command, sources, 'creating', (api, manifest) => {
    if (dry !== '') return `${nameOf(api, manifest)} configured${dry}\n`;
    const { object, what } = api.apply(manifest, namespace);
    return `${nameOf(api, object)} ${what}\n`;
  });
}

/** create -f FILE. */
export function createFrom(command: Command): number {
  return withManifests(command, sourcesOf(command), 'creating', (api, manifest) => {
    const dry = dryOf(command);
    if (dry !== '') return `${nameOf(api, manifest)} created${dry}\n`;
    return `${nameOf(api, api.create(manifest, command.namespace))} created\n`;
  });
}

export const replace: Verb = (command) =>
  withManifests(command, sourcesOf(command), 'replacing', (api, manifest) => {
    const live = api.get(manifest.kind, manifest.metadata.name ?? '', command.namespace);
    const object = api.change(live, (draft) => {
      const { metadata, ...rest } = structuredClone(manifest);
      Object.assign(draft, rest);
      draft.metadata.labels = metadata.labels ?? {};
    });
    return `${nameOf(api, object)} replaced\n`;
  });

export const remove: Verb = async (command) => {
  const { cluster, call, flags, words } = command;
  const isFromFile = flags.all('filename').length > 0;
  if (!isFromFile && words.length === 0) {
    throw new KubectlError('You must provide one or more resources by argument or filename.');
  }
  const { objects, status } = isFromFile
    ? objectsInFiles(command)
    : { objects: objectsNamed(command), status: 0 };
  const options = optionsOf(command);
  if (options.gracePeriodSeconds === 0) {
    call.complain(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
    );
  }
  for (const object of objects) {
    cluster.enter((api) => api.delete(object, options));
    const how = options.gracePeriodSeconds === 0 ? 'force deleted' : 'deleted';
    const info = cluster.api.kindInfo(object.kind);
    const kind = info ? singularOf(info) : object.kind.toLowerCase();
    call.print(`${kind} ${JSON.stringify(object.metadata.name)} ${how}\n`);
  }
  if (flags.get('wait') !== 'false') await untilGone(command, objects);
  if (objects.length === 0 && status === 0) call.print('No resources found\n');
  return status;
};

function optionsOf({ flags }: Command): DeleteOptions {
  const given = flags.number('grace-period');
  const isForced = flags.has('force');
  const seconds = flags.has('now') ? 1 : (given ?? (isForced ? 0 : undefined));
  if (seconds === 0 && !isForced) {
    throw new KubectlError('--grace-period=0 without --force: use --force as well');
  }
  return {
    ...(seconds !== undefined && { gracePeriodSeconds: seconds }),
    isOrphaning: flags.get('cascade') === 'orphan',
  };
}

function objectsNamed(command: Command): KubeObject[] {
  const { cluster, flags, words } = command;
  return cluster.enter((api) => {
    const all = wishes(api, words);
    const isOpen = all.some(({ names }) => names.length === 0);
    if (isOpen && !flags.has('all') && flags.get('selector') === undefined) {
      throw new KubectlError('resource(s) were provided, but no name was specified');
    }
    return all
      .flatMap((wish) =>
        flags.has('ignore-not-found')
          ? existing(command, api, wish)
          : objectsOf(command, api, wish),
      )
      .filter(({ kind, metadata }) => kind !== 'Service' || metadata.name !== 'kubernetes');
  });
}

const existing = (command: Command, api: ApiServer, wish: ReturnType<typeof wishes>[number]) =>
  wish.names.length === 0
    ? objectsOf(command, api, wish)
    : wish.names.flatMap((name) => api.find(wish.info.kind, name, command.namespace) ?? []);

function objectsInFiles(command: Command): { objects: KubeObject[]; status: number } {
  const { cluster, call, namespace, flags } = command;
  const objects: KubeObject[] = [];
  let status = 0;
  for (const { name, text } of sourcesOf(command)) {
    for (const { kind, metadata } of readManifests(text, name)) {
      try {
        const where = metadata.namespace ?? namespace;
        objects.push(cluster.enter((api) => api.get(kind, metadata.name ?? '', where)));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (flags.has('ignore-not-found')) continue;
        call.complain(`${wordsOf(error, `error when deleting ${JSON.stringify(name)}`)}\n`);
        status = 1;
      }
    }
  }
  return { objects, status };
}

/** As kubectl does, unless told not to. */
async function untilGone(
  { cluster, call }: Command,
  objects: readonly KubeObject[],
): Promise<void> {
  const isThere = ({ kind, metadata }: KubeObject) =>
    cluster.api.find(kind, metadata.name, metadata.namespace)?.metadata.uid === metadata.uid;
  while (objects.some(isThere)) await call.machine.sleep(50, call.signal);
}
