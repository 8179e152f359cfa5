/**
 * directory: a company's directory as a file, whose groups become the rights of users. `apply` makes
 * the users of a server what the directory says; `audit` tells whom the server has refused.
 */
import { utf8Decode, utf8Encode } from '../../engine/bytes/bytes.ts';
import { absolute } from '../../engine/bytes/path.ts';
import { RedisError } from '../../engine/errors.ts';
import type { Reply } from '../../engine/resp/reply.ts';
import { splitArgs } from '../../engine/resp/split.ts';
import type { Call, Program } from '../../shell/program.ts';
import { Client } from '../../wire/client.ts';

export interface Directory {
  /** Passwords, by user. */
  readonly users: ReadonlyMap<string, string>;
  /** Users, by group. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

const usage = `usage: directory apply DIRECTORY.ldif ROLES [HOST]    users of a server, from groups
       directory audit [HOST]                          whom it has refused
A program of this page, in the place of an LDAP server.
`;

export const directory: Program = async (call) => {
  const [verb, ...words] = call.args;
  try {
    if (verb === 'apply' && words.length >= 2) return await apply(call, words);
    if (verb === 'audit') return await audit(call, words[0]);
  } catch (error) {
    call.complain(`directory: ${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
  call.complain(usage);
  return 1;
};

/** Reads entries of LDIF: people with a `uid`, groups with a `cn` and a `member` for each. */
export function readDirectory(text: string): Directory {
  const users = new Map<string, string>();
  const groups = new Map<string, string[]>();
  for (const entry of text.split(/\n\s*\n/)) {
    const pairs = entry.split('\n').map((line) => line.split(/:\s*(.*)/s, 2));
    const all = (name: string) => pairs.flatMap(([key, value]) => (key === name ? [value] : []));
    const [dn = ''] = all('dn');
    const [, kind, name = ''] = /^(uid|cn)=([^,]+)/.exec(dn) ?? [];
    if (kind === 'uid') users.set(name, all('userPassword')[0] ?? '');
    if (kind === 'cn') groups.set(name, all('member').map(uidOf));
  }
  return { users, groups };
}

const uidOf = (member = '') => /^(?:uid=)?([^,]+)/.exec(member)?.[1] ?? '';

/** Reads lines of `group: rules`, what the members of a group may do; later rules count more. */
export function readRoles(text: string): ReadonlyMap<string, string> {
  const rows = text.split('\n').flatMap((line): [string, string][] => {
    const [, group, rules] = /^([\w-]+):\s*(.+)$/.exec(line.trim()) ?? [];
    return group === undefined || rules === undefined ? [] : [[group, rules]];
  });
  return new Map(rows);
}

/** What ACL SETUSER is to be told of a user: without a role nobody logs in. */
export function rulesFor(
  user: string,
  { users, groups }: Directory,
  roles: ReadonlyMap<string, string>,
): readonly string[] {
  const rules = [...roles].flatMap(([group, role]) =>
    groups.get(group)?.includes(user) ? [role] : [],
  );
  const password = users.get(user) ?? '';
  if (rules.length === 0 || password === '') return ['reset', 'off'];
  return ['reset', 'on', `>${password}`, ...(splitArgs(rules.join(' ')) ?? [])];
}

async function apply(call: Call, [file = '', roleFile = '', host]: readonly string[]) {
  const entries = readDirectory(read(call, file));
  const roles = readRoles(read(call, roleFile));
  return talk(call, host, async (ask) => {
    for (const user of entries.users.keys()) {
      const rules = rulesFor(user, entries, roles);
      await ask('ACL', 'SETUSER', user, ...rules);
      const shown = rules.filter((rule) => rule !== 'reset' && !rule.startsWith('>')).join(' ');
      call.print(utf8Encode(`${user}: ${shown}\n`));
    }
    const known = (await ask('ACL', 'USERS')) as string[];
    const leavers = known.filter((name) => name !== 'default' && !entries.users.has(name));
    for (const name of leavers) {
      await ask('ACL', 'DELUSER', name);
      call.print(utf8Encode(`${name}: removed\n`));
    }
  });
}

function audit(call: Call, host: string | undefined): Promise<number> {
  return talk(call, host, async (ask) => {
    const entries = (await ask('ACL', 'LOG')) as Reply[][];
    for (const entry of entries.toReversed()) {
      const field = (name: string) => String(entry[entry.indexOf(name) + 1] ?? '');
      const times = Number(field('count'));
      const often = times > 1 ? `, ${times} times` : '';
      call.print(`${field('username')}: refused ${field('object')} (${field('reason')}${often})\n`);
    }
    if (entries.length === 0) call.print('nobody was refused anything\n');
  });
}

type Ask = (...argv: string[]) => Promise<Reply>;

async function talk(call: Call, host = 'localhost', use: (ask: Ask) => Promise<void>) {
  const client = new Client(call.machine.dial, `${host}:6379`, { protocol: 2 });
  try {
    await use(async (...argv) => {
      const reply = await client.send(argv.map(utf8Encode));
      if (reply instanceof RedisError) throw new Error(reply.message);
      return reply;
    });
    return 0;
  } finally {
    client.close();
  }
}

function read(call: Call, file: string): string {
  const bytes = call.machine.files.read(absolute(file, call.folder));
  if (bytes === undefined) throw new Error(`${file}: no such file`);
  return utf8Decode(bytes);
}
