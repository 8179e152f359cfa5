/** Which words of a reply are keys, so that a click can inspect them; and which lines are errors. */
import { splitArgs } from '../engine/resp/split.ts';

export interface Piece {
  readonly text: string;
  /** The key that this word names, in bytes. */
  readonly key?: string;
  readonly isError?: boolean;
}

/** A printed reply in pieces; joined, they are the text again. */
export function piecesOf(argv: readonly string[], text: string): Piece[] {
  const answersKeys = keyRules[(argv[0] ?? '').toLowerCase()];
  if (!answersKeys && !text.includes('(error)')) return [{ text }];
  const lines = text.split('\n');
  return joined(
    lines.flatMap((line, i) => [
      ...piecesOfLine(line, answersKeys?.(i) ?? false),
      ...(i < lines.length - 1 ? [{ text: '\n' }] : []),
    ]),
  );
}

/** Whether the quoted word on the i-th line is a key. */
type KeyRule = (line: number) => boolean;

const every: KeyRule = () => true;
const first: KeyRule = (line) => line === 0;

const keyRules: Readonly<Record<string, KeyRule>> = {
  keys: every,
  randomkey: every,
  // The first line is the cursor.
  scan: (line) => line > 0,
  ...Object.fromEntries(
    'blpop brpop bzpopmin bzpopmax lmpop blmpop zmpop bzmpop'
      .split(' ')
      .map((name) => [name, first]),
  ),
};

function piecesOfLine(line: string, hasKey: boolean): Piece[] {
  const error = line.indexOf('(error)');
  if (error >= 0 && /^\s*(?:\d+[)#~] )*$/.test(line.slice(0, error))) {
    return [{ text: line.slice(0, error) }, { text: line.slice(error), isError: true }];
  }
  const [quoted] = (hasKey && /"(?:\\.|[^"\\])*"$/.exec(line)) || [];
  const [key] = (quoted && splitArgs(quoted)) || [];
  if (quoted === undefined || key === undefined) return [{ text: line }];
  return [{ text: line.slice(0, -quoted.length) }, { text: quoted, key }];
}

/** Plain text in as few pieces as may be. */
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    const plain = piece.key === undefined && !piece.isError;
    if (plain && last && last.key === undefined && !last.isError) {
      out[out.length - 1] = { text: last.text + piece.text };
    } else if (piece.text !== '') out.push(piece);
  }
  return out;
}
