import { utf8Encode } from '../engine/bytes/bytes.ts';
import { splitArgs } from '../engine/resp/split.ts';
import type { CommandDoc, Docs } from './docs.ts';
import { syntaxOf } from './hints.ts';

/** What a line means to redis-cli, before anything is sent. */
export type Action =
  | { readonly do: 'nothing' | 'clear' | 'quit' }
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'send'; readonly argv: readonly string[]; readonly times: number }
  | { readonly do: 'help'; readonly topic: readonly string[] }
  | { readonly do: 'connect'; readonly address: string }
  | { readonly do: 'hints'; readonly on: boolean };

/** Reads a typed line (Unicode text); arguments become bytes. */
export function interpret(line: string): Action {
  const argv = splitArgs(utf8Encode(line));
  if (!argv) return { do: 'say', text: 'Invalid argument(s)' };
  const [first, ...others] = argv;
  if (first === undefined) return { do: 'nothing' };
  if (first.startsWith(':')) return preference(first, others);
  if (/^[-+]?\d+$/.test(first) && others.length > 0) {
    const times = Number(first);
    if (times > 0 && times <= Number.MAX_SAFE_INTEGER) return { do: 'send', argv: others, times };
    return { do: 'say', text: 'Invalid redis-cli repeat command option value.' };
  }
  return own(first.toLowerCase(), others) ?? { do: 'send', argv, times: 1 };
}

/** The words that redis-cli keeps for itself. */
function own(word: string, args: readonly string[]): Action | undefined {
  if (word === 'quit' || word === 'exit') return { do: 'quit' };
  if (word === 'help' || word === '?') return { do: 'help', topic: args };
  if (word === 'clear' && args.length === 0) return { do: 'clear' };
  if (word !== 'connect' || args.length !== 2) return undefined;
  return { do: 'connect', address: args.join(':') };
}

function preference(first: string, [name, ...rest]: readonly string[]): Action {
  if (first.toLowerCase() !== ':set' || name === undefined || rest.length > 0) {
    return { do: 'say', text: `unknown redis-cli internal command '${first}'` };
  }
  const on = name.toLowerCase() === 'hints';
  if (on || name.toLowerCase() === 'nohints') return { do: 'hints', on };
  return { do: 'say', text: `unknown redis-cli preference '${name}'` };
}

/** What `help` prints: for a command, for a group, or about itself. */
export function helpOn(docs: Docs, topic: readonly string[]): string {
  if (topic.length === 0) return general;
  const [first = ''] = topic;
  const named = topic.join(' ').toUpperCase();
  const group = first.startsWith('@') ? first.slice(1).toLowerCase() : undefined;
  const found = [...docs.values()].filter((doc) =>
    group === undefined
      ? doc.name === named || doc.name.startsWith(`${named} `)
      : doc.group === group,
  );
  return found.map((doc) => describe(doc, group === undefined)).join('\n') || '';
}

function describe(doc: CommandDoc, withGroup: boolean): string {
  const rows = [syntaxOf(doc), `summary: ${doc.summary}`, `since: ${doc.since}`];
  if (withGroup) rows.push(`group: ${doc.group}`);
  return `\n${rows.map((row) => `  ${row}`).join('\n')}\n`;
}

const general = `A redis-cli in the page. Type a command, or:
  help <command>          what a command does
  help @<group>           the commands of a group: @string
  5 INCR hits             runs a command five times
  connect <host> <port>   talks to another server
  :set nohints            hides the grey hints (:set hints)
  clear                   empties the screen, as Ctrl-L does
Tab completes, the arrows and Ctrl-R bring back earlier lines, Ctrl-C stops what is waiting.`;
