/** The stand-ins for the Enterprise edition, on the servers of a lab. */
import { describe, expect, test } from 'vitest';
import type { Topology } from '../wire/messages.ts';
import { shellIn, startLab } from './terminal.test-data.ts';

/** What a script prints in a new lab, in which a second takes twenty milliseconds. */
const shell = (topology: Topology, ...lines: string[]) =>
  shellIn(startLab({ topology, rate: 50, config: { 'enable-debug-command': 'yes' } }), ...lines);

describe('an Active-Active database', () => {
  const pair: Topology = { kind: 'servers', servers: 2 };

  test('two regions count apart, and both have the sum when the line is mended', async () => {
    const { out, err, status } = await shell(
      pair,
      'active-active create node1 node2',
      'redis-cli -h node1 -p 12000 SADD cart tea',
      'sleep 0.1',
      'partition node1 node2',
      'redis-cli -h node1 -p 12000 INCRBY visits 3',
      'redis-cli -h node2 -p 12000 INCRBY visits 4',
      'redis-cli -h node1 -p 12000 SREM cart tea',
      'redis-cli -h node2 -p 12000 SADD cart tea',
      'redis-cli -h node1 GET visits',
      'active-active check node1 node2',
      'partition --heal node1 node2',
      'sleep 1',
      'redis-cli -h node1 GET visits',
      'redis-cli -h node2 -p 12000 GET visits',
      'redis-cli -h node1 SMEMBERS cart',
      'active-active log node1',
      'active-active check node1 node2',
    );
    expect(err).toBe('');
    expect(out).toContain('2 regions (simulated): node1:12000, node2:12000\n');
    expect(out).toContain('different\n');
    expect(out).toMatch(/different\n"7"\n"7"\n1\) "tea"\n/);
    expect(out).toContain('node2#1 INCRBY visits 4   concurrent with node1#2\n');
    expect(out).toMatch(/equal\n$/);
    expect(status).toBe(0);
  });

  test('a region says what it does not know, and answers in both protocols', async () => {
    const { out, err } = await shell(
      pair,
      'active-active create node1 node2',
      'redis-cli -h node1 -p 12000 LPUSH list a',
      'redis-cli -h node1 -p 12000 INCR',
      'redis-cli -h node1 -p 12000 DECR visits 5',
      'redis-cli -h node1 -p 12000 EXPIRE visits 10 NX',
      'redis-cli -h node1 -p 12000 ZADD rank NX 1 a',
      'redis-cli -h node1 -p 12000 SET name Ada EX 10',
      'redis-cli -h node1 -p 12000 INCR name',
      'redis-cli -h node1 -p 12000 SADD name x',
      'redis-cli -3 -h node1 -p 12000 HSET user a 1 b 2',
      'redis-cli -3 -h node2 -p 12000 HGETALL user',
      'sleep 11',
      'redis-cli -h node2 -p 12000 GET name',
      'redis-cli -h node2 -p 12000 SADD name x',
      'sleep 0.1',
      'active-active check node1 node2 nosuch',
      'active-active create node1',
      'active-active create 10.0.0.2 node1',
      'active-active frobnicate',
      'partition node1 nosuch',
    );
    expect(out).toContain('LPUSH of an Active-Active database is not simulated here');
    expect(out).toContain("ERR wrong number of arguments for 'incr' command");
    expect(out).toContain("ERR wrong number of arguments for 'decr' command");
    expect(out).toContain('EXPIRE with options is not simulated here');
    expect(out).toContain('ZADD with options is not simulated here');
    expect(out).toContain('ERR value is not an integer or out of range');
    expect(out).toContain('WRONGTYPE');
    expect(out).toContain('1# "a" => "1"\n2# "b" => "2"\n(nil)\n');
    expect(out).toMatch(/node1 (\w{40})\nnode2 \1\nnosuch \? .*refused\ndifferent/);
    expect(err).toContain('port 12000 is taken');
    expect(err).toContain('usage: active-active create');
    expect(err).toContain('partition: nosuch: no such host');
  });
});

describe('a proxy before a cluster', () => {
  const cluster: Topology = { kind: 'cluster', shards: 3, replicasPerShard: 1 };

  test('divides commands over slots, which a node refuses', async () => {
    const { out, err } = await shell(
      cluster,
      'proxy node1',
      'redis-cli -p 12000 MSET a 1 b 2 c 3 d 4',
      'redis-cli -p 12000 MGET d nosuch c a',
      'redis-cli -p 12000 EXISTS a b c d e',
      'redis-cli -p 12000 DBSIZE',
      'redis-cli -p 12000 DEL a b c',
      'redis-cli -p 12000 SUNION d e',
      'redis-cli -p 12000 EVAL "return KEYS[1]" 1 x',
      'redis-cli -p 12000 GET',
      'redis-cli -h node1 MGET d c',
      'proxy node1',
    );
    expect(out).toContain(
      'OK\n1) "4"\n2) (nil)\n3) "3"\n4) "1"\n(integer) 4\n(integer) 4\n(integer) 3\n',
    );
    expect(out).toContain('"x"\n(error) ERR wrong number of arguments');
    expect(out.match(/CROSSSLOT/g)?.length).toBe(2);
    expect(err).toContain('port 12000 is taken');
  });

  test('says what belongs to one connection, and answers the next', async () => {
    const { out } = await shell(
      cluster,
      'proxy node1',
      'redis-cli -p 12000 MULTI',
      'redis-cli -p 12000 BLPOP queue 1',
      "printf 'SUBSCRIBE news\\r\\n' | nc localhost 12000",
      'redis-cli -p 12000 XREAD COUNT 1 BLOCK 0 STREAMS s 0',
      'redis-cli -p 12000 CLIENT LIST',
      'redis-cli -p 12000 HELLO 4',
      "printf '*1\\r\\nPING\\r\\n' | nc localhost 12000",
      "printf 'QUIT\\r\\nPING\\r\\n' | nc localhost 12000",
      'redis-cli -p 12000 SET a 1',
      'redis-cli -p 12000 XREAD COUNT 1 STREAMS s 0',
    );
    expect(out.match(/(\w+|CLIENT LIST) .*is not simulated here/g)).toHaveLength(5);
    expect(out).toContain('NOPROTO unsupported protocol version');
    expect(out).toContain("-ERR Protocol error: expected '$', got 'P'\r\n+OK\r\n");
    expect(out).toMatch(/\+OK\r\nOK\n\(nil\)\n$/);
  });

  test('no request fails while a primary is taken out and killed', async () => {
    const { out } = await shell(
      cluster,
      'proxy node1 node2',
      'for i in 1 2 3 4 5; do redis-cli -p 12000 SET foo $i; done',
      'redis-cli -h node6 CLUSTER FAILOVER',
      'redis-cli -p 12000 INCR foo',
      'sleep 2',
      'redis-cli -h node3 SHUTDOWN NOSAVE',
      'redis-cli -p 12000 INCR foo',
      'redis-cli -h node1 CLUSTER NODES | grep -c fail',
      'rack-check node1 node1=a node2=b node3=c node4=b node5=c node6=a',
      'rack-check node1 node1=a node4=a node2=b',
    );
    expect(out).toMatch(/12000\n(OK\n){6}\(integer\) 6\n\(integer\) 7\n/);
    expect(out).toContain('node6 in rack a, node3 in rack c\n');
    expect(out).toContain('node1 in rack a, node4 in rack a   TOGETHER\n');
  });
});

test('groups of a directory become users, and an audit tells who was refused', async () => {
  const { out, err } = await shell(
    { kind: 'standalone' },
    "printf 'dn: uid=ada,ou=p\\nuserPassword: a\\n\\ndn: cn=readers,ou=g\\nmember: uid=ada,ou=p\\n' > d.ldif",
    "echo 'readers: ~* +@read -@dangerous' > roles",
    'redis-cli ACL SETUSER leaver on nopass',
    'directory apply d.ldif roles',
    'redis-cli --user ada --pass a --no-auth-warning SET k v',
    'redis-cli --user ada --pass a --no-auth-warning GET k',
    'directory audit',
    'redis-cli ACL USERS',
    'directory apply nosuch roles',
  );
  expect(out).toContain('ada: on ~* +@read -@dangerous\nleaver: removed\n');
  expect(out).toContain('ada: refused set (command)\n');
  expect(out).toContain('1) "ada"\n2) "default"\n');
  expect(err).toContain('nosuch: no such file');
});

test('a closed snapshot is none for whoever has no key', async () => {
  const { out, err } = await shell(
    { kind: 'standalone' },
    'redis-cli SET secret treasure > /dev/null; redis-cli SAVE',
    'export VAULT_KEY=word',
    'vault close /data/dump.rdb',
    'grep -c treasure /data/dump.rdb',
    'redis-check-rdb /data/dump.rdb | head -3',
    'VAULT_KEY=other vault open /data/dump.rdb',
    'vault open /data/dump.rdb && grep -c treasure /data/dump.rdb',
  );
  expect(out).toContain('OK\n0\n');
  expect(out).toMatch(/\n1\n$/);
  expect(err).toContain('vault: /data/dump.rdb: not a closed file, changed, or another key');
});
