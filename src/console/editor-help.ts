/**
 * What editors ask of a server: its commands, its directives, and whether it could read a script. The
 * server is one of its own, so that nothing shows where the reader looks.
 */

import type { EditorHelp, Mark, Suggestion } from '../editor/help.ts';
import type { EditorKind } from '../editor/kinds.ts';
import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { RedisError } from '../engine/errors.ts';
import { MapReply, type Reply } from '../engine/resp/reply.ts';
import { applyConf } from '../runtimes/apply-conf.ts';
import { syntaxFaults } from '../runtimes/syntax.ts';
import { Client } from '../wire/client.ts';
import { startWorld } from '../wire/link.ts';
import { complete } from './complete.ts';
import { type Docs, readDocs } from './docs.ts';
import { syntaxOf } from './hints.ts';

/** Starts the server. */
export async function askForHelp(start: typeof startWorld = startWorld): Promise<EditorHelp> {
  const world = start({ topology: { kind: 'standalone' }, seed: 1, rate: 0 });
  const client = new Client(world.dial, '127.0.0.1:6379');
  const [docs, directives, categories] = await Promise.all([
    client.call('COMMAND', 'DOCS').then(readDocs),
    client.call('CONFIG', 'GET', '*').then(pairsOf),
    client.call('ACL', 'CAT').then(textsOf),
  ]);
  const byMethod = methodsOf(docs);
  return {
    commands(line) {
      const { start, candidates } = complete(docs, utf8Encode(line));
      const all = candidates.map(({ text, ...rest }) => ({ text, ...rest }));
      return { start, all };
    },
    command: (name) => byMethod.get(joined(name)),
    directives,
    categories,
    check: (kind, text) => check(kind, text, (argv) => client.send(argv)),
  };
}

/** `CONFIG SET` is found as configset: clients write config_set and configSet. */
const methodsOf = (docs: Docs): ReadonlyMap<string, Suggestion> =>
  new Map(
    [...docs.values()].map((doc) => [
      joined(doc.name),
      { text: doc.name, syntax: syntaxOf(doc), meaning: doc.summary },
    ]),
  );

const joined = (name: string): string => name.replace(/[\s_|-]/g, '').toLowerCase();

function check(kind: EditorKind, text: string, send: Client['send']): Promise<readonly Mark[]> {
  if (kind === 'lua') return checkLua(text, send);
  return kind === 'conf' ? checkConf(text, send) : syntaxFaults(kind, text);
}

/** The server is given each directive; files and ports are judged where they are. */
async function checkConf(text: string, send: Client['send']): Promise<readonly Mark[]> {
  const applied = await applyConf(text, send);
  return applied.flatMap(({ line, directive, outcome, message = '' }) =>
    outcome === 'refused' && !/^(tls-.*|port|bind|dir|aclfile)$/.test(directive)
      ? [{ line, message }]
      : [],
  );
}

/** The server compiles what it is to keep, and says where it cannot. */
async function checkLua(script: string, send: Client['send']): Promise<readonly Mark[]> {
  if (script.trim() === '') return [];
  const isLibrary = /^#!\s*lua\s+name=/.test(script);
  const bytes = utf8Encode(script);
  const reply = await send(
    isLibrary ? ['FUNCTION', 'LOAD', 'REPLACE', bytes] : ['SCRIPT', 'LOAD', bytes],
  );
  if (!(reply instanceof RedisError)) return [];
  const said = utf8Decode(reply.message);
  const [, line, message] = /user_(?:script|function):(\d+): (.*)/s.exec(said) ?? [];
  return line === undefined ? [] : [{ line: Number(line), message: message ?? said }];
}

function pairsOf(reply: Reply): ReadonlyMap<string, string> {
  if (!(reply instanceof MapReply)) return new Map();
  return new Map(reply.entries.map(([name, value]) => [String(name), String(value)]));
}

const textsOf = (reply: Reply): readonly string[] =>
  Array.isArray(reply) ? reply.map(String) : [];
