import { mustBePositive, syntaxError } from '../errors.ts';
import { type Reply, SetReply } from '../resp/reply.ts';
import { SetValue } from '../values/set.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { sample } from './sample.ts';
import { readCursor, readScanOptions } from './scan.ts';

/** Sets: members, membership, picks by chance. https://redis.io/docs/latest/commands/?group=set */

export const setCommands = [
  command('SADD key member [member ...]', {
    summary: 'Adds members to a set. Creates the key if it does not exist.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(1) for each member added.',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW insert'],
    run: add,
  }),
  command('SREM key member [member ...]', {
    summary: 'Removes members from a set. Deletes the set with its last member.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the number of members to be removed.',
    flags: ['write', 'fast'],
    keyUse: ['RW delete'],
    run({ db }, args) {
      const key = args.string();
      const set = db.get(key, 'set');
      if (!set) return 0;
      const removed = args.rest().filter((member) => set.delete(member)).length;
      if (removed > 0) db.changedCollection('srem', key, set.size);
      return removed;
    },
  }),
  command('SISMEMBER key member', {
    summary: 'Tells whether a member is in a set.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(1)',
    flags: ['readonly', 'fast'],
    keyUse: ['RO'],
    run: ({ db }, args) => (db.get(args.string(), 'set')?.has(args.string()) ? 1 : 0),
  }),
  command('SMISMEMBER key member [member ...]', {
    summary: 'Tells for several members whether each is in a set.',
    since: '6.2.0',
    group: 'set',
    complexity: 'O(N) where N is the number of members to check',
    flags: ['readonly', 'fast'],
    keyUse: ['RO access'],
    run({ db }, args) {
      const set = db.get(args.string(), 'set');
      return args.rest().map((member) => (set?.has(member) ? 1 : 0));
    },
  }),
  command('SCARD key', {
    summary: 'Returns the number of members in a set.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(1)',
    flags: ['readonly', 'fast'],
    keyUse: ['RO'],
    run: ({ db }, args) => db.get(args.string(), 'set')?.size ?? 0,
  }),
  command('SMEMBERS key', {
    summary: 'Returns all members of a set.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the number of members.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    tips: ['nondeterministic_output_order'],
    run: ({ db }, args) => new SetReply(db.get(args.string(), 'set')?.members().slice() ?? []),
  }),
  command('SMOVE source:key destination:key member', {
    summary: 'Moves a member from one set to another.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(1)',
    flags: ['write', 'fast'],
    keyUse: ['RW access delete', 'RW insert'],
    run: move,
  }),
  command('SPOP key [count:int]', {
    summary: 'Removes and returns members picked by chance.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the count, 1 without one.',
    flags: ['write', 'fast'],
    keyUse: ['RW access delete'],
    tips: ['nondeterministic_output'],
    history: [['3.2.0', 'Added count.']],
    run: pop,
  }),
  command('SRANDMEMBER key [count:int]', {
    summary: 'Returns members picked by chance; a negative count allows repetitions.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the absolute value of the count, 1 without one.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    tips: ['nondeterministic_output'],
    history: [['2.6.0', 'Added count.']],
    run: randomMembers,
  }),
  command('SSCAN key cursor:int [MATCH pattern:pattern] [COUNT count:int]', {
    summary: 'Iterates over the members of a set, a few at a time.',
    since: '2.8.0',
    group: 'set',
    complexity: 'O(1) for every call, O(N) for a complete iteration over N members.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    tips: ['nondeterministic_output'],
    run: scan,
  }),
];

function add({ db, limits }: Context, args: Args): Reply {
  const key = args.string();
  const present = db.get(key, 'set');
  const set = present ?? new SetValue();
  let added = 0;
  for (const member of args.rest()) if (set.add(member, limits)) added++;
  if (!present) db.set(key, set);
  if (added > 0) db.changed('sadd', key);
  return added;
}

function move({ db, limits }: Context, args: Args): Reply {
  const [from, to, member] = [args.string(), args.string(), args.string()];
  const source = db.get(from, 'set');
  if (!source) return 0;
  const target = db.get(to, 'set');
  if (source === target) return source.has(member) ? 1 : 0;
  if (!source.delete(member)) return 0;
  db.changedCollection('srem', from, source.size);
  const set = target ?? new SetValue();
  const added = set.add(member, limits);
  if (!target) db.set(to, set);
  if (added) db.changed('sadd', to);
  return 1;
}

function pop(ctx: Context, args: Args): Reply {
  const key = args.string();
  if (args.left > 1) throw syntaxError();
  const count = args.done ? undefined : args.index(mustBePositive);
  if (count !== undefined && count < 0) throw mustBePositive();
  const set = ctx.db.get(key, 'set');
  if (!set) return count === undefined ? null : new SetReply([]);
  if (count === 0) return new SetReply([]);
  const popped = popMembers(ctx, set, count ?? 1);
  // Without a count it is told as it was, even if nothing is left.
  if (set.size > 0 || count === undefined) ctx.propagate('SREM', key, ...popped);
  else ctx.propagate(ctx.limits.lazyfreeLazyServerDel ? 'UNLINK' : 'DEL', key);
  ctx.db.changedCollection('spop', key, set.size);
  return count === undefined ? (popped[0] ?? null) : new SetReply(popped);
}

function popMembers({ random }: Context, set: SetValue, count: number): string[] {
  const picked = sample(random, set.size, count).map((index) => set.memberAt(index));
  for (const member of picked) set.delete(member);
  return picked;
}

function randomMembers({ db, random }: Context, args: Args): Reply {
  const key = args.string();
  if (args.left > 1) throw syntaxError();
  const count = args.done ? undefined : args.negatable();
  const set = db.get(key, 'set');
  if (count === undefined) return set?.random(random) ?? null;
  if (!set) return [];
  return sample(random, set.size, count).map((index) => set.memberAt(index));
}

function scan({ db }: Context, args: Args): Reply {
  const key = args.string();
  const cursor = readCursor(args.string());
  const set = db.get(key, 'set');
  if (!set) return ['0', []];
  const { count, accepts } = readScanOptions(args);
  const found: string[] = [];
  const next = set.scan(cursor, count, (member) => {
    if (accepts(member)) found.push(member);
  });
  return [String(next), found];
}
