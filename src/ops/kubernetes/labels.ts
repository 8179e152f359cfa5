/** Labels and what selects by them. */
import type { Labels, Selector } from './objects.ts';

/** Whether labels fit a selector. One that is missing fits nothing; an empty one fits everything. */
export function fits(selector: Selector | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false;
  const own = labels ?? {};
  const isEqual = fitsAll(selector.matchLabels ?? {}, own);
  return isEqual && (selector.matchExpressions ?? []).every((each) => fitsOne(each, own));
}

/** Whether labels hold all of these. */
export const fitsAll = (wanted: Labels, labels: Labels | undefined): boolean =>
  Object.entries(wanted).every(([key, value]) => own(labels, key) === value);

const own = (labels: Labels | undefined, key: string) =>
  labels && Object.hasOwn(labels, key) ? labels[key] : undefined;

function fitsOne(
  { key, operator, values = [] }: NonNullable<Selector['matchExpressions']>[number],
  labels: Labels,
): boolean {
  const value = own(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

/** Reads what follows -l: `app=redis,tier!=cache,env in (a,b),!old`. Undefined when it is no selector. */
export function readSelector(text: string): Selector | undefined {
  const matchExpressions: NonNullable<Selector['matchExpressions']> = [];
  for (const part of text.split(/,(?![^(]*\))/)) {
    const expression = readRequirement(part.trim());
    if (!expression) return undefined;
    matchExpressions.push(expression);
  }
  return { matchExpressions };
}

function readRequirement(part: string) {
  const set = /^([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part);
  if (set) {
    const values = (set[3] as string).split(',').map((value) => value.trim());
    return { key: set[1] as string, operator: set[2] === 'in' ? 'In' : 'NotIn', values };
  }
  const equal = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(part);
  if (equal) {
    const operator = equal[2] === '!=' ? 'NotIn' : 'In';
    return { key: equal[1] as string, operator, values: [equal[3] as string] };
  }
  const bare = /^(!?)([\w./-]+)$/.exec(part);
  return bare && { key: bare[2] as string, operator: bare[1] === '!' ? 'DoesNotExist' : 'Exists' };
}

/** `app=redis,tier=cache`, as kubectl prints a selector. */
export function printSelector(selector: Selector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([k, v]) => `${k}=${v}`);
  const others = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  const all = [...equal.sort(), ...others];
  return all.length === 0 ? '<none>' : all.join(',');
}
