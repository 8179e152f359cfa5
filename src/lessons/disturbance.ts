/**
 * Whether what the learner did in the console gets into the way of an example. Reading never does,
 * and neither does writing a key that the example does not speak of.
 */
import { utf8Decode } from '../engine/bytes/bytes.ts';
import type { Reply } from '../engine/resp/reply.ts';
import { isList, plain } from '../quiz/compare.ts';
import type { LogEntry } from '../quiz/world.ts';

export type Ask = (argv: readonly string[]) => Promise<Reply>;

/** `text` is what is about to run, with all that it builds on. */
export async function isDisturbed(
  log: readonly LogEntry[],
  text: string,
  ask: Ask,
): Promise<boolean> {
  const commands = new Map(log.map(({ argv }) => [argv.join(' '), argv]));
  for (const argv of commands.values()) {
    if (await gets(argv, text, ask)) return true;
  }
  return false;
}

async function gets(argv: readonly string[], text: string, ask: Ask): Promise<boolean> {
  const [name = ''] = argv;
  if (!settings.test(name) && !scripts.test(name) && !(await writes(name, ask))) return false;
  const keys = plain(await ask(['COMMAND', 'GETKEYS', ...argv]));
  // A command that writes without naming keys may have written any.
  if (!isList(keys)) return true;
  const words = new Set(text.split(/[\s"']+/));
  return keys.some((key) => words.has(utf8Decode(String(key))));
}

const settings = /^(config|acl|function|script)$/i;
const scripts = /^(eval|evalsha|fcall)$/i;

async function writes(name: string, ask: Ask): Promise<boolean> {
  const info = plain(await ask(['COMMAND', 'INFO', name]));
  const [row] = isList(info) ? info : [];
  const flags = row !== undefined && isList(row) ? row[2] : undefined;
  return flags !== undefined && isList(flags) && flags.map(String).includes('write');
}
