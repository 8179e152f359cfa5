/** How near to one another words are, by the places where each of them stands. */
/** How near to one another words must be. */
export interface Nearness {
  /** So many other words between them at most; undefined is any number. */
  readonly slop: number | undefined;
  readonly isInOrder: boolean;
}

type Places = readonly number[];

/** Whether one place of each word can be taken so that all are near enough. */
export function closeTogether(words: readonly Places[], { slop, isInOrder }: Nearness): boolean {
  if (words.length < 2) return true;
  const reach = slop === undefined ? Infinity : slop + words.length - 1;
  return isInOrder ? isCloseInOrder(words, reach) : isCloseInAnyOrder(words, reach);
}

/** Places may not fall, but one may be taken twice. */
function isCloseInOrder([first = [], ...others]: readonly Places[], reach: number): boolean {
  return first.some((start) => {
    let place = start;
    for (const places of others) {
      const next = places.find((each) => each >= place);
      if (next === undefined) return false;
      place = next;
    }
    return place - start <= reach;
  });
}

/** The words that stand in a window of this width, moved from place to place. */
function isCloseInAnyOrder(words: readonly Places[], reach: number): boolean {
  const all = words.flatMap((places, word) => places.map((place) => ({ place, word })));
  all.sort((a, b) => a.place - b.place);
  const inside = new Array<number>(words.length).fill(0);
  let [missing, from] = [words.length, 0];
  for (const { place, word } of all) {
    inside[word] = (inside[word] ?? 0) + 1;
    if (inside[word] === 1) missing--;
    while (place - (all[from] as { place: number }).place > reach) {
      const left = all[from++]?.word as number;
      inside[left] = (inside[left] ?? 0) - 1;
      if (inside[left] === 0) missing++;
    }
    // Not all of them may stand at one and the same place.
    if (missing === 0 && (all[from] as { place: number }).place !== place) return true;
  }
  return false;
}

/** The distance by which scores are divided: of neighbours the least gaps, as one length. */
export function spread(words: readonly Places[]): number {
  const present = words.filter((places) => places.length > 0);
  let squares = 0;
  for (let i = 1; i < present.length; i++) {
    const gap = leastGap(present[i - 1] as Places, present[i] as Places);
    squares += gap * gap;
  }
  return Math.max(1, Math.floor(Math.sqrt(squares)));
}

function leastGap(a: Places, b: Places): number {
  let [i, j, least] = [0, 0, Infinity];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] as number, b[j] as number];
    least = Math.min(least, Math.abs(x - y));
    if (x < y) i++;
    else j++;
  }
  return least;
}
