/**
 * The manifest of an append-only file in several parts: a base, which holds everything up to some
 * moment, and what was written since, oldest first.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/#log-rewriting
 */
import { parseSafeInteger } from '../bytes/numbers.ts';
import { splitArgs } from '../resp/split.ts';

export interface AofPart {
  readonly name: string;
  readonly sequence: number;
}

export interface AofManifest {
  readonly base: AofPart | undefined;
  readonly increments: readonly AofPart[];
}

export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

export function printManifest({ base, increments }: AofManifest): string {
  const line = ({ name, sequence }: AofPart, type: string) =>
    `file ${name} seq ${sequence} type ${type}\n`;
  return (base ? line(base, 'b') : '') + increments.map((part) => line(part, 'i')).join('');
}

/** Reads a manifest; parts of the past are left out. Throws a ManifestError with Redis's reason. */
export function parseManifest(text: string): AofManifest {
  let base: AofPart | undefined;
  const increments: AofPart[] = [];
  if (text === '') throw new ManifestError('Found an empty AOF manifest');
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const { type, ...part } = parseLine(line);
    if (type === 'b') {
      if (base) throw new ManifestError('Found duplicate base file information');
      base = part;
    } else if (type === 'i') {
      if (part.sequence <= (increments.at(-1)?.sequence ?? 0)) {
        throw new ManifestError('Found a non-monotonic sequence number');
      }
      increments.push(part);
    } else if (type !== 'h') throw new ManifestError('Unknown AOF file type');
  }
  return { base, increments };
}

function parseLine(line: string): AofPart & { type: string } {
  const words = splitArgs(line) ?? [];
  const facts = new Map<string, string>();
  for (let i = 0; i + 1 < words.length; i += 2)
    facts.set(words[i] as string, words[i + 1] as string);
  const name = facts.get('file');
  const sequence = parseSafeInteger(facts.get('seq') ?? '');
  const type = facts.get('type');
  if (words.length % 2 > 0 || !name || !sequence || !type) {
    throw new ManifestError('Invalid AOF manifest file format');
  }
  if (/[/\\]/.test(name)) throw new ManifestError("File can't be a path, just a filename");
  return { name, sequence, type };
}
