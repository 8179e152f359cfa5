/** kubectl label, annotate, set image and patch: small changes of objects. */
import { parseDocument } from 'yaml';
import { merge } from '../merge.ts';
import type { KubeObject, PodSpec } from '../objects.ts';
import { KubectlError, notSimulated, type Verb } from './context.ts';
import { nameOf, objectsOf, theObject, wishes } from './select.ts';

type Field = 'labels' | 'annotations';

const changing =
  (field: Field, done: string): Verb =>
  (command) => {
    const { cluster, call, words, flags } = command;
    const isChange = (word: string) =>
      /^[\w./-]+(=.*|-)$/.test(word) && !/^[\w.]+\/[^=]*$/.test(word);
    const changes = words.filter(isChange);
    const named = words.filter((word) => !isChange(word));
    if (changes.length === 0) throw new KubectlError('at least one label update is required');
    const lines = cluster.enter((api) =>
      wishes(api, named)
        .flatMap((wish) => {
          const isOpen = wish.names.length === 0;
          if (isOpen && !flags.has('all') && flags.get('selector') === undefined) {
            throw new KubectlError(
              'one or more resources must be specified as <resource> <name> or <resource>/<name>',
            );
          }
          return objectsOf(command, api, wish);
        })
        .map((object) => {
          const next = api.change(object, (draft) =>
            alter(draft, field, changes, flags.has('overwrite')),
          );
          const isSame = next === object;
          return `${nameOf(api, object)} ${isSame ? `not ${done}` : done}\n`;
        }),
    );
    call.print(lines.join(''));
    return 0;
  };

export const label = changing('labels', 'labeled');
export const annotate = changing('annotations', 'annotated');

function alter(
  { metadata }: KubeObject,
  field: Field,
  changes: readonly string[],
  mayOverwrite: boolean,
): void {
  const map = { ...metadata[field] };
  for (const change of changes) {
    const [name = '', value] = change.split(/=(.*)/s, 2);
    if (value === undefined) delete map[name.replace(/-$/, '')];
    else {
      const before = Object.hasOwn(map, name) ? map[name] : undefined;
      if (before !== undefined && before !== value && !mayOverwrite) {
        throw new KubectlError(
          `'${name}' already has a value (${before}), and --overwrite is false`,
        );
      }
      map[name] = value;
    }
  }
  metadata[field] = map;
}

/** kubectl set image TYPE/NAME CONTAINER=IMAGE. */
export const set: Verb = (command) => {
  const { cluster, call } = command;
  const [what = '', ...words] = command.words;
  if (what !== 'image') throw notSimulated(`kubectl set ${what}`);
  const images = words.filter((word) => word.includes('='));
  const named = words.filter((word) => !word.includes('='));
  call.print(
    cluster.enter((api) => {
      const object = theObject({ ...command, words: named }, api);
      const next = api.change(object, (draft) => {
        const spec = draft.spec as PodSpec & { template?: { spec: PodSpec } };
        for (const image of images) {
          const [container, to = ''] = image.split(/=(.*)/s, 2);
          const all = (spec.template?.spec ?? spec).containers;
          const found = all.filter(({ name }) => container === '*' || name === container);
          if (found.length === 0) {
            throw new KubectlError(`unable to find container named ${JSON.stringify(container)}`);
          }
          for (const each of found) each.image = to;
        }
      });
      return next === object ? '' : `${nameOf(api, object)} image updated\n`;
    }),
  );
  return 0;
};

/** kubectl patch TYPE NAME -p PATCH; a merge, whatever --type says but for json. */
export const patch: Verb = (command) => {
  const { cluster, call, flags } = command;
  const text = flags.get('patch');
  if (text === undefined)
    throw new KubectlError(
      'must specify --patch or --patch-file containing the contents of the patch',
    );
  if (flags.get('type') === 'json') throw notSimulated('kubectl patch --type=json');
  const change: unknown = parseDocument(text).toJS();
  call.print(
    cluster.enter((api) => {
      const object = theObject(command, api);
      const next = api.change(object, (draft) => {
        Object.assign(draft, merge(object, {}, change));
      });
      return `${nameOf(api, object)} patched${next === object ? ' (no change)' : ''}\n`;
    }),
  );
  return 0;
};
