/** How many characters must be changed, added or left out to make one word of another. */
import { utf8Decode } from '../../bytes/bytes.ts';

/** Whether `most` changes are enough. */
export function isWithin(from: string, to: string, most: number): boolean {
  const [a, b] = [Array.from(utf8Decode(from)), Array.from(utf8Decode(to))];
  if (Math.abs(a.length - b.length) > most) return false;
  return (lastRow(a, b)[b.length] as number) <= most;
}

/** The changes that make the first word of each beginning of the second. */
function lastRow(a: readonly string[], b: readonly string[]): number[] {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  a.forEach((char, i) => {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const same = (row[j] as number) + (char === b[j] ? 0 : 1);
      next.push(Math.min(same, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  });
  return row;
}
