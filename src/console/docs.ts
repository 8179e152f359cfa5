import { MapReply, type Reply, SetReply, Status, Verbatim } from '../engine/resp/reply.ts';

/**
 * What a server says about its commands in COMMAND DOCS, read from either protocol: the source of
 * hints, completion and `help`. https://redis.io/docs/latest/commands/command-docs/
 */
export interface CommandDoc {
  /** In capitals, a subcommand after its container: `CONFIG SET`. */
  readonly name: string;
  readonly summary: string;
  readonly since: string;
  readonly group: string;
  readonly args: readonly Arg[];
}

/** One argument of the tree that describes a command's syntax. */
export interface Arg {
  /** What stands for the value in a syntax line. */
  readonly name: string;
  /** string, integer, double, key, pattern, unix-time, pure-token, oneof or block. */
  readonly type: string;
  /** The word that introduces the value, or that is all of it. */
  readonly token?: string;
  readonly optional: boolean;
  readonly multiple: boolean;
  /** When repeated, the token is too. */
  readonly multipleToken: boolean;
  /** How many times it must come, where an argument before it has said so (numkeys). */
  readonly count?: number;
  /** The choices of a oneof, the parts of a block. */
  readonly args: readonly Arg[];
}

/** The commands of a server by name. Containers without subcommands of their own are left out. */
export type Docs = ReadonlyMap<string, CommandDoc>;

/** Reads the reply of COMMAND DOCS; what it does not understand it leaves out. */
export function readDocs(reply: Reply): Docs {
  const docs = new Map<string, CommandDoc>();
  for (const [name, details] of pairsOf(reply)) addDoc(docs, textOf(name), fieldsOf(details));
  return docs;
}

type Fields = ReadonlyMap<string, Reply>;

function addDoc(docs: Map<string, CommandDoc>, name: string, fields: Fields): void {
  const subcommands = pairsOf(fields.get('subcommands'));
  for (const [sub, details] of subcommands) addDoc(docs, textOf(sub), fieldsOf(details));
  const args = readArgs(fields.get('arguments'));
  if (subcommands.length > 0 && args.length === 0) return;
  const shown = name.replaceAll('|', ' ').toUpperCase();
  docs.set(shown, {
    name: shown,
    summary: textOf(fields.get('summary')),
    since: textOf(fields.get('since')),
    group: textOf(fields.get('group')),
    args,
  });
}

function readArgs(reply: Reply | undefined): Arg[] {
  return itemsOf(reply).map((item) => {
    const fields = fieldsOf(item);
    const flags = itemsOf(fields.get('flags')).map(textOf);
    const token = fields.get('token');
    return {
      name: textOf(fields.get('display_text') ?? fields.get('name')),
      type: textOf(fields.get('type')),
      ...(token !== undefined && { token: textOf(token) }),
      optional: flags.includes('optional'),
      multiple: flags.includes('multiple'),
      multipleToken: flags.includes('multiple_token'),
      args: readArgs(fields.get('arguments') ?? fields.get('value')),
    };
  });
}

const fieldsOf = (reply: Reply): Fields =>
  new Map(pairsOf(reply).map(([name, value]) => [textOf(name), value]));

/** The entries of a map, which RESP2 answers as a flat array. */
function pairsOf(reply: Reply | undefined): readonly (readonly [Reply, Reply])[] {
  if (reply instanceof MapReply) return reply.entries;
  const items = itemsOf(reply);
  return Array.from({ length: items.length >> 1 }, (_, i) => [
    items[2 * i] as Reply,
    items[2 * i + 1] as Reply,
  ]);
}

function itemsOf(reply: Reply | undefined): readonly Reply[] {
  if (reply instanceof SetReply) return reply.items;
  return Array.isArray(reply) ? reply : [];
}

function textOf(reply: Reply | undefined): string {
  if (reply instanceof Status || reply instanceof Verbatim) return reply.text;
  return typeof reply === 'string' ? reply : '';
}
