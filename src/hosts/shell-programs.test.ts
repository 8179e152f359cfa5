import { describe, expect, test } from 'vitest';
import type { Topology } from '../wire/messages.ts';
import { runIn, shellIn, startLab } from './terminal.test-data.ts';

/** What a script prints in a new lab, and the status it ends with. */
const shell = (lines: readonly string[], topology: Topology = { kind: 'standalone' }) =>
  shellIn(startLab({ topology, rate: 20 }), ...lines);

describe('redis-cli --cluster in a lab', () => {
  test('makes a cluster of empty nodes, and moves slots with their keys', async () => {
    const nodes = [1, 2, 3, 4, 5, 6].map((n) => `10.0.0.${n}:6379`).join(' ');
    const { out, err } = await shell(
      [
        `redis-cli --cluster create ${nodes} --cluster-replicas 1 --cluster-yes`,
        'sleep 5',
        'redis-cli -h 10.0.0.1 -c SET a 1',
        'redis-cli -h 10.0.0.3 CLUSTER SETSLOT 15495 MIGRATING $(redis-cli -h 10.0.0.1 CLUSTER MYID)',
        'redis-cli -h 10.0.0.1 CLUSTER SETSLOT 15495 IMPORTING $(redis-cli -h 10.0.0.3 CLUSTER MYID)',
        'redis-cli --cluster fix 10.0.0.1:6379 | grep -A1 Case',
        'redis-cli -h 10.0.0.1 CLUSTER COUNTKEYSINSLOT 15495',
        'redis-cli --cluster backup 10.0.0.1:6379 /tmp | tail -1',
        'ls /tmp | grep -c rdb',
      ],
      { kind: 'nodes', nodes: 6 },
    );
    expect(err).toContain('Transfer finished with success');
    expect(out).toContain('[OK] All 16384 slots covered.\n');
    expect(out).toContain('-> Redirected to slot [15495] located at 10.0.0.3:6379\nOK\n');
    const about = 'slot 15495 from 10.0.0.3:6379 to 10.0.0.1:6379';
    expect(out).toContain(`>>> Case 1: Moving ${about}\nMoving ${about}: .\n(integer) 1\n`);
    expect(out).toMatch(/\[OK\] Backup created into: \/tmp\n[34]\n$/);
  });
});

describe('redis-cli --rdb', () => {
  test('writes a snapshot that a server loads', async () => {
    const { out } = await shell([
      'redis-cli SET here yes',
      'redis-cli --rdb /tmp/copy/dump.rdb',
      'redis-server --port 6390 --dir /tmp/copy --daemonize yes',
      'redis-cli -p 6390 GET here',
    ]);
    expect(out).toContain('"yes"');
  });
});

const replicated: Topology = { kind: 'replicated', replicas: 1 };

describe('memtier_benchmark', () => {
  test('puts load in a ratio, and its Totals add up', async () => {
    const { out } = await shell([
      'memtier_benchmark -s localhost -p 6379 -n 20 -c 2 -t 2 -d 8 --ratio=1:3 --pipeline=5 --key-pattern=S:S --key-maximum=50 --hide-histogram',
      'redis-cli INFO commandstats | grep -E -o "cmdstat_[sg]et:calls=[0-9]+"',
    ]);
    expect(out).toMatch(/^4 {9}Threads$|^2 {9}Threads$/m);
    expect(out).toContain('Type         Ops/sec     Hits/sec   Misses/sec    Avg. Latency');
    expect(out).toMatch(/^Sets +[\d.]+ +--- +--- +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ $/m);
    expect(out).toMatch(/^Totals +([\d.]+ +){7}[\d.]+ $/m);
    expect(out).toContain('cmdstat_set:calls=20');
    expect(out).toContain('cmdstat_get:calls=60');
  });

  test('refuses what it does not know', async () => {
    const { err, status } = await shell(['memtier_benchmark --ratio=many']);
    expect(err).toContain('error: ratio must be expressed as [0-n]:[0-n].');
    expect(status).toBe(1);
  });
});

describe('the tools of a host', () => {
  test('free, top, iostat and swapon say that they are modelled', async () => {
    const { out, err } = await shell(['free -m', 'top -b -n 1', 'iostat', 'swapon -s', 'free -h']);
    expect(out).toContain(
      '               total        used        free      shared  buff/cache   available\n',
    );
    expect(out).toMatch(/^Mem: +4096 +\d+ +\d+ +0 +\d+ +\d+$/m);
    expect(out).toMatch(/^ +1000 redis +20 +0 .* S +[\d.]+ +[\d.]+ +0:00\.\d\d redis-server$/m);
    expect(out).toMatch(/^vda +[\d.]+ +0\.00 +[\d.]+ +0\.00 +0 +\d+ +0$/m);
    expect(out).toMatch(/^Mem: +4\.0Gi/m);
    expect(err.match(/# modelled here, not measured/g)).toHaveLength(5);
  });

  test('ping, nc and curl use the network of the lab', async () => {
    const { out, err } = await shell(
      [
        'ping -c 2 -i 0.1 10.0.0.2',
        'ping -c 1 nosuch',
        'nc -zv 10.0.0.2 6379',
        'nc -z 10.0.0.2 6380 || echo closed',
        "printf 'PING\\r\\n' | nc 10.0.0.2 6379",
        'curl http://10.0.0.2:9121/metrics',
      ],
      replicated,
    );
    expect(out).toContain('2 packets transmitted, 2 received, 0% packet loss');
    expect(out).toMatch(/closed\n\+PONG\r\n$/);
    expect(err).toContain('ping: nosuch: Name or service not known\n');
    expect(err).toContain('Connection to 10.0.0.2 6379 port [tcp/redis] succeeded!\n');
    expect(err).toContain('curl: (7) Failed to connect to 10.0.0.2 port 9121 after 0 ms');
  });

  test('scp and ssh reach other hosts', async () => {
    const { out } = await shell(
      [
        'redis-cli -h 10.0.0.1 SET a 1',
        'ssh 10.0.0.1 redis-cli SAVE',
        'scp 10.0.0.1:/data/dump.rdb /tmp/copy.rdb',
        'redis-check-rdb /tmp/copy.rdb | tail -3',
        "ssh 10.0.0.2 'ps | grep -c redis-server'",
      ],
      replicated,
    );
    expect(out).toMatch(/^dump\.rdb +100% +\d+ +[\d.]+MB\/s +00:00/m);
    expect(out).toContain('[info] 1 keys read\n');
    expect(out).toMatch(/\n1\n$/);
  });

  test('scp -r copies a folder, under its own name into one that is there', async () => {
    const { out } = await shell(
      [
        'redis-cli -h 10.0.0.1 CONFIG SET appendonly yes',
        'sleep 0.3',
        'scp -q -r 10.0.0.1:/data/appendonlydir /backup/new',
        'scp -q -r 10.0.0.1:/data/appendonlydir /backup',
        'find /backup -name "*.manifest"',
      ],
      replicated,
    );
    expect(out).toContain(
      '/backup/appendonlydir/appendonly.aof.manifest\n/backup/new/appendonly.aof.manifest\n',
    );
  });

  test('a script file reads what programs print as a pipe does', async () => {
    const { out } = await shell([
      "printf '#!/bin/bash\\nN=$(redis-cli INCR n)\\necho n is $N\\n' > count.sh",
      'bash count.sh',
    ]);
    expect(out).toContain('n is 1\n');
  });

  test('date, tail and aws follow the lab and its disk', async () => {
    const { out, err } = await shell([
      'date +%Y',
      'date -d @0 "+%F %T"',
      "printf 'a\\nb\\nc\\n' > log",
      'tail -n 2 log',
      'printf 1 | tail -n +1',
      'aws s3 cp log s3://backups/daily/',
      'aws s3 ls s3://backups/daily/',
      'aws s3 cp s3://backups/daily/log copy && cat copy | tail -1',
      'aws s3 cp none s3://backups/',
      'AWS_S3_FAIL=1 aws s3 cp log s3://backups/',
    ]);
    expect(out).toMatch(
      /^\d{4}\n1970-01-01 00:00:00\nb\nc\n1upload: \.\/log to s3:\/\/backups\/daily\/log\n/,
    );
    expect(out).toMatch(/ {10}6 log\ndownload: s3:\/\/backups\/daily\/log to \.\/copy\nc\n$/);
    expect(err).toContain('The user-provided path none does not exist.');
    expect(err).toContain('upload failed: ./log to s3://backups/log Could not connect');
  });

  test('what follows without end hears Ctrl-C', async () => {
    const control = new AbortController();
    const code = 'echo 1 > log\ntail -f log';
    const running = runIn(startLab(), { language: 'shell', code }, control.signal);
    await new Promise((resolve) => setTimeout(resolve, 300));
    control.abort(new Error('Stopped.'));
    await expect(running).rejects.toThrow('Stopped.');
  });
});

describe('what no shell should be given', () => {
  test('ends with a message, and the server lives on', async () => {
    const { out, err } = await shell([
      ':(){ :|:& };:',
      'rm -rf /',
      'sudo rm -fr / && echo gone',
      'while true; do echo x; done > /dev/null',
      'cat nosuch',
      'redis-check-aof nosuch',
      'redis-server nosuch.conf',
      'tail nosuch',
      'redis-cli PING',
    ]);
    expect(err).toContain('maximum recursion depth');
    expect(err).toContain("rm: it is dangerous to operate recursively on '/'");
    expect(err).toContain('bash: too many commands executed (>30000)\n');
    expect(err).toContain('cat: nosuch: No such file or directory\n');
    expect(err).toContain("tail: cannot open 'nosuch' for reading: No such file or directory\n");
    expect(out).toContain('Cannot open file nosuch: No such file or directory\n');
    expect(out).toMatch(/PONG\n$/);
    expect(out).not.toContain('gone');
  });
});
