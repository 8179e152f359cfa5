/** The patterns of `w'...'`: `*` is any text, `?` any one byte. */
export function wildcard(pattern: string): (text: string) => boolean {
  const source = pattern.replace(/\\([\s\S])|[\s\S]/g, (char, escaped?: string) => {
    if (escaped === undefined && char === '*') return '[\\s\\S]*';
    if (escaped === undefined && char === '?') return '[\\s\\S]';
    return (escaped ?? char).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  });
  const expression = new RegExp(`^${source}$`);
  return (text) => expression.test(text);
}
