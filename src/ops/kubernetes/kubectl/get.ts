/** kubectl get. https://kubernetes.io/docs/reference/kubectl/generated/kubectl_get/ */
import { stringify } from 'yaml';
import { utf8Encode } from '../../../engine/bytes/bytes.ts';
import type { ApiServer, Change } from '../api.ts';
import { inOrder } from '../identity.ts';
import { groupOf, type KindInfo, singularOf } from '../kinds.ts';
import { fits } from '../labels.ts';
import type { KubeObject } from '../objects.ts';
import { type Column, columnsOf } from './columns.ts';
import { type Command, KubectlError, notSimulated, type Verb } from './context.ts';
import { printTemplate } from './jsonpath.ts';
import { objectsOf, selectorOf, type Wish, wishes } from './select.ts';
import { printRow, printTable, widthsOf } from './table.ts';

export const get: Verb = async (command) => {
  const { cluster, words, call, flags } = command;
  if (words.length === 0) {
    throw new KubectlError(
      'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee \'kubectl get -h\' for help and examples',
    );
  }
  if (flags.has('watch') || flags.has('watch-only')) return watch(command);
  const found = cluster.enter((api) =>
    wishes(api, words).map(
      (wish) => [wish, sorted(command, wish, find(command, api, wish))] as const,
    ),
  );
  const format = flags.get('output') ?? '';
  if (/^(yaml|json|jsonpath|name|custom-columns|go-template)/.test(format)) {
    const isOne = found.length === 1 && found[0]?.[0].names.length === 1;
    const objects = found.flatMap(([, each]) => each);
    call.print(utf8Encode(inFormat(format, objects, isOne, cluster.api)));
    return 0;
  }
  if (format !== '' && format !== 'wide') throw notSimulated(`-o ${format}`);
  const filled = found.filter(([, objects]) => objects.length > 0);
  if (filled.length === 0) {
    if (!flags.has('ignore-not-found')) call.complain(nothing(command, found[0]?.[0]));
    return 0;
  }
  const isMixed = found.length > 1;
  const tables = filled.map(([{ info }, objects]) => tableOf(command, info, objects, isMixed));
  call.print(utf8Encode(tables.join('\n')));
  return 0;
};

const find = (command: Command, api: ApiServer, wish: Wish): KubeObject[] => {
  if (!command.flags.has('ignore-not-found') || wish.names.length === 0) {
    return objectsOf(command, api, wish);
  }
  return wish.names.flatMap((name) => api.find(wish.info.kind, name, command.namespace) ?? []);
};

/** Events come in the order in which they happened. */
function sorted({ flags }: Command, { info }: Wish, objects: KubeObject[]): KubeObject[] {
  const by = flags.get('sort-by');
  if (by !== undefined) {
    const keyOf = (object: KubeObject) => printTemplate(`{${by.replace(/^\{|\}$/g, '')}}`, object);
    return [...objects].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }
  if (info.kind !== 'Event') return objects;
  const versionOf = ({ metadata }: KubeObject) => Number(metadata.resourceVersion);
  return [...objects].sort((a, b) => versionOf(a) - versionOf(b));
}

function nothing({ namespace, flags }: Command, wish: Wish | undefined): string {
  const isGlobal = flags.has('all-namespaces') || wish?.info.isNamespaced === false;
  return isGlobal ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`;
}

/** The columns that a command asks for. */
function chosen(command: Command, info: KindInfo): readonly Column<KubeObject>[] {
  const { flags, cluster } = command;
  const definition = cluster.api.find(
    'CustomResourceDefinition',
    `${info.plural}.${groupOf(info.apiVersion)}`,
  );
  const isWide = flags.get('output') === 'wide';
  const columns = columnsOf(info.kind, definition).filter((each) => isWide || !each.isWide);
  const space: Column<KubeObject> = {
    head: 'NAMESPACE',
    cell: ({ metadata }) => metadata.namespace ?? '',
  };
  const labels: Column<KubeObject> = {
    head: 'LABELS',
    cell: ({ metadata }) => {
      const pairs = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
      return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
    },
  };
  const asked = flags.all('label-columns').flatMap((list) => list.split(','));
  const single = asked.map(
    (name): Column<KubeObject> => ({
      head: name.replace(/^.*\//, '').toUpperCase(),
      cell: ({ metadata }) => metadata.labels?.[name] ?? '',
    }),
  );
  return [
    ...(flags.has('all-namespaces') && info.isNamespaced ? [space] : []),
    ...columns,
    ...single,
    ...(flags.has('show-labels') ? [labels] : []),
  ];
}

function rowOf(
  { cluster }: Command,
  columns: readonly Column<KubeObject>[],
  object: KubeObject,
  prefix = '',
): string[] {
  return columns.map(({ head, cell }) => {
    const text = cell(object as never, cluster.api.now);
    return head === 'NAME' ? `${prefix}${text}` : text;
  });
}

function tableOf(
  command: Command,
  info: KindInfo,
  objects: readonly KubeObject[],
  isMixed: boolean,
): string {
  const columns = chosen(command, info);
  const prefix = isMixed ? `${singularOf(info)}/` : '';
  const head = command.flags.has('no-headers') ? [] : [columns.map((each) => each.head)];
  const rows = objects.map((object) => rowOf(command, columns, object, prefix));
  return printTable([...head, ...rows]);
}

/** Prints every change until Ctrl-C. */
async function watch(command: Command): Promise<number> {
  const { cluster, words, call, namespace, flags } = command;
  const [wish, other] = cluster.enter((api) => wishes(api, words));
  if (!wish || other) throw new KubectlError('you may only specify a single resource type');
  const { info, names } = wish;
  const columns = chosen(command, info);
  const selector = selectorOf(command);
  let widths: number[] = [];
  const print = (rows: readonly string[][]) => {
    widths = widthsOf(rows, widths);
    call.print(utf8Encode(rows.map((row) => printRow(row, widths)).join('')));
  };
  const isMeant = ({ metadata, kind }: KubeObject) =>
    kind === info.kind &&
    (names.length === 0 || names.includes(metadata.name)) &&
    (flags.has('all-namespaces') || !info.isNamespaced || metadata.namespace === namespace) &&
    (!selector || fits(selector, metadata.labels));
  let last = '';
  const hear = ({ object }: Change) => {
    if (!isMeant(object)) return;
    const row = rowOf(command, columns, object);
    // What is not shown may have changed, too.
    const shown = `${object.metadata.uid} ${row.join(' ')}`;
    if (shown !== last) print([row]);
    last = shown;
  };
  const stop = cluster.enter((api) => {
    const rows = objectsOf(command, api, wish).map((object) => rowOf(command, columns, object));
    print([columns.map(({ head }) => head), ...(flags.has('watch-only') ? [] : rows)]);
    return api.watch(hear);
  });
  try {
    for (;;) await call.machine.sleep(1000, call.signal);
  } finally {
    stop();
  }
}

/** Objects in one of the formats for programs. */
export function inFormat(
  format: string,
  objects: readonly KubeObject[],
  isOne: boolean,
  api: ApiServer,
): string {
  const shown = objects.map(withoutNoise);
  const list = { apiVersion: 'v1', items: shown, kind: 'List', metadata: { resourceVersion: '' } };
  const root = isOne ? shown[0] : list;
  if (format === 'name') {
    return objects
      .map(({ kind, metadata }) => {
        const info = api.kindInfo(kind);
        return `${info ? singularOf(info) : kind.toLowerCase()}/${metadata.name}\n`;
      })
      .join('');
  }
  if (format === 'yaml') {
    return stringify(root, {
      sortMapEntries: true,
      indentSeq: false,
      lineWidth: 0,
      version: '1.1',
    });
  }
  if (format === 'json') return `${JSON.stringify(root, inOrder, 4)}\n`;
  const template = /^jsonpath=(.*)$/s.exec(format)?.[1];
  if (template !== undefined) return printTemplate(template.replace(/^(['"])(.*)\1$/s, '$2'), root);
  throw notSimulated(`-o ${format.split('=')[0]}`);
}

/** `generation` says nothing of kinds without a spec. */
function withoutNoise(object: KubeObject): KubeObject {
  if (object.spec !== undefined) return object;
  const { generation: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
