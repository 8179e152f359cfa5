import { expect, test } from 'vitest';
import { shellIn, startLab } from './terminal.test-data.ts';

test('a container with Redis has a network, a disk and volumes of its own', async () => {
  const { out, err } = await shellIn(
    startLab({ rate: 20 }),
    'docker run -d --name cache -p 6380:6379 redis:7 --maxmemory 100mb > /dev/null',
    'redis-cli SET a host; redis-cli -p 6380 SET a inside; redis-cli GET a',
    'docker exec -it cache redis-cli GET a; docker exec cache redis-cli GET a; docker ps | grep -c 6380-',
    'docker stop cache; docker ps -a | grep -o "Exited (0)"; redis-cli -p 6380 PING',
    'docker start cache; sleep 1; redis-cli -p 6380 GET a; docker rm -f cache',
    'docker run -d --name one -v data:/data redis redis-server --appendonly yes > /dev/null; sleep 1',
    'docker exec one redis-cli SET k kept; docker rm -f one',
    'docker run -d --name two -v data:/data redis redis-server --appendonly yes > /dev/null; sleep 1',
    "docker exec two sh -c 'redis-cli GET k'; docker run --rm redis redis-cli -h two PING",
  );
  expect(err).toBe('Could not connect to Redis at 127.0.0.1:6380: Connection refused\n');
  expect(out).toBe(
    'OK\nOK\n"host"\n"inside"\ninside\n1\ncache\nExited (0)\ncache\n"inside"\ncache\nOK\none\nkept\nPONG\n',
  );
});

test('what docker does not have here is refused', async () => {
  const { out, err } = await shellIn(
    startLab(),
    'docker run -d -p 6379:6379 redis; docker run nginx; docker compose up; docker exec none ls',
    'docker run --rm redis redis-server --nosuch 1 > /dev/null; echo $?',
    "docker run -d --name x redis > /dev/null; docker inspect x; docker inspect -f '{{.State.Status}}' x",
  );
  expect(err).toContain('Bind for 0.0.0.0:6379 failed: port is already allocated');
  expect(err).toContain("Unable to find image 'nginx' locally");
  expect(err).toContain("docker: 'compose' is not simulated here");
  expect(err).toContain('No such container: none');
  expect(err).toContain('docker: not simulated here: inspect knows -f with .Id');
  expect(out).toBe('1\nrunning\n');
});
