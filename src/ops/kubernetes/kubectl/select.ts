/** Which objects a command means: `pods redis-0`, `sts/redis svc/redis`, `pods,svc -l app=redis`. */
import type { ApiServer } from '../api.ts';
import { groupOf, type KindInfo, singularOf } from '../kinds.ts';
import { readSelector } from '../labels.ts';
import type { KubeObject, Manifest, Selector } from '../objects.ts';
import { type Command, KubectlError } from './context.ts';

/** A kind by any of its names: po, pods, pod, deployments.apps. Throws a KubectlError. */
export function kindCalled(api: ApiServer, word: string): KindInfo {
  const name = word.toLowerCase();
  const found = api.kinds.find(({ kind, plural, singular, shortNames, apiVersion }) => {
    const group = groupOf(apiVersion);
    const full = group === '' ? [] : [`${plural}.${group}`, `${singular}.${group}`];
    return [kind.toLowerCase(), plural, singular, ...shortNames, ...full].includes(name);
  });
  if (found) return found;
  throw new KubectlError(`the server doesn't have a resource type ${JSON.stringify(word)}`);
}

/** "statefulset.apps/redis": an object as kubectl calls it when something was done to it. */
export function nameOf(api: ApiServer, { kind, metadata }: Manifest | KubeObject): string {
  const info = api.kindInfo(kind);
  return `${info ? singularOf(info) : kind.toLowerCase()}/${metadata.name}`;
}

/** Kinds with the names that were asked for; no names: all of that kind. */
export interface Wish {
  readonly info: KindInfo;
  readonly names: readonly string[];
}

/** Throws a KubectlError. */
export function wishes(api: ApiServer, words: readonly string[]): Wish[] {
  if (words.some((word) => word.includes('/'))) {
    return words.map((word) => {
      const [kind = '', name = ''] = word.split('/');
      if (!word.includes('/')) {
        throw new KubectlError(
          `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'`,
        );
      }
      return { info: kindCalled(api, kind), names: [name] };
    });
  }
  const [kinds = '', ...names] = words;
  const infos =
    kinds === 'all'
      ? api.kinds.filter(({ isInAll }) => isInAll)
      : kinds.split(',').map((kind) => kindCalled(api, kind));
  return infos.map((info) => ({ info, names }));
}

/** What -l says. Throws a KubectlError. */
export function selectorOf({ flags }: Command): Selector | undefined {
  const text = flags.get('selector');
  if (text === undefined) return undefined;
  const selector = readSelector(text);
  if (!selector) {
    throw new KubectlError(`unable to parse requirement: ${JSON.stringify(text)}`);
  }
  return selector;
}

/** The objects of a wish. Throws an ApiError for a name that nobody has. */
export function objectsOf(command: Command, api: ApiServer, { info, names }: Wish): KubeObject[] {
  const { namespace, flags } = command;
  if (names.length > 0) return names.map((name) => api.get(info.kind, name, namespace));
  const everywhere = flags.has('all-namespaces') || !info.isNamespaced;
  return api.list(info.kind, everywhere ? undefined : namespace, selectorOf(command));
}

/** The one object that words name: `sts redis`, `sts/redis`. Throws an ApiError, a KubectlError. */
export function theObject(command: Command, api: ApiServer, usual?: string): KubeObject {
  const [first = '', second] = command.words;
  if (first === '') throw new KubectlError('required resource not specified');
  const [kind = '', name] = first.includes('/') ? first.split('/') : [first, second];
  if (name !== undefined) return api.get(kindCalled(api, kind).kind, name, command.namespace);
  if (usual === undefined) throw new KubectlError('resource name may not be empty');
  return api.get(usual, first, command.namespace);
}
