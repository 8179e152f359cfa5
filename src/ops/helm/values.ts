/**
 * Values of a release: what `--set` says, what files say, laid over one another.
 * https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set
 */
import { isMap, type Value, type Values } from './chart.ts';

/** The second laid over the first: maps are merged, null takes away, all else replaces. */
export function overlay(under: Values, over: Values): Values {
  const merged: Record<string, Value> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = Object.hasOwn(merged, name) ? merged[name] : undefined;
    if (value === null) delete merged[name];
    else merged[name] = isMap(value) && isMap(below) ? overlay(below, value) : value;
  }
  return merged;
}

/** A mistake in what stands after `--set`. */
export class SetError extends Error {
  override readonly name = 'SetError';
}

/** "auth.password=secret,replica.replicaCount=2" as values. Throws a SetError. */
export function readSet(text: string, isString = false): Values {
  let values: Values = {};
  for (const pair of splitAt(text, ',')) {
    const [path = '', ...rest] = splitAt(pair, '=');
    if (rest.length === 0) {
      throw new SetError(`key ${JSON.stringify(path)} has no value`);
    }
    values = overlayKeepingNull(values, placed(pathOf(path), readValue(rest.join('='), isString)));
  }
  return values;
}

/** Null is kept: it takes away a default later. */
function overlayKeepingNull(under: Values, over: Values): Values {
  const merged: Record<string, Value> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = Object.hasOwn(merged, name) ? merged[name] : undefined;
    if (isMap(value) && isMap(below)) merged[name] = overlayKeepingNull(below, value);
    else if (Array.isArray(value) && Array.isArray(below)) {
      merged[name] = Array.from({ length: Math.max(below.length, value.length) }, (_, i) =>
        value[i] === undefined || value[i] === null ? (below[i] ?? null) : (value[i] as Value),
      );
    } else merged[name] = value;
  }
  return merged;
}

/** Splits outside of braces; a backslash takes away a character's meaning. */
function splitAt(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string;
    if (letter === '\\' && i + 1 < text.length) {
      parts[parts.length - 1] += letter + text[++i];
      continue;
    }
    if (letter === '{') depth++;
    if (letter === '}') depth--;
    if (letter === separator && depth <= 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

type Step = string | number;

/** "master.nodes[1]" as steps. */
function pathOf(text: string): Step[] {
  return splitAt(text, '.').flatMap((part) => {
    const [, name = part, places = ''] = /^(.*?)((?:\[\d+\])*)$/.exec(part) ?? [];
    const numbers = [...places.matchAll(/\[(\d+)\]/g)].map(([, at]) => Number(at));
    return [plain(name), ...numbers];
  });
}

function placed([step, ...rest]: readonly Step[], value: Value): Values {
  const inner = rest.length === 0 ? value : placed(rest, value);
  if (typeof step !== 'number') return { [step ?? '']: inner };
  const list: Value[] = Array.from({ length: step + 1 }, () => null);
  list[step] = inner;
  return list as unknown as Values;
}

function readValue(text: string, isString: boolean): Value {
  const list = /^\{(.*)\}$/s.exec(text);
  if (list) {
    const inner = list[1] ?? '';
    return inner === '' ? [] : splitAt(inner, ',').map((each) => readValue(each.trim(), isString));
  }
  if (isString) return plain(text);
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  if (/^(0|-?[1-9]\d*)$/.test(text)) return Number(text);
  return plain(text);
}

const plain = (text: string): string => text.replace(/\\(.)/gs, '$1');
