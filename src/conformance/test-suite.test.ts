import { describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { splitArgs } from '../engine/resp/split.ts';
import { permitted } from './differences.ts';
import { type Frame, printFrame } from './frame.ts';
import { LabWire } from './lab-wire.ts';
import { canCompare } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';

/**
 * What Redis's own test suite says to a server that it did not start, before each of its blocks and
 * between them: all of the configuration, put back as it was, and DEBUG.
 */

/** Directives whose value a test's own server was told, or that a test takes as they are. */
const immutable = /can't set (immutable|protected) config/;

const script = `
  SELECT 9
  FLUSHALL
  FUNCTION FLUSH
  DEBUG LOG "a test begins"
  DEBUG SET-ACTIVE-EXPIRE 0
  DEBUG SET-ACTIVE-EXPIRE 1
  DEBUG SET-DISABLE-DENY-SCRIPTS 1
  DEBUG SET-DISABLE-DENY-SCRIPTS 0
  DEBUG REPLYBUFFER RESIZING 0
  DEBUG REPLYBUFFER PEAK-RESET-TIME NEVER
  DEBUG REPLYBUFFER PEAK-RESET-TIME reset
  DEBUG REPLYBUFFER PEAK-RESET-TIME 100
  DEBUG REPLYBUFFER PEAK-RESET-TIME x
  DEBUG REPLYBUFFER NOSUCH 1
  DEBUG DIGEST
  SET k v
  HSET h a b c d
  RPUSH l a b c
  SADD s 1 2 3
  ZADD z 1 a 2 b
  XADD x 1-1 a b
  DEBUG DIGEST
  DEBUG DIGEST-VALUE k h l s z x nokey
  DEBUG RELOAD
  DEBUG RELOAD NOSAVE
  DEBUG RELOAD MERGE NOFLUSH
  DEBUG RELOAD NOSUCH
  DEBUG DIGEST
  DEBUG LOADAOF
  DEBUG DIGEST
  DEBUG QUICKLIST-PACKED-THRESHOLD 10b
  DEBUG QUICKLIST-PACKED-THRESHOLD 4gb
  DEBUG QUICKLIST-PACKED-THRESHOLD x
  DEBUG QUICKLIST-PACKED-THRESHOLD 0
  DEBUG OBJECT k
  DEBUG OBJECT h
  DEBUG OBJECT s
  DEBUG OBJECT z
  DEBUG OBJECT x
  DEBUG OBJECT nokey
  DEBUG OBJECT k fast
  DEBUG SLEEP 0.001
  DEBUG SLEEP
  DEBUG POPULATE 5
  DEBUG POPULATE 5 pre 10
  GET pre:1
  DEBUG POPULATE x
  DBSIZE
  DEBUG PROTOCOL ATTRIB
  DEBUG PROTOCOL TRUE
  DEBUG PROTOCOL FALSE
  DEBUG PROTOCOL BIGNUM
  DEBUG PROTOCOL VERBATIM
  DEBUG PROTOCOL NOSUCH
  DEBUG PAUSE-CRON 1
  DEBUG PAUSE-CRON 0
  DEBUG HTSTATS 99
  DEBUG HTSTATS x
  DEBUG HTSTATS
  DEBUG HTSTATS-KEY h
  DEBUG HTSTATS-KEY nokey
  DEBUG LISTPACK h
  DEBUG LISTPACK k
  DEBUG STRINGMATCH-TEST
  DEBUG STRINGMATCH-LEN 1 a
  DEBUG SET-SKIP-CHECKSUM-VALIDATION 1
  DEBUG SET-SKIP-CHECKSUM-VALIDATION 0
  DEBUG CHANGE-REPL-ID
  DEBUG JMAP
  DEBUG CONFIG-REWRITE-FORCE-ALL
  DEBUG ERROR "MINE hello"
  DEBUG STRUCTSIZE
  DEBUG SDSLEN k
  DEBUG SDSLEN h
  DEBUG SDSLEN nokey
  DEBUG CLIENT-EVICTION
  DEBUG CLUSTERLINK KILL ALL x
  DEBUG REPLICATE "SET a b"
  DEBUG AOF-FLUSH-SLEEP 0
  DEBUG NOSUCH
  DEBUG
  OBJECT REFCOUNT k
  OBJECT ENCODING l
  OBJECT FREQ k
  CONFIG SET maxmemory-policy allkeys-lfu
  OBJECT IDLETIME k
  CONFIG SET maxmemory-policy noeviction
`;

const commands = script
  .trim()
  .split('\n')
  .map((line) => splitArgs(line.trim()) as string[]);

function engine() {
  const config = { appendonly: 'yes', save: '', 'enable-debug-command': 'yes' };
  const lab = new Lab({ start: Date.now(), config });
  const wire = new LabWire(lab);
  return (argv: readonly string[]): Frame => {
    wire.send([argv]);
    for (;;) {
      const [reply] = wire.takeAll();
      if (reply) return reply;
      // A pause ends as the lab's time moves.
      lab.clock.advance(1);
    }
  };
}

/** Where a value is in memory, and when it was used. */
const shown = (frame: Frame): string =>
  printFrame(frame)
    .replace(/Value at:0x[0-9a-f]+/, 'Value at:0x0')
    .replace(/lru:\d+/, 'lru:0');

describe('what the test suite of Redis asks before a test', () => {
  test('every directive that CONFIG GET * names can be set to what it is, or is immutable', () => {
    const run = engine();
    const words = (run(['CONFIG', 'GET', '*']).items ?? []).map(({ text }) => text);
    const refused: string[] = [];
    for (let i = 0; i < words.length; i += 2) {
      const reply = run(['CONFIG', 'SET', words[i] as string, words[i + 1] as string]).text;
      if (reply !== 'OK' && !immutable.test(reply)) refused.push(`${words[i]}: ${reply}`);
    }
    expect(refused).toEqual([]);
    expect(words.length).toBeGreaterThan(380);
  });

  test('DEBUG SET-DISABLE-DENY-SCRIPTS, DICT-RESIZING and HTSTATS, as they are since 7.2', () => {
    const run = engine();
    expect(run(['DEBUG', 'POPULATE', '100']).text).toBe('OK');
    expect(run(['DEBUG', 'HTSTATS', '0']).text).toContain(
      ' table size: 128\n number of elements: 100\n',
    );
    expect(run(['DEBUG', 'DICT-RESIZING', '0']).text).toBe('OK');
  });
});

describe.runIf(canCompare('DEBUG'))('between tests', () => {
  const real = useRealRedis(['--appendonly', 'yes']);

  test('DEBUG and OBJECT answer as redis-server answers', async () => {
    const run = engine();
    const differing: string[] = [];
    for (const argv of commands) {
      const [ours, theirs] = [shown(run(argv)), shown(await real.wire.run(...argv))];
      if (ours !== theirs && !permitted({ argv, ours, theirs })) {
        differing.push(`${argv.join(' ')}: ${ours}, not ${theirs}`);
      }
    }
    expect(differing).toEqual([]);
  });
});
