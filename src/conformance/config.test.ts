import { describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { directiveNames, findDirective } from '../engine/server/config.ts';
import { newerDirectives } from '../engine/server/config-rows-newer.ts';
import { type Frame, printFrame } from './frame.ts';
import { LabWire } from './lab-wire.ts';
import { canCompare } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';

/** CONFIG SET of every directive to texts right and wrong, and what CONFIG GET says of it then. */

/** Directives that redis-server 7.0 does not have. */
const newer = [
  ...['set-max-listpack-entries', 'set-max-listpack-value'],
  ...newerDirectives.map(({ name }) => name),
];

/** What differs from one machine to another, or what the test's own server was told. */
const local = ['dir', 'port', 'bind', 'save', 'enable-debug-command', 'daemonize', 'pidfile'];

/**
 * A server in a lab keeps its ports, and a real one would close its sockets or files. Since 8.0
 * io-threads-do-reads does nothing, and may be set.
 */
const untouched = [
  'io-threads-do-reads',
  'port',
  'tls-port',
  'bind',
  'appendonly',
  'dir',
  'maxclients',
  'requirepass',
];

const texts = [
  ...['bogus', '', ' ', 'YES', 'no', '0', '1', '-1', '7', '007', '+5', ' 5', '1.5', '100', '-5'],
  ...['1000', '65536', '99999999999', '9223372036854775807', '9223372036854775808'],
  ...['18446744073709551615', '99999999999999999999', '-9223372036854775808', '1k', '1kb', '2Mb'],
  ...[
    '1gb',
    '1kib',
    '5%',
    '100%',
    '101%',
    '%',
    'always',
    'EVERYSEC',
    'allkeys-lru',
    'volatile-ttl',
  ],
  ...[
    'KEA',
    'AKE',
    'Kg',
    'xe',
    'mn',
    'KEAmn',
    'g$lshzxetd',
    'Kg$lshzxeKEtdmn',
    'nAKE',
    'x$',
    'K K',
  ],
  ...['3600 1', '3600 1 300', '60 -1', '60 0', '3600 1 300 100 60 10000', '99999999999999999999 1'],
  ...['normal 0 0 0', 'normal 1 2', 'replica 1mb 512kb 10', 'PUBSUB 1 2 3', 'nobody 1 2 3'],
  ...['normal 1 2 3 slave 4 5 6', 'normal 0 0 -1', 'normal 0 0 99999999999999'],
  ...[
    '1 2 3',
    '-3000 1 2',
    '1 2',
    '0 200 800',
    '50 99 99.9',
    '50  99',
    '0.1234567 +5',
    'nan',
    '0x10',
  ],
  ...[
    'save now',
    'now save force',
    'nosave save',
    'default save',
    'relative',
    '{title} x',
    '{foo}',
  ],
  ...['a.b-c', 'x_y', 'h'.repeat(256), 'debug', 'swapdb', 'clients', 'hostname', 'optional'],
];

describe.runIf(canCompare('the configuration'))('CONFIG', () => {
  const real = useRealRedis();

  test('has the same directives with the same defaults', async () => {
    const [all] = await real.wire.runAll([['CONFIG', 'GET', '*']]);
    const words = (all?.items ?? []).map(({ text }) => text);
    const theirs = new Map(words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1]]] : [])));
    const shown = directiveNames.filter((name) => !findDirective(name)?.isHidden);
    expect(shown.filter((name) => !newer.includes(name)).sort()).toEqual([...theirs.keys()].sort());
    const engine = new LabWire(new Lab({ start: Date.now(), config: { save: '' } }));
    for (const [name, text] of theirs) {
      if (local.includes(name as string)) continue;
      const [reply] = engine.runAll([['CONFIG', 'GET', name as string]]);
      expect.soft([name, reply?.items?.[1]?.text]).toEqual([name, text]);
    }
  });

  test('takes and refuses the same texts', async () => {
    const engine = new LabWire(new Lab({ start: Date.now(), config: { save: '' } }));
    let compared = 0;
    for (const name of directiveNames) {
      if (newer.includes(name) || untouched.includes(name)) continue;
      const sent = texts.flatMap((text) => [
        ['CONFIG', 'SET', name, text],
        ['CONFIG', 'GET', name],
      ]);
      const [ours, theirs] = [engine.runAll(sent), await real.wire.runAll(sent)];
      compared += sent.length;
      const differing = sent.flatMap((argv, i) => {
        const [one, other] = [printFrame(ours[i] as Frame), printFrame(theirs[i] as Frame)];
        const isLocal = argv[1] === 'GET' && local.includes(name);
        return one === other || isLocal ? [] : [`${argv.join(' ')}: ${one}, not ${other}`];
      });
      expect.soft(differing.slice(0, 3)).toEqual([]);
    }
    console.log(`CONFIG: ${compared} answers compared`);
  });
});
