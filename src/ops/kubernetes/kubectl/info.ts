/** kubectl version, config, cluster-info, api-resources and explain: what there is to know. */
import { KUBERNETES_VERSION } from '../bootstrap.ts';
import { groupOf } from '../kinds.ts';
import { fieldsOf } from '../schema.ts';
import { KubectlError, notSimulated, type Verb } from './context.ts';
import { kindCalled } from './select.ts';
import { printTable } from './table.ts';

export const version: Verb = ({ call }) => {
  call.print(
    `Client Version: ${KUBERNETES_VERSION}\nKustomize Version: v5.4.2\nServer Version: ${KUBERNETES_VERSION}\n`,
  );
  return 0;
};

export const config: Verb = ({ call, words: [verb = ''] }) => {
  if (verb === 'current-context') call.print('keyspace\n');
  else if (verb === 'get-contexts') {
    call.print(
      printTable([
        ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'],
        ['*', 'keyspace', 'keyspace', 'keyspace', ''],
      ]),
    );
  } else if (verb === 'get-clusters') call.print('NAME\nkeyspace\n');
  else throw notSimulated(`kubectl config ${verb}`);
  return 0;
};

export const clusterInfo: Verb = ({ call }) => {
  call.print('Kubernetes control plane is running at https://172.18.0.1:6443 (simulated)\n');
  return 0;
};

export const apiResources: Verb = ({ call, cluster }) => {
  const rows = [...cluster.api.kinds]
    .sort((a, b) => (groupOf(a.apiVersion) + a.plural < groupOf(b.apiVersion) + b.plural ? -1 : 1))
    .map(({ plural, shortNames, apiVersion, isNamespaced, kind }) => [
      ...[plural, shortNames.join(','), apiVersion, String(isNamespaced), kind],
    ]);
  call.print(printTable([['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'], ...rows]));
  return 0;
};

const goNames: ReadonlyMap<string, string> = new Map([
  ['int', 'integer'],
  ['bool', 'boolean'],
  ['intOrString', 'IntOrString'],
  ['map', 'map[string]string'],
  ['quantities', 'map[string]Quantity'],
  ['quantity', 'Quantity'],
  ['any', 'Object'],
]);

/** The fields of a kind or of a part of it: `sts.spec.template`. What they mean is not told here. */
export const explain: Verb = ({ call, cluster, words: [path] }) => {
  if (path === undefined) {
    throw new KubectlError(
      'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
    );
  }
  const [word = '', ...steps] = path.split('.');
  const { kind, apiVersion } = kindCalled(cluster.api, word);
  let type = kind;
  for (const step of steps) {
    const next = fieldsOf(type)?.get(step);
    if (next === undefined) {
      throw new KubectlError(`field ${JSON.stringify(step)} does not exist`);
    }
    type = next.replace(/^\[\]/, '');
  }
  const group = groupOf(apiVersion);
  const head = `${group === '' ? '' : `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${apiVersion.replace(/^.*\//, '')}\n`;
  const field = steps.length === 0 ? '' : `\nFIELD: ${steps.at(-1)} <${shown(type)}>\n`;
  const fields = [...(fieldsOf(type) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  const list = fields.map(([name, each]) => `  ${name}\t<${shown(each)}>\n`);
  const all = list.length === 0 ? '' : `\nFIELDS:\n${list.join('')}`;
  call.print(`${head}${field}${all}\n`);
  return 0;
};

function shown(type: string): string {
  if (type.startsWith('[]')) return `[]${shown(type.slice(2))}`;
  return goNames.get(type) ?? type;
}
