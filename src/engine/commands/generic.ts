import { command } from './command.ts';

/** The commands that work on keys of any type. https://redis.io/docs/latest/commands/?group=generic */

export const genericCommands = [
  command('DEL key [key ...]', {
    summary: 'Deletes keys.',
    since: '1.0.0',
    group: 'generic',
    complexity:
      'O(N) where N is the number of keys; O(M) more for a collection of M elements.',
    flags: ['write'],
    keyUse: ['RM delete'],
    tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
    run({ db }, args) {
      let deleted = 0;
      for (const key of args.rest()) {
        if (!db.has(key) || !db.delete(key)) continue;
        deleted++;
        db.changed('del', key);
      }
      return deleted;
    },
  }),
];
