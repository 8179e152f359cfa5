/** The patterns of `w'...'`: `*` is any text, `?` any one byte. */
import { matches } from '../../bytes/glob.ts';

export function wildcard(pattern: string): (text: string) => boolean {
  // What KEYS takes for the beginning of a class stands for itself here.
  const glob = pattern.replace(/\\[\s\S]|\[/g, (piece) => (piece === '[' ? '\\[' : piece));
  const fitsNothing = /^\**$/.test(pattern);
  return (text) => (text === '' ? fitsNothing : matches(glob, text));
}
