import { describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { openLua } from '../hosts/lua-file.ts';
import type { Frame } from './frame.ts';
import { LabWire } from './lab-wire.ts';
import { canCompare } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';

/** Which commands find a key, or miss it, as INFO stats counts that: of some a read, of others not. */

const seed = `
  FLUSHALL | SET s 5 | SET t abc | RPUSH l 3 1 2 | SADD set a b | SADD set2 b c | HSET h f 1
  ZADD z 1 a 2 b | ZADD z2 1 a | XADD x 1-1 f v | XGROUP CREATE x g 0 | PFADD p a | PFADD p2 b
  GEOADD g 13 38 P | CONFIG RESETSTAT`;

const commands = `
  EXISTS s | EXISTS no | EXISTS s no t | TYPE s | TYPE no | TTL s | TTL no | PTTL s
  EXPIRETIME s | OBJECT ENCODING s | OBJECT ENCODING no | OBJECT REFCOUNT s
  OBJECT IDLETIME s | SORT l | SORT no | SORT l BY w_* GET d_* | SORT_RO l | COPY s s2
  COPY no s2 | BITOP AND d s t | BITOP NOT d no | BITCOUNT s | BITFIELD s SET u8 0 1
  BITFIELD_RO s GET u8 0 | GETBIT s 1 | SETBIT s 1 1 | BITPOS s 1 | PFCOUNT p
  PFCOUNT p p2 | PFMERGE p3 p p2 | PFADD p q | GETEX s | GETEX s EX 10 | GETEX no
  GETDEL s | GETDEL no | GETSET s 1 | GETSET no 1 | SET s 1 GET | SET no 1 GET | SET s 1
  SET s 1 NX | SET no 1 XX | SETNX s 1 | APPEND s x | INCR s | STRLEN s | STRLEN no
  GETRANGE s 0 1 | SUBSTR s 0 1 | SETRANGE s 0 x | MGET s no t | MSET s 1 t 2 | LCS s t
  SUNIONSTORE d set set2 | SUNION set no | SINTERSTORE d set set2 | SINTER set set2
  SINTERCARD 2 set set2 | SDIFF set no | SDIFFSTORE d set no | ZUNIONSTORE d 2 z z2
  ZUNION 2 z no | ZINTER 2 z z2 | ZINTERSTORE d 2 z z2 | ZINTERCARD 2 z z2 | ZDIFF 2 z z2
  ZDIFFSTORE d 2 z z2 | ZRANGESTORE d z 0 -1 | ZRANGE z 0 -1 | ZRANGE no 0 -1 | ZSCORE z a
  ZINCRBY z 1 a | ZPOPMIN z | ZRANDMEMBER z | ZSCAN z 0
  GEOSEARCHSTORE d g FROMLONLAT 13 38 BYRADIUS 10 km
  GEOSEARCH g FROMLONLAT 13 38 BYRADIUS 10 km | GEORADIUS g 13 38 10 km
  GEORADIUS g 13 38 10 km STORE d | GEORADIUS_RO g 13 38 10 km | GEOPOS g P
  GEODIST g P P | GEOHASH g P | LLEN l | LLEN no | LRANGE l 0 -1 | LINDEX l 0 | LPOS l 1
  LPOP l | LPUSHX l 1 | RPOPLPUSH l l2 | LMOVE l l2 LEFT LEFT | LSET l 0 x
  LINSERT l BEFORE 1 x | LREM l 0 1 | LTRIM l 0 5 | HGET h f | HGET no f | HMGET h f g
  HGETALL h | HLEN h | HKEYS h | HEXISTS h f | HSTRLEN h f | HSCAN h 0 | HRANDFIELD h
  HDEL h f | HINCRBY h f 1 | SISMEMBER set a | SMISMEMBER set a b | SMEMBERS set
  SCARD set | SRANDMEMBER set | SPOP set | SREM set a | SMOVE set set2 a | SSCAN set 0
  XREAD STREAMS x 0 | XREAD STREAMS no 0 | XREAD COUNT 1 STREAMS x no 0 0
  XREADGROUP GROUP g c STREAMS x > | XRANGE x - + | XLEN x | XINFO STREAM x
  XINFO GROUPS x | XPENDING x g | XACK x g 1-1 | XDEL x 1-1 | XADD x * a b
  XTRIM x MAXLEN 1 | DUMP s | DUMP no | TOUCH s no | EXPIRE s 10 | EXPIRE no 10
  PERSIST s | DEL s no | UNLINK s | RENAME s r | RENAME no r | RENAMENX s r | MOVE s 1
  RANDOMKEY | KEYS * | SCAN 0 | MEMORY USAGE s | MEMORY USAGE no
  EVAL return(redis.call('GET',KEYS[1])) 1 s | EVAL return(redis.call('GET',KEYS[1])) 1 no
  ZMSCORE z a | ZRANK z a | ZCARD z | ZCOUNT z 0 1 | ZLEXCOUNT z - + | ZMPOP 1 z MIN
  LMPOP 1 l LEFT | XAUTOCLAIM x g c 0 0 | XCLAIM x g c 0 1-1 | XSETID x 9-1
  XGROUP CREATE x g2 0 | RESTORE rr 0 x | INCRBYFLOAT s 1 | ZREM z a
  ZREMRANGEBYRANK z 0 0 | SETEX s 10 1`;

const parts = (text: string) => text.trim().split(/ \| |\n\s*/);
const words = (line: string) => line.trim().split(' ');

describe.runIf(canCompare('keyspace hits and misses'))('keyspace hits and misses', () => {
  const real = useRealRedis();

  test.each(parts(commands))('%s', async (command) => {
    const sent = [...parts(seed), command, 'INFO stats'].map(words);
    const theirs = (await real.wire.runAll(sent)).at(-1) as Frame;
    const ours = new LabWire(new Lab({ openLua })).runAll(sent).at(-1) as Frame;
    expect(lookups(ours)).toEqual(lookups(theirs));
  });
});

const lookups = ({ text }: Frame): string[] => text.match(/^keyspace_(hits|misses):\d+/gm) ?? [];
