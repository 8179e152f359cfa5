/** Runs a Lua text of the scratchpad on a server: a script by EVAL, a library by calling its functions. */
import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { RedisError } from '../engine/errors.ts';
import { printReply } from '../engine/resp/print.ts';
import { MapReply, type Reply, SetReply } from '../engine/resp/reply.ts';
import { isLibrary, type LuaWords, wordsIn } from '../runtimes/lua-text.ts';

type Send = (argv: readonly string[]) => Promise<Reply>;

/** What it has answered, as redis-cli prints it. Throws where the server refuses. */
export async function runLua(text: string, words: LuaWords, send: Send): Promise<string> {
  const ask = async (...argv: string[]) => {
    const reply = await send(argv);
    if (reply instanceof RedisError) throw new Error(utf8Decode(reply.message));
    return reply;
  };
  const [keys, args] = [wordsIn(words.keys), wordsIn(words.args)];
  const rest = [String(keys.length), ...keys, ...args];
  if (!isLibrary(text)) return printed(await ask('EVAL', utf8Encode(text), ...rest));
  const name = await ask('FUNCTION', 'LOAD', 'REPLACE', utf8Encode(text));
  const shown = [`Loaded ${printed(name)}`];
  const listed = await ask('FUNCTION', 'LIST', 'LIBRARYNAME', String(name));
  // With the quotes that were typed.
  const typed = [String(keys.length), words.keys.trim(), words.args.trim()]
    .filter((word) => word !== '')
    .join(' ');
  for (const called of functionsIn(listed)) {
    shown.push(`> FCALL ${called} ${typed}`);
    shown.push(printed(await send(['FCALL', called, ...rest])));
  }
  return shown.join('\n');
}

const printed = (reply: Reply): string => utf8Decode(printReply(reply));

/** The names of functions in the reply of FUNCTION LIST, to which one library has been asked for. */
function functionsIn(listed: Reply): string[] {
  const [library = null] = itemsOf(listed);
  return itemsOf(fieldOf(library, 'functions'))
    .map((each) => String(fieldOf(each, 'name')))
    .sort();
}

/** A field of a map, which RESP2 sends as a flat array. */
function fieldOf(map: Reply, name: string): Reply {
  if (map instanceof MapReply) return map.entries.find(([key]) => key === name)?.[1] ?? null;
  const items = itemsOf(map);
  return items[items.indexOf(name) + 1] ?? null;
}

const itemsOf = (reply: Reply): readonly Reply[] =>
  reply instanceof SetReply ? reply.items : Array.isArray(reply) ? (reply as Reply[]) : [];
