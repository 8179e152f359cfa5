/** Functions of PromQL that write labels. */
import type { Labels } from './series.ts';
import { PromqlError } from './tokens.ts';
import { grouped, type PromqlFunction, type Value, type Vector, vector } from './value.ts';

export const labelFunctions: Readonly<Record<string, PromqlFunction>> = {
  label_replace: {
    takes: ['instant vector', 'string', 'string', 'string', 'string'],
    gives: 'instant vector',
    run([points, ...texts]) {
      const [to = '', replacement = '', from = '', pattern = ''] = texts.map(textOf);
      const expression = readPattern(pattern);
      checkName(to, 'label_replace');
      return relabelled(points as Vector, to, (labels) => {
        const found = expression.exec(labels.get(from) ?? '');
        return found ? filledIn(replacement, found) : undefined;
      });
    },
  },
  label_join: {
    takes: ['instant vector', 'string', 'string', 'string'],
    optional: 1,
    isOpen: true,
    gives: 'instant vector',
    run([points, ...texts]) {
      const [to = '', separator = '', ...from] = texts.map(textOf);
      checkName(to, 'label_join');
      const join = (labels: Labels) => from.map((name) => labels.get(name) ?? '').join(separator);
      return relabelled(points as Vector, to, join);
    },
  },
};

const textOf = (value: Value): string => (value.type === 'string' ? value.value : '');

function checkName(name: string, where: string): void {
  if (/^[a-zA-Z_]\w*$/.test(name)) return;
  throw new PromqlError(`invalid destination label name in ${where}(): ${name}`);
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`, 's');
  } catch {
    throw new PromqlError(`invalid regular expression in label_replace(): ${text}`);
  }
}

/** `$1` and `${name}` stand for groups of what was found, `$$` for a dollar; others for nothing. */
const filledIn = (text: string, found: RegExpExecArray): string =>
  text.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
    const name = bare ?? braced;
    if (name === undefined) return whole === '$$' ? '$' : whole;
    return (/^\d+$/.test(name) ? found[Number(name)] : found.groups?.[name]) ?? '';
  });

/** Writes a label of each sample; undefined leaves it. An empty label is as if not there. */
function relabelled(
  { points }: Vector,
  name: string,
  textFor: (labels: Labels) => string | undefined,
): Value {
  const made = points.map((point) => {
    const text = textFor(point.labels);
    const labels = new Map(point.labels);
    if (text === '') labels.delete(name);
    else if (text !== undefined) labels.set(name, text);
    return { labels, value: point.value };
  });
  if (grouped(made, ({ labels }) => labels).length < made.length) {
    throw new PromqlError('vector cannot contain metrics with the same labelset');
  }
  return vector(made);
}
