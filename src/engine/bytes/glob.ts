/** Patterns as KEYS, SCAN MATCH, PSUBSCRIBE, CONFIG GET and ACL rules use them. */

/**
 * Whether the whole `text` matches `pattern`: `*`, `?`, `[abc]`, `[a-z]`, `[^a]`, and `\` before a
 * character that is meant literally. As in Redis an empty text matches only an empty pattern.
 * Takes time O(pattern × text) at worst: only the last star that was passed is ever tried again. More
 * than a thousand stars, one behind the other, match nothing.
 * https://redis.io/docs/latest/commands/keys/
 */
export function matches(pattern: string, text: string, { nocase = false } = {}): boolean {
  if (text === '') return pattern === '';
  let p = 0;
  let t = 0;
  let afterStar = -1;
  let starText = 0;
  let stars = 0;
  while (t < text.length) {
    if (pattern.charCodeAt(p) === STAR) {
      p = skipStars(pattern, p);
      if (p === pattern.length) return true;
      if (++stars > MOST_STARS) return false;
      afterStar = p;
      starText = t;
      continue;
    }
    const next = p < pattern.length ? matchOne(pattern, p, text.charCodeAt(t), nocase) : -1;
    if (next >= 0) {
      p = next;
      t++;
    } else if (afterStar >= 0) {
      p = afterStar;
      t = ++starText;
    } else {
      return false;
    }
  }
  return skipStars(pattern, p) === pattern.length;
}

const MOST_STARS = 1000;
const STAR = 0x2a;
const MINUS = 0x2d;
const QUESTION = 0x3f;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const CARET = 0x5e;

function skipStars(pattern: string, at: number): number {
  let p = at;
  while (pattern.charCodeAt(p) === STAR) p++;
  return p;
}

/** Where the pattern goes on when `char` matches what stands at `at`, or -1. */
function matchOne(pattern: string, at: number, char: number, nocase: boolean): number {
  let p = at;
  switch (pattern.charCodeAt(p)) {
    case QUESTION:
      return p + 1;
    case OPEN:
      return matchClass(pattern, p + 1, char, nocase);
    case BACKSLASH:
      // At the end of the pattern a backslash stands for itself.
      if (p + 1 < pattern.length) p++;
  }
  return same(pattern.charCodeAt(p), char, nocase) ? p + 1 : -1;
}

/**
 * Matches a class from behind its "[". Redis's oddities included: a class that is never closed ends
 * with the pattern, "[a-]" is a range up to "]", and an escaped character never ignores case.
 */
function matchClass(pattern: string, at: number, char: number, nocase: boolean): number {
  const negated = pattern.charCodeAt(at) === CARET;
  let matched = false;
  let p = negated ? at + 1 : at;
  for (; p < pattern.length && pattern.charCodeAt(p) !== CLOSE; p++) {
    if (pattern.charCodeAt(p) === BACKSLASH && p + 1 < pattern.length) {
      p++;
      if (pattern.charCodeAt(p) === char) matched = true;
    } else if (pattern.charCodeAt(p + 1) === MINUS && p + 2 < pattern.length) {
      if (inRange(pattern.charCodeAt(p), pattern.charCodeAt(p + 2), char, nocase)) matched = true;
      p += 2;
    } else if (same(pattern.charCodeAt(p), char, nocase)) {
      matched = true;
    }
  }
  if (matched === negated) return -1;
  return Math.min(p + 1, pattern.length);
}

/** Bytes are signed here as `char` is on x86, so that [a-\xff] runs downwards from "a" to -1. */
function inRange(one: number, other: number, char: number, nocase: boolean): boolean {
  const fold = nocase ? lower : signed;
  const from = fold(Math.min(signed(one), signed(other)));
  const to = fold(Math.max(signed(one), signed(other)));
  const c = fold(char);
  return from <= c && c <= to;
}

const same = (a: number, b: number, nocase: boolean): boolean =>
  a === b || (nocase && lower(a) === lower(b));

const signed = (byte: number): number => (byte << 24) >> 24;

/** ASCII only, as tolower() in the C locale. */
const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : signed(byte));
