import { describe, expect, test } from 'vitest';
import type { World } from '../wire/link.ts';
import { runIn, shellIn, startLab } from './terminal.test-data.ts';

/** A lab in which a second takes ten milliseconds. */
const start = () => startLab({ rate: 100 });

const shell = (code: string) => shellIn(start(), code);
const prometheus = (world: World, code: string) =>
  runIn(world, { language: 'prometheus-conf', code });

describe('an exporter', () => {
  test('localhost in a container is the container, so the server is down', async () => {
    const { out } = await shell(
      'docker run -d --name exporter -p 9121:9121 -e REDIS_ADDR=redis://localhost:6379 oliver006/redis_exporter\ncurl -s localhost:9121/metrics | grep -E "^redis_(up|exporter_last)"\ndocker ps --all',
    );
    expect(out).toMatch(/^[0-9a-f]{64}\n/);
    expect(out).toContain('redis_up 0');
    expect(out).toContain('0.0.0.0:9121->9121/tcp');
  });

  test("on the host's network it tells what the server has", async () => {
    const { out } = await shell(
      'redis-cli SET a 1\nredis-cli GET a\nredis-cli GET nosuch\nredis-cli RPUSH queue 1 2 3\ndocker run -d --name exporter --network host -e REDIS_EXPORTER_CHECK_SINGLE_KEYS=queue oliver006/redis_exporter\ncurl -s localhost:9121/metrics',
    );
    for (const line of [
      'redis_up 1',
      'redis_keyspace_hits_total 1',
      'redis_keyspace_misses_total 1',
      'redis_db_keys{db="db0"} 2',
      'redis_commands_total{cmd="rpush"} 1',
      'redis_key_size{db="db0",key="queue"} 3',
      'redis_connected_clients 1',
      'redis_memory_max_bytes 0',
      '# TYPE redis_commands_processed_total counter',
    ]) {
      expect(out.split('\n'), line).toContain(line);
    }
    expect(out).toMatch(/^redis_slowlog_length \d+$/m);
  });

  test('a password that is missing is told as an error of the last scrape', async () => {
    const { out } = await shell(
      'redis-cli CONFIG SET requirepass secret\ndocker run -d --network host --name a oliver006/redis_exporter\ncurl -s localhost:9121/metrics | grep redis_exporter_last\ndocker rm -f a\ndocker run -d --network host --name a -e REDIS_PASSWORD=secret oliver006/redis_exporter\ncurl -s localhost:9121/metrics | grep redis_up',
    );
    expect(out).toContain('err="NOAUTH');
    expect(out).toContain('redis_up 1');
  });

  test('docker says what it does not know', async () => {
    const { err, status } = await shell(
      'docker run -d nginx\ndocker run --gpus all x\ndocker stop nosuch\ndocker build .',
    );
    expect(status).toBe(125);
    expect(err).toContain("Unable to find image 'nginx' locally");
    expect(err).toContain('unknown flag: --gpus');
    expect(err).toContain('No such container: nosuch');
    expect(err).toContain("'build' is not simulated here");
  });
});

describe('a Prometheus', () => {
  const config = `global:
  scrape_interval: 15s
  evaluation_interval: 15s
rule_files: [rules.yml]
scrape_configs:
  - job_name: redis
    static_configs:
      - targets: ['localhost:9121', 'localhost:9999']
`;

  test('scrapes its targets in the time of the lab, and says which are down', async () => {
    const { out, status } = await prometheus(start(), config);
    expect(status).toBe(0);
    expect(out).toContain('UP    http://localhost:9121/metrics');
    expect(out).toContain('DOWN  http://localhost:9999/metrics');
    expect(out).toContain('connect: connection refused');
  });

  test('answers questions, and its alerts go from pending to firing', async () => {
    const world = start();
    const rules = `cat > /etc/prometheus/rules.yml <<'EOF'
groups:
  - name: redis
    rules:
      - alert: RedisDown
        expr: up == 0
        for: 1m
        annotations:
          summary: "{{ $labels.instance }} is down"
EOF
mkdir -p /etc/prometheus; promtool check rules /etc/prometheus/rules.yml`;
    expect((await shellIn(world, `mkdir -p /etc/prometheus\n${rules}`)).out).toContain(
      'SUCCESS: 1 rules found',
    );
    await prometheus(world, config);
    const ask = async (path: string) =>
      JSON.parse((await shellIn(world, `curl -s 'localhost:9090/api/v1/${path}'`)).out);
    await shellIn(world, 'sleep 31');
    const pending = await ask('alerts');
    expect(pending.data.alerts[0]).toMatchObject({
      state: 'pending',
      annotations: { summary: 'localhost:9999 is down' },
    });
    await shellIn(world, 'sleep 90');
    expect((await ask('alerts')).data.alerts[0].state).toBe('firing');
    const rate = await ask('query?query=rate(redis_commands_processed_total[1m])>0');
    expect(rate.data.result[0].metric).toEqual({ instance: 'localhost:9121', job: 'redis' });
    const bad = await ask('query?query=sum(');
    expect(bad).toMatchObject({ status: 'error', errorType: 'bad_data' });
    const range = await ask('query_range?query=up&step=15');
    expect(range.data.result[0].values.length).toBeGreaterThan(5);
  });

  test.each([
    ['scrape_configs:\n  - job_name: redis\n    target: x', 'line 3: field target not found'],
    ['scrape_configs:\n  - static_configs: []', 'job_name is empty'],
    ['global:\n  scrape_interval: fast', 'not a valid duration string: "fast"'],
    ['scrape_configs: 5', 'cannot unmarshal'],
    ['a: [1', 'yaml: line'],
    [
      'scrape_configs:\n  - job_name: a\n    static_configs:\n      - targets: ["http://x:1"]',
      'is not a valid hostname',
    ],
    ['groups:\n  - name: a\n    rules:\n      - alert: x\n        expr: "sum("', 'could not parse'],
  ])('refuses a file at its line: %#', async (text, problem) => {
    const { status, err } = await prometheus(start(), text);
    expect(status).toBe(1);
    expect(err).toContain(problem);
  });
});
