/**
 * The stem of an English word: the Porter2 algorithm, by which `running` and `runs` become `run`.
 * https://snowballstem.org/algorithms/english/stemmer.html
 */

/** The stem of a word in lower case. Words of other alphabets stay as they are. */
export function stem(word: string): string {
  if (word.length <= 2 || !/^[a-z']+$/.test(word)) return word;
  const special = SPECIAL.get(word);
  if (special !== undefined) return special;
  const marked = markYs(word.replace(/^'/, ''));
  const [r1, r2] = regionsOf(marked);
  let stem = withoutPlural(withoutApostrophe(marked));
  if (INVARIANT.has(stem)) return stem;
  stem = withoutPast(stem, r1);
  stem = stem.replace(/(.[^aeiouy])[yY]$/, '$1i');
  stem = replaceSuffix(stem, STEP_2, r1);
  stem = replaceLonger(stem, r1, r2);
  stem = withoutLast(stem, r1, r2);
  return stem.toLowerCase();
}

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['skis', 'ski'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['idly', 'idl'],
  ['gently', 'gentl'],
  ['ugly', 'ugli'],
  ['early', 'earli'],
  ['only', 'onli'],
  ['singly', 'singl'],
  ...['sky', 'news', 'howe', 'atlas', 'cosmos', 'bias', 'andes'].map(
    (word) => [word, word] as const,
  ),
]);

/** What stays as it is once the plural has been taken off. */
const INVARIANT: ReadonlySet<string> = new Set(
  'inning outing canning herring earring proceed exceed succeed'.split(' '),
);

/** A y that is a consonant is marked by its capital letter. */
function markYs(word: string): string {
  let marked = word.replace(/^y/, 'Y');
  // One after another: a marked one is a consonant for the next.
  for (let i = 1; i < marked.length; i++) {
    if (marked[i] === 'y' && /[aeiouy]/.test(marked[i - 1] as string)) {
      marked = `${marked.slice(0, i)}Y${marked.slice(i + 1)}`;
    }
  }
  return marked;
}

/** Where the two regions begin in which suffixes may be taken off. */
function regionsOf(word: string): [r1: number, r2: number] {
  const prefix = /^(gener|commun|arsen)/.exec(word);
  const r1 = prefix ? prefix[0].length : regionAfter(word, 0);
  return [r1, regionAfter(word, r1)];
}

function regionAfter(word: string, from: number): number {
  const match = /[aeiouy][^aeiouy]/.exec(word.slice(from));
  return match ? from + match.index + 2 : word.length;
}

const withoutApostrophe = (word: string): string => word.replace(/('s'|'s|')$/, '');

function withoutPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (/(ied|ies)$/.test(word)) return word.length > 4 ? word.slice(0, -2) : word.slice(0, -1);
  if (/(us|ss)$/.test(word)) return word;
  return /[aeiouy].+s$/.test(word) ? word.slice(0, -1) : word;
}

const isShortSyllable = (word: string): boolean =>
  /[^aeiouy][aeiouy][^aeiouywxY]$/.test(word) || /^[aeiouy][^aeiouy]$/.test(word);

function withoutPast(word: string, r1: number): string {
  const eed = /(eedly|eed)$/.exec(word);
  if (eed) return eed.index >= r1 ? `${word.slice(0, eed.index)}ee` : word;
  const ending = /(ingly|edly|ing|ed)$/.exec(word);
  if (!ending || !/[aeiouy]/.test(word.slice(0, ending.index))) return word;
  const rest = word.slice(0, ending.index);
  if (/(at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (/(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(rest)) return rest.slice(0, -1);
  return rest.length <= r1 && isShortSyllable(rest) ? `${rest}e` : rest;
}

type Replacement = readonly [suffix: string, by: string];

const STEP_2: readonly Replacement[] = [
  ['ization', 'ize'],
  ['ational', 'ate'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['tional', 'tion'],
  ['biliti', 'ble'],
  ['lessli', 'less'],
  ['entli', 'ent'],
  ['ation', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['ousli', 'ous'],
  ['iviti', 'ive'],
  ['fulli', 'ful'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['izer', 'ize'],
  ['ator', 'ate'],
  ['alli', 'al'],
  ['bli', 'ble'],
  ['ogi', 'og'],
  ['li', ''],
];

/** Only the longest suffix counts, whether it may be replaced or not. */
function replaceSuffix(word: string, rules: readonly Replacement[], from: number): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const rest = word.slice(0, -rule[0].length);
  if (rest.length < from) return word;
  if (rule[0] === 'ogi' && !rest.endsWith('l')) return word;
  if (rule[0] === 'li' && !/[cdeghkmnrt]$/.test(rest)) return word;
  return rest + rule[1];
}

const STEP_3: readonly Replacement[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['alize', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ness', ''],
  ['ful', ''],
];

const STEP_4 = 'ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic'.split(
  ' ',
);

function replaceLonger(word: string, r1: number, r2: number): string {
  let stem = word;
  if (stem.endsWith('ative')) {
    if (stem.length - 5 >= r2) stem = stem.slice(0, -5);
  } else stem = replaceSuffix(stem, STEP_3, r1);
  const suffix = STEP_4.find((each) => stem.endsWith(each));
  if (suffix === undefined || stem.length - suffix.length < r2) return stem;
  const rest = stem.slice(0, -suffix.length);
  return suffix === 'ion' && !/[st]$/.test(rest) ? stem : rest;
}

function withoutLast(word: string, r1: number, r2: number): string {
  const rest = word.slice(0, -1);
  if (word.endsWith('e')) {
    const isLong = rest.length >= r2 || (rest.length >= r1 && !isShortSyllable(rest));
    return isLong ? rest : word;
  }
  return word.endsWith('ll') && rest.length >= r2 ? rest : word;
}
