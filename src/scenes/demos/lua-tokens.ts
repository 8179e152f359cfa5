/** The words of a Lua script with the lines on which they stand; strings are one word each. */
export interface Token {
  readonly text: string;
  readonly at: number;
  readonly line: number;
}

const space = /\s+|--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*/y;
const word =
  /[A-Za-z_]\w*|\[(=*)\[[\s\S]*?\]\1\]|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|(?:0[xX][\da-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|\.\.\.|\.\.|[=~<>]=|[\s\S]/y;

/** Comments and blanks left out. What is no Lua comes out as single characters. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  while (at < source.length) {
    space.lastIndex = at;
    const blank = space.exec(source)?.[0];
    word.lastIndex = at;
    const text = blank ?? word.exec(source)?.[0] ?? '';
    if (blank === undefined) tokens.push({ text, at, line });
    line += text.split('\n').length - 1;
    at += text.length;
  }
  return tokens;
}
