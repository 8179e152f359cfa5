/** Names and ids that are the same for the same words: a lab plays the same way every time. */

function hash(words: string, seed: number): number {
  let state = 0x811c9dc5 ^ seed;
  for (let i = 0; i < words.length; i++) {
    state = Math.imul(state ^ words.charCodeAt(i), 0x01000193) >>> 0;
  }
  // Short words differ in their last bits only, until these are spread.
  state = Math.imul(state ^ (state >>> 16), 0x45d9f3b) >>> 0;
  return (state ^ (state >>> 16)) >>> 0;
}

/** A uid. */
export function identify(words: string): string {
  const hex = [1, 2, 3, 4].map((seed) => hash(words, seed).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The letters of generated names: no vowels, so that no words come out. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** So many letters of the end of a generated name. */
export function suffix(words: string | number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    text += ALPHABET[hash(String(words), i + 1) % ALPHABET.length];
  }
  return text;
}

/** The hash of a template, as pods and revisions carry it; whatever the order of its fields. */
export const templateHash = (template: unknown): string =>
  suffix(JSON.stringify(template, inOrder), 10);

/** For JSON.stringify: the fields of maps in the order of their names. */
export const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
