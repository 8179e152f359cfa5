/**
 * The part of kubectl's JSONPath that people use: fields, places in lists, `[*]`, filters by
 * equality, `range`. https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
import { KubectlError } from './error.ts';

/** What a template prints, such as `{.items[*].metadata.name}`. Throws a KubectlError. */
export function printTemplate(template: string, root: unknown): string {
  const parts = template.match(/\{[^{}]*\}|[^{}]+/g) ?? [];
  return render(parts, root);
}

function render(parts: readonly string[], root: unknown): string {
  let text = '';
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as string;
    if (!part.startsWith('{')) {
      text += part;
      continue;
    }
    const inner = part.slice(1, -1).trim();
    const quoted = /^"(.*)"$/s.exec(inner);
    if (quoted) text += (quoted[1] as string).replace(/\\n/g, '\n').replace(/\\t/g, '\t');
    else if (inner.startsWith('range ')) {
      const end = endOf(parts, i);
      const body = parts.slice(i + 1, end);
      for (const each of readPath(inner.slice(6), root)) text += render(body, each);
      i = end;
    } else text += printValues(readPath(inner, root));
  }
  return text;
}

function endOf(parts: readonly string[], from: number): number {
  const end = parts.findIndex((part, i) => i > from && part.replace(/\s/g, '') === '{end}');
  if (end < 0) throw new KubectlError('error parsing jsonpath, unexpected end of range');
  return end;
}

/** Values as the template prints them: with spaces between. */
export const printValues = (values: readonly unknown[]): string =>
  values
    .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
    .join(' ');

const STEP =
  /^(?:\.\.?([\w-]+(?:\\\.[\w./-]+)*)|\.(\*)|\[(\*|-?\d+)\]|\['([^']*)'\]|\[\?\(@\.([\w.-]+)\s*==\s*["']([^"']*)["']\)\])/;

/** The values at a path. Throws a KubectlError. */
export function readPath(path: string, root: unknown): unknown[] {
  let rest = path.replace(/^[@$]/, '');
  if (rest !== '' && !/^[.[]/.test(rest)) rest = `.${rest}`;
  let values: unknown[] = [root];
  while (rest !== '' && rest !== '.') {
    const step = STEP.exec(rest);
    if (!step)
      throw new KubectlError(`error parsing jsonpath {${path}}, not simulated here: ${rest}`);
    const [whole, field, star, index, quoted, filter, wanted] = step;
    const name = (field ?? quoted)?.replaceAll('\\.', '.');
    if (name !== undefined) values = values.flatMap((value) => fieldOf(value, name));
    else if (star !== undefined || index === '*') values = values.flatMap(all);
    else if (index !== undefined)
      values = values.flatMap((value) => all(value).at(Number(index)) ?? []);
    else {
      values = values
        .flatMap(all)
        .filter((value) => readPath(`.${filter}`, value).some((each) => String(each) === wanted));
    }
    rest = rest.slice(whole.length);
  }
  return values;
}

const fieldOf = (value: unknown, name: string): unknown[] => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  const found = (value as Record<string, unknown>)[name];
  return found === undefined ? [] : [found];
};

const all = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];
