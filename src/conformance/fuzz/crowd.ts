import { setImmediate as nextTurn } from 'node:timers/promises';
import { pick } from '../../engine/lab/argv.ts';
import type { Random } from '../../engine/time/random.ts';
import { type Frame, printFrame } from '../frame.ts';
import { Wire } from '../wire.ts';
import type { Finding } from './duel.ts';
import { Engine, type EngineWire } from './engine.ts';
import type { Unit } from './sequence.ts';

/**
 * Three clients at once: transactions and what breaks them, waiting and who is served, messages,
 * keyspace events, invalidations. A step is a client's name and the command that it sends; both
 * servers are at rest before the next.
 */
const names = ['A', 'B', 'C'] as const;

/**
 * What is sent, split at blanks. The more often a line stands here, the more often it is sent. Nobody
 * waits for two keys that others use: 7.0 serves such a client from the key that came to life, since
 * 7.2 (and here) its command runs again, and takes from the first key that has something.
 */
const lines = `
MULTI; MULTI; EXEC; EXEC; EXEC; DISCARD; WATCH s q1; WATCH z; UNWATCH
BLPOP q1 0; BLPOP q1 none 0; BRPOP none q2 0; BLMOVE q1 q2 LEFT RIGHT 0; BLMOVE q1 q1 RIGHT LEFT 0
BRPOPLPUSH q2 q1 0; BLMPOP 0 2 none q1 LEFT COUNT 2; BZPOPMIN z 0; BZPOPMAX z none 0; BZMPOP 0 1 z MIN
RPUSH q1 a; RPUSH q1 a b c; LPUSH q2 x y; RPUSH q1 d; LPOP q1; LMOVE q1 q2 LEFT LEFT; LPUSHX q1 e
ZADD z 1 a; ZADD z 2 b 3 c; ZINCRBY z 5 a; ZREM z a b; ZPOPMIN z; ZUNIONSTORE z 1 z2; ZADD z2 1 m
SET s 1; INCR s; SET q1 text; DEL q1; DEL q2 z; APPEND s x; GET s; GET s; MGET s q1; EXISTS s q1 z
RENAME q2 q1; RENAME z2 z; COPY q2 q1 REPLACE; MOVE q1 1; SORT q1 ALPHA STORE q2; FLUSHALL; FLUSHDB
SELECT 0; SELECT 1; SWAPDB 0 1; PEXPIREAT q1 1; PEXPIREAT s 1; EXPIRE s 1000; PERSIST s
EVAL redis.call("RPUSH","q1","x","y") 0; EVAL return(redis.call("GET","s")) 0
SUBSCRIBE c1; SUBSCRIBE c1 c2; UNSUBSCRIBE c1; UNSUBSCRIBE; PSUBSCRIBE c*; PSUBSCRIBE * ?1
PUNSUBSCRIBE c*; PUNSUBSCRIBE; PUBLISH c1 hello; PUBLISH c2 hi; PUBLISH nobody x; SSUBSCRIBE s1
SUNSUBSCRIBE; SPUBLISH s1 m; PUBSUB CHANNELS; PUBSUB NUMSUB c1 c2; PUBSUB NUMPAT; PING; PING x
PUBSUB SHARDCHANNELS; PUBSUB SHARDNUMSUB s1
CONFIG SET notify-keyspace-events KEA; CONFIG SET notify-keyspace-events Elg; PSUBSCRIBE __key*
HELLO 2; HELLO 3; HELLO 3; RESET; CLIENT REPLY SKIP; CLIENT REPLY OFF; CLIENT REPLY ON
CLIENT TRACKING ON; CLIENT TRACKING ON NOLOOP; CLIENT TRACKING ON BCAST; CLIENT TRACKING OFF
CLIENT TRACKING ON BCAST PREFIX q; CLIENT TRACKING ON OPTIN; CLIENT CACHING YES; CLIENT CACHING NO
CLIENT TRACKING ON OPTOUT; CLIENT GETREDIR; CLIENT UNBLOCK 999999; NOSUCH x; GET; LLEN q1; LRANGE q1 0 -1
`
  .split(/[;\n]/)
  .map((line) => line.trim())
  .filter((line) => line !== '');

/** A random sequence of steps, one in each unit. */
export function crowdOf(random: Random, length: number): Unit[] {
  const queueing = new Set<string>();
  return Array.from({ length }, () => {
    const name = pick(random, names);
    let line = pick(random, lines);
    // In a transaction it leaves EXEC's reply incomplete, and the connection useless.
    if (queueing.has(name) && line.startsWith('CLIENT REPLY')) line = 'EXEC';
    if (line === 'MULTI') queueing.add(name);
    if (/^(EXEC|DISCARD|RESET)$/.test(line)) queueing.delete(name);
    return [[name, ...line.split(' ')]];
  });
}

/** Plays the steps on both servers and says where they first disagree. */
export async function crowd(
  real: { readonly host: string; readonly port: number },
  units: readonly Unit[],
): Promise<Finding | undefined> {
  const dial = () => Wire.dial(real.host, real.port);
  const stranger = await dial();
  const theirs = [await dial(), await dial(), await dial()];
  try {
    await stranger.runAll([['FLUSHALL'], ['CONFIG', 'SET', 'notify-keyspace-events', '']]);
    return await new Crowd(stranger, theirs).play(units);
  } finally {
    for (const wire of [stranger, ...theirs]) wire.close();
  }
}

class Crowd {
  readonly #engine = new Engine();
  readonly #ours: readonly EngineWire[] = names.map(() => this.#engine.dial());

  constructor(
    private readonly stranger: Wire,
    private readonly theirs: readonly Wire[],
  ) {}

  async play(units: readonly Unit[]): Promise<Finding | undefined> {
    for (const [index, [step = []]] of units.entries()) {
      const [name = 'A', ...argv] = step;
      if (argv.length === 0) continue;
      const who = names.indexOf(name as 'A');
      this.#ours[who]?.send(argv);
      this.theirs[who]?.send([argv]);
      await this.#settle();
      const difference = this.#compare(step);
      if (difference) return { ...difference, units: index + 1, inState: false };
    }
    const difference = await this.#compareState();
    return difference && { ...difference, units: units.length, inState: true };
  }

  /** Until all that a step caused has come: what a stranger asks later is answered later. */
  async #settle(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      await this.stranger.run('~');
      await nextTurn();
    }
  }

  #compare(argv: readonly string[]) {
    const heard = names.map((name, i) => {
      const ours = this.#ours[i]?.takeAll().flatMap(plain) ?? [];
      const theirs = this.theirs[i]?.takeAll().flatMap(plain) ?? [];
      return { name, ours, theirs, agree: same(ours, theirs, argv[1] === 'PUBSUB') };
    });
    const disagreeing = heard.find(({ agree }) => !agree);
    if (!disagreeing) return undefined;
    const show = (printed: readonly string[]) => `${disagreeing.name}< ${printed.join('\n')}`;
    return { argv, ours: show(disagreeing.ours), theirs: show(disagreeing.theirs) };
  }

  async #compareState() {
    const mine = this.#engine.dial();
    for (const db of ['0', '1']) {
      const keys = ['q1', 'q2', 's', 'z', 'z2'];
      const reads = keys.flatMap((key) => [
        ...[
          ['TYPE', key],
          ['GET', key],
          ['LRANGE', key, '0', '-1'],
        ],
        ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
      ]);
      for (const argv of [['SELECT', db], ['DBSIZE'], ...reads]) {
        const [ours, theirs] = [mine.run(argv), await this.stranger.run(...argv)].map(printFrame);
        if (ours !== theirs) return { argv, ours: ours ?? '', theirs: theirs ?? '' };
      }
    }
    return undefined;
  }
}

/**
 * As printed; of HELLO's greeting, which tells a version and an id, only that it came. In which order
 * channels are listed or left is open.
 */
function plain(frame: Frame): string[] {
  if (frame.raw.includes('$7\r\nversion\r\n')) return ['a greeting'];
  const [kind, name, count] = frame.items ?? [];
  if (kind && /^[ps]?unsubscribe$/.test(kind.text))
    return [`${kind.text} ${name?.text}`, `${count?.text}`];
  return [printFrame(frame)];
}

const unordered = (printed: string): string[] =>
  printed.split('\n').map((line) => line.replace(/^( *\d+[)~>] )+| +/g, ''));

/**
 * Which of several patterns is served first is open. A RESP3 client that hears of what it does itself
 * is told by 7.0 in the middle of its reply; so of what holds messages only the parts are compared.
 */
function same(ours: readonly string[], theirs: readonly string[], isList: boolean): boolean {
  const inParts = isList || theirs.some((printed) => printed.includes('"pmessage"'));
  const [a, b] = [ours, theirs].map((all) => (inParts ? all.flatMap(unordered) : [...all]).sort());
  return a?.join('\n') === b?.join('\n');
}

/** The steps as a transcript, with what redis-server says instead. */
export function reportCrowd({ units, finding }: { units: readonly Unit[]; finding: Finding }) {
  const sent = units.flat().filter((step) => step.length > 1);
  const rows = sent.map(([name, ...argv]) => `${name}> ${argv.join(' ')}`);
  if (finding.inState) rows.push(`> ${finding.argv.join(' ')}`);
  return [...rows, finding.ours, '-- redis-server:', finding.theirs].join('\n');
}
