/** Finds what a path leads to in a document. */
import {
  isContainer,
  isObject,
  type Json,
  type JsonArray,
  type JsonContainer,
  removeMember,
} from '../values/json.ts';
import { type AnyOperand, compares, type Term } from './json-filter.ts';
import type { Step } from './json-path.ts';

/** A value, and where in its document it is. */
export interface Match {
  readonly value: Json;
  /** Where it is held; the root is held by nobody. */
  readonly place: Place | undefined;
}

interface Place {
  readonly holder: JsonContainer;
  readonly key: string | number;
  /** Where the holder is. */
  readonly outer: Place | undefined;
}

/** Everything that the steps lead to, in the order of the document. */
export function select(root: Json, steps: readonly Step[]): Match[] {
  return walk([{ value: root, place: undefined }], steps, root);
}

function walk(from: readonly Match[], steps: readonly Step[], root: Json): Match[] {
  let matches = from;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as Step;
    if (step.kind === 'descend') {
      const next = steps[++i] as Step;
      matches = matches.flatMap((match) =>
        belowOf(match).flatMap((each) => take(each, next, root)),
      );
    } else if (matches.length === 1) matches = take(matches[0] as Match, step, root);
    else matches = matches.flatMap((match) => take(match, step, root));
  }
  return matches as Match[];
}

/** A value and everything in it, outer before inner. */
function belowOf(match: Match): Match[] {
  const all = [match];
  for (const child of childrenOf(match)) {
    if (isContainer(child.value)) all.push(...belowOf(child));
  }
  return all;
}

function childrenOf(match: Match): Match[] {
  const { value } = match;
  if (Array.isArray(value)) return value.map((_, i) => itemOf(match, value, i));
  if (!isObject(value)) return [];
  return Array.from(value.keys(), (key) => memberOf(match, key)).filter((each) => each !== null);
}

const itemOf = (match: Match, array: JsonArray, key: number): Match => ({
  value: array[key] as Json,
  place: { holder: array, key, outer: match.place },
});

function memberOf({ value, place }: Match, key: string): Match | null {
  const member = isObject(value) ? value.get(key) : undefined;
  if (member === undefined) return null;
  return { value: member, place: { holder: value as JsonContainer, key, outer: place } };
}

/** Where one step leads to from a value. */
function take(match: Match, step: Step, root: Json): Match[] {
  const { value } = match;
  switch (step.kind) {
    case 'members':
      return step.names.map((name) => memberOf(match, name)).filter((each) => each !== null);
    case 'all':
      return childrenOf(match);
    case 'items':
      return Array.isArray(value) ? itemsOf(match, value, step.indexes) : [];
    case 'slice':
      return Array.isArray(value) ? itemsOf(match, value, sliceOf(step, value.length)) : [];
    case 'filter': {
      const holds = (each: Match) => fulfils(each.value, step.term, root);
      // Of an array the items that fulfil it; an object is asked as a whole.
      if (Array.isArray(value)) return childrenOf(match).filter(holds);
      return isObject(value) && holds(match) ? [match] : [];
    }
    case 'descend':
      return [];
  }
}

function itemsOf(match: Match, array: JsonArray, indexes: readonly number[]): Match[] {
  const places = indexes.map((index) => (index < 0 ? array.length + index : index));
  return places.filter((at) => at >= 0 && at < array.length).map((at) => itemOf(match, array, at));
}

function sliceOf({ from, to, by }: Step & { kind: 'slice' }, length: number): number[] {
  const place = (index: number) =>
    Math.max(0, Math.min(index < 0 ? length + index : index, length));
  const indexes: number[] = [];
  for (let i = place(from ?? 0); i < place(to ?? length); i += by) indexes.push(i);
  return indexes;
}

function fulfils(value: Json, term: Term<Step>, root: Json): boolean {
  switch (term.kind) {
    case 'and':
      return term.terms.every((each) => fulfils(value, each, root));
    case 'or':
      return term.terms.some((each) => fulfils(value, each, root));
    case 'not':
      return !fulfils(value, term.term, root);
    case 'exists':
      return reach(term.path, value, root) !== undefined;
    case 'compare': {
      const left = reach(term.left, value, root);
      const right = reach(term.right, value, root);
      if (left === undefined || right === undefined) return false;
      return compares(left, term.operator, right);
    }
  }
}

/** What an operand stands for; of several values the first. */
function reach(operand: AnyOperand<Step>, value: Json, root: Json): Json | undefined {
  if (operand.kind === 'literal') return operand.value;
  const from = operand.fromRoot ? root : value;
  return walk([{ value: from, place: undefined }], operand.steps, root)[0]?.value;
}

/** Puts another value where a match is; not for the root. */
export function replace({ place }: Match, value: Json): void {
  if (!place) return;
  if (Array.isArray(place.holder)) place.holder[place.key as number] = value;
  else place.holder.set(place.key as string, value);
}

/** Each place once, and none that is inside another. */
export function outermost(matches: readonly Match[]): Match[] {
  const seen = new Map<JsonContainer, Set<string | number>>();
  const isChosen = ({ holder, key }: Place) => seen.get(holder)?.has(key) === true;
  const unique = matches.filter(({ place }) => {
    if (!place || isChosen(place)) return !place;
    seen.set(place.holder, (seen.get(place.holder) ?? new Set()).add(place.key));
    return true;
  });
  return unique.filter(({ place }) => {
    for (let outer = place?.outer; outer; outer = outer.outer) if (isChosen(outer)) return false;
    return true;
  });
}

/** Takes matches out of their document; none of them is the root. Returns how many went. */
export function remove(matches: readonly Match[]): number {
  const gone = outermost(matches);
  const backwards = gone.toSorted((a, b) => indexOf(b) - indexOf(a));
  for (const { place } of backwards) {
    if (!place) continue;
    if (Array.isArray(place.holder)) place.holder.splice(place.key as number, 1);
    else removeMember(place.holder, place.key as string);
  }
  return gone.length;
}

/** Items of an array go from the end, so that the others keep their places. */
const indexOf = ({ place }: Match): number => (typeof place?.key === 'number' ? place.key : -1);
