import { describe, expect, test } from 'vitest';
import type { Program } from '../runtimes/program.ts';
import { runIn, shellIn, startLab } from './terminal.test-data.ts';

/** What a terminal of a new lab prints, and the status it ends with. */
const run = (program: Program, signal?: AbortSignal) => runIn(startLab(), program, signal);
const shell = (...lines: string[]) => shellIn(startLab(), ...lines);

describe('a shell', () => {
  test('runs redis-cli as on a terminal, and raw behind a pipe', async () => {
    const { out, status } = await shell(
      'redis-cli SET greeting "hello world"\nredis-cli GET greeting\nredis-cli GET greeting | cat',
    );
    expect(out).toBe('OK\n"hello world"\nhello world\n');
    expect(status).toBe(0);
  });

  test('knows pipes, loops, substitution and here-documents', async () => {
    const { out } = await shell(
      [
        'for i in 1 2 3; do',
        '  redis-cli INCR hits > /dev/null',
        'done',
        'echo "hits: $(redis-cli GET hits)" # a remark',
        'redis-cli <<EOF',
        'SET a 1',
        'GET a',
        'EOF',
        'redis-cli INFO server | grep -c tcp_port',
      ].join('\n'),
    );
    expect(out).toBe('hits: 3\nOK\n"1"\n1\n');
  });

  test('prints for people unless somebody else reads it', async () => {
    const { out } = await shell(
      'echo 1 > file\nredis-cli SET a "$(cat file)" && redis-cli GET a || echo no\nx=$(redis-cli GET a); echo "$x"',
    );
    expect(out).toBe('OK\n"1"\n1\n');
  });

  test('keeps variables, the folder and files from one line to the next', async () => {
    const { out } = await shell(
      'mkdir -p /srv/app\ncd /srv/app\nNAME=ada\necho "port 6390" > redis.conf\npwd\necho $NAME\ncat redis.conf',
    );
    expect(out).toBe('/srv/app\nada\nport 6390\n');
  });

  test('starts a server with a file and options, finds it with ps and ends it with kill', async () => {
    const { out, err } = await shell(
      [
        "echo 'maxmemory 100mb' > my.conf",
        'redis-server my.conf --port 6380 --daemonize yes',
        'redis-cli -p 6380 CONFIG GET maxmemory',
        'redis-cli -p 6380 SET here yes',
        'redis-cli -p 6380 SAVE',
        'ls dump.rdb',
        'ps | grep -c redis-server',
        "kill -9 $(ps | grep 6380 | awk '{print $1}')",
        'redis-cli -p 6380 PING',
      ].join('\n'),
    );
    expect(out).toBe('1) "maxmemory"\n2) "104857600"\nOK\nOK\ndump.rdb\n2\n');
    expect(err).toBe('Could not connect to Redis at 127.0.0.1:6380: Connection refused\n');
  });

  test('a port that is taken is refused in the words of redis-server', async () => {
    const { err, status } = await shell('redis-server --port 6379');
    expect(err).toContain(
      'Could not create server TCP listening socket *:6379: bind: Address already in use',
    );
    expect(status).toBe(1);
  });

  test('puts load on a server with redis-benchmark', async () => {
    const { out } = await shell(
      'redis-benchmark -n 1000 -c 5 -P 10 -t set,get -q\nredis-benchmark -n 100 -t incr --csv\nredis-cli GET counter:__rand_int__\nredis-benchmark -n 50 -c 2 lpush list x',
    );
    expect(out).toMatch(/^SET: [\d.]+ requests per second, p50=[\d.]+ msec$/m);
    expect(out).toMatch(/^"INCR"(,"[\d.]+"){7}$/m);
    expect(out).toMatch(/^"100"$/m);
    expect(out).toContain('====== lpush list x ======\n  50 requests completed in');
    expect(out).toMatch(/^100\.000% <= [\d.]+ milliseconds \(cumulative count 50\)$/m);
  });

  test('tells the status of what ran last', async () => {
    const { out } = await shell(
      'redis-cli -e INCR\necho $?\nredis-cli PING\necho $?\nfalse\necho $?',
    );
    expect(out).toBe('1\nPONG\n0\n1\n');
  });

  test('says what is no command, and goes on', async () => {
    const { out, err } = await shell('nosuch\necho on');
    expect(err).toContain('nosuch: command not found');
    expect(out).toBe('on\n');
  });

  test('a program that has ended leaves no connection behind', async () => {
    const { out } = await shell(
      'redis-cli PING\nredis-cli PING | cat\nredis-benchmark -n 10 -c 3 -t get -q\nredis-cli CLIENT LIST | grep -c id=',
    );
    expect(out).toMatch(/\n1\n$/);
  });

  test('words of JavaScript are no programs', async () => {
    const { err } = await shell('constructor\ntoString');
    expect(err).toContain('constructor: command not found');
    expect(err).toContain('toString: command not found');
  });

  test('what is printed to either stream stays in the order of the commands', async () => {
    const { chunks } = await shell(
      `x='1;2'; echo "$x; a"; ls /none; cd /; pwd; echo \\; b # ; c\nfalse; echo $?`,
    );
    const printed = chunks.map(({ text }) => text).join('');
    expect(printed).toBe('1;2; a\nls: /none: No such file or directory\n/\n; b\n1\n');
  });

  test('prints as it goes within a loop too, both streams in order', async () => {
    const { chunks } = await shell(
      'for i in 1 2; do echo $i; ls /none; redis-cli INCR x; done\nseq 2 | while read n; do redis-cli SET k $n; nosuch; done',
    );
    const printed = chunks.map(({ text }) => text).join('');
    const missing = 'ls: /none: No such file or directory\n';
    const unknown = 'bash: nosuch: command not found\n';
    expect(printed).toBe(
      `1\n${missing}(integer) 1\n2\n${missing}(integer) 2\nOK\n${unknown}OK\n${unknown}`,
    );
  });

  test('keeps functions and arrays from one line to the next', async () => {
    const { out } = await shell(
      'add() { redis-cli INCR "$1"; }\nadd a\nadd a | cat\nkeys=(a b)\nkeys+=("c d")\nfalse',
      `echo $? $${'{#keys[@]}'} "$${'{keys[2]}'}"`,
    );
    expect(out).toBe('(integer) 1\n2\n1 3 c d\n');
  });

  test('runs jobs beside what follows, and knows jobs, wait and kill', async () => {
    const { out, err } = await shellIn(
      startLab({ rate: 20 }),
      '(sleep 1; redis-cli RPUSH q late > /dev/null) & redis-cli BLPOP q 5; wait',
      'sleep 100 &',
      'jobs; kill %1; jobs; wait',
      'redis-server --port 6390 > /tmp/log 2>&1 &',
      'sleep 1; ps | grep -c 6390; kill $!; wait; ps | grep -c 6390',
      'timeout 3 redis-cli BLPOP none 0; echo $?; kill %1',
    );
    const job = `[1]+  ${'Running'.padEnd(24)}sleep 100 &\n`;
    expect(out).toBe(`1) "q"\n2) "late"\n${job}1\n0\n124\n`);
    expect(err).toBe('bash: kill: %1: no such job\n');
  });

  test('systemctl and journalctl are about the server of the host', async () => {
    const { out, err } = await shell(
      'redis-cli SET a 1; systemctl stop redis; systemctl is-active redis; systemctl status redis | grep Active',
      'systemctl restart redis-server && redis-cli GET a; systemctl is-active redis-server',
      'journalctl -u redis-server | grep -c "systemd\\[1\\]: St"; timeout 1 journalctl -n 1 -fu redis | wc -l',
      'systemctl status nginx; systemctl start nginx; service mysql start',
    );
    expect(out).toMatch(
      /^OK\ninactive\n {5}Active: inactive \(dead\) since .* UTC; \ds ago\n"1"\nactive\n\d\n1\n$/,
    );
    expect(err).toBe(
      'Unit nginx.service could not be found.\nFailed to start nginx.service: Unit nginx.service not found.\nmysql: unrecognized service\n',
    );
  });

  test('cron runs jobs by the clock of the lab, mails what they print, and is refused in its words', async () => {
    const { out, err } = await shellIn(
      startLab({ rate: 1000, startMs: Date.UTC(2026, 0, 1, 2, 58) }),
      "printf '* * * * * redis-cli INCR beat\\n0 3 * * * echo daily > /tmp/daily%%ignored\\n' > tab",
      'crontab -l',
      'crontab tab && crontab -l | wc -l',
      'until [ -f /tmp/daily ]; do sleep 10; done; sleep 70; redis-cli GET beat; cat /tmp/daily',
      "grep -c 'CRON.*INCR beat' /var/log/syslog; grep -A8 '^From root@redis' /var/mail/root | tail -1",
      'crontab -r',
      'echo "61 * * * * x" | crontab -',
    );
    expect(out).toMatch(/^2\n"\d"\ndaily\n\d\n\d\n$/);
    expect(err).toBe(
      'no crontab for root\n"-":0: bad minute\nerrors in crontab file, can\'t install.\n',
    );
  });

  test('what a host has and this one has not says so', async () => {
    const { err, status } = await shell('sysctl vm.overcommit_memory\ndmesg | cat; ulimit -n');
    expect(err.match(/: not simulated here: /g)).toHaveLength(3);
    expect(status).toBe(1);
  });

  test('what redis-cli would do and cannot here says so', async () => {
    const { err } = await shell(
      'redis-cli --replica\nredis-cli -s /tmp/redis.sock PING\nredis-cli --tls PING',
    );
    expect(err.match(/not simulated here/g)).toHaveLength(3);
  });

  test('the same server has the same number in every terminal', async () => {
    const both = startLab();
    const { out: first } = await shellIn(
      both,
      "redis-server --port 6390 --daemonize yes\nredis-server --port 6391 --daemonize yes\nkill $(ps | grep 6390 | awk '{print $1}')\nps | grep 6391",
    );
    const { out: second } = await shellIn(both, 'ps | grep 6391');
    expect(second).toBe(first);
  });

  test('time that is slept is time of the lab', async () => {
    const { out } = await shellIn(
      startLab({ rate: 100_000 }),
      'redis-cli SET a 1 EX 30\nsleep 60\nredis-cli -r 2 -i 20 EXISTS a\n',
    );
    expect(out).toBe('OK\n(integer) 0\n(integer) 0\n');
  });

  test('a command that is repeated without end can be stopped', async () => {
    const control = new AbortController();
    const running = run({ language: 'shell', code: 'redis-cli -r -1 PING' }, control.signal);
    await new Promise((resolve) => setImmediate(resolve));
    control.abort(new Error('Stopped.'));
    await expect(running).rejects.toThrow('Stopped.');
  });

  test('is stopped in the middle of a program that never ends', async () => {
    const control = new AbortController();
    const running = run({ language: 'shell', code: 'redis-cli MONITOR' }, control.signal);
    control.abort(new Error('Stopped.'));
    await expect(running).rejects.toThrow('Stopped.');
  });
});

describe('a redis.conf', () => {
  test('starts a server, which logs as redis-server does', async () => {
    const { out, status } = await run({
      language: 'conf',
      code: 'port 6400\nmaxmemory 10mb\nio-threads 4\n',
    });
    expect(out).toMatch(/^\d+:M \d\d \w{3} \d{4} [\d:.]+ # oO0OoO0OoO0Oo Redis is starting/);
    expect(out).toMatch(/\* Ready to accept connections$/m);
    expect(out).toContain('without effect here: io-threads.');
    expect(status).toBe(0);
  });

  test('is refused with its line', async () => {
    const { err, status } = await run({ language: 'conf', code: 'port 6400\n\nmaxmemory lots\n' });
    expect(err).toContain('*** FATAL CONFIG FILE ERROR');
    expect(err).toContain("Reading the configuration file, at line 3\n>>> 'maxmemory lots'");
    expect(status).toBe(1);
  });
});

describe('a sentinel.conf', () => {
  const code = 'sentinel monitor mymaster localhost 6379 2\nsentinel resolve-hostnames yes\n';

  test('starts a Sentinel, which logs what it finds', async () => {
    const world = startLab({ rate: 100 });
    const { out, status } = await runIn(world, { language: 'sentinel-conf', code });
    expect(out).toMatch(/:X .* \* Running mode=sentinel, port=26379\.$/m);
    expect(out).toMatch(/# Sentinel ID is [0-9a-f]{40}$/m);
    expect(out).toMatch(/# \+monitor master mymaster 127\.0\.0\.1 6379 quorum 2$/m);
    expect(status).toBe(0);
  });

  test('starts the Sentinels of a lab anew, and they find one another', async () => {
    const topology = { kind: 'sentinel', replicas: 1, sentinels: 3 } as const;
    const world = startLab({ topology, rate: 100 });
    const monitor = 'port 26379\nsentinel monitor cache 10.0.0.1 6379 2\n';
    const { out } = await runIn(world, { language: 'sentinel-conf', code: monitor });
    const heard = out.match(/[+-]\w+ \w+ \S+ 10[\d.]+ \d+/g)?.map((line) => line.split(' ').at(-2));
    expect(heard?.sort()).toEqual(['10.0.0.1', '10.0.0.2', '10.0.1.2', '10.0.1.3']);
    const asked = await shellIn(world, 'redis-cli -h 10.0.1.3 -p 26379 SENTINEL CKQUORUM cache');
    expect(asked.out).toMatch(/^OK 3 usable Sentinels/);
  });

  test('is started by redis-sentinel too, which runs until it is ended', async () => {
    const { out } = await shell(
      [
        'printf "sentinel monitor m 127.0.0.1 6379 1\\ndaemonize yes\\n" > s.conf',
        'redis-sentinel s.conf && redis-cli -p 26379 SENTINEL GET-MASTER-ADDR-BY-NAME m',
        'ps | grep -c "\\[sentinel\\]"; grep -c "sentinel myid" s.conf',
        'redis-cli -p 26379 SHUTDOWN; ps | grep -c "\\[sentinel\\]"',
        'redis-sentinel',
      ].join('\n'),
    );
    expect(out).toBe('1) "127.0.0.1"\n2) "6379"\n1\n1\n0\n');
  });

  test('is refused with its line', async () => {
    const wrong = `${code}sentinel failover-timeout other 1\n`;
    const { err, status } = await run({ language: 'sentinel-conf', code: wrong });
    expect(err).toContain(
      "at line 3\n>>> 'sentinel failover-timeout other 1'\nNo such master with specified name.\n",
    );
    expect(status).toBe(1);
  });
});

describe('an ACL file', () => {
  test('is read and shown as the server understands it', async () => {
    const { out, status } = await run({
      language: 'acl',
      code: 'user default on nopass ~* &* +@all\nuser ada on >secret ~cache:* +get',
    });
    expect(out).toMatch(/^user ada on (sanitize-payload )?#[0-9a-f]{64} ~cache:\* .*-@all \+get$/m);
    expect(status).toBe(0);
  });

  test('is refused with its line', async () => {
    const { err, status } = await run({ language: 'acl', code: 'user ada on +nosuchcommand\n' });
    expect(err).toContain('users.acl:1');
    expect(status).toBe(1);
  });
});
