import { expect, test } from 'vitest';
import { utf8Encode } from '../engine/bytes/bytes.ts';
import { Lab } from '../engine/lab/lab.ts';
import { Machine } from '../engine/lab/machine.ts';
import { encodeCommand } from '../engine/resp/encode.ts';
import { kubectlOn } from '../ops/kubernetes/kubectl/kubectl.ts';
import { Kubernetes } from '../ops/kubernetes/kubernetes.ts';
import type { Machine as ShellMachine } from '../shell/program.ts';
import { infrastructureOf } from './cluster-host.ts';
import { logLine } from './log.ts';

/** A cluster in a lab whose time passes only when somebody waits for it. */
function start() {
  const lab = new Lab({ topology: { kind: 'standalone' }, seed: 1 });
  const machines = new Map<string, Machine>();
  const machine = (address: string) => machines.get(address) ?? new Machine(lab, address, logLine);
  const place = {
    ...{ lab, machine, host: machine('10.0.0.1') },
    settle: (host: Machine) => machines.set(host.address, host),
    vacate: (address: string) => machines.delete(address),
    enter: <T>(task: () => T) => task(),
    isLeft: () => false,
    atEnd: () => () => {},
  };
  const cluster = new Kubernetes(infrastructureOf(place, () => shell));
  // Of a shell only what kubectl touches here.
  const shell = {
    now: () => lab.clock.now,
    sleep: async (ms: number) => lab.clock.advance(ms),
    breathe: async () => {},
  } as unknown as ShellMachine;
  const host = undefined as never;
  const kubectl = async (line: string, stdin = '') => {
    let said = '';
    const add = (text: string) => {
      said += text;
    };
    const { signal } = new AbortController();
    await kubectlOn(
      host,
      () => cluster,
    )({
      ...{ args: line.split(' '), env: {}, folder: '/root', stdin: utf8Encode(stdin) },
      ...{ isTerminal: true, machine: shell, print: add, complain: add, signal },
    });
    return said;
  };
  /** Sends a command from a host; what is answered, or how it failed. */
  const ask = (address: string, from: string, ...argv: string[]) => {
    let answer = '';
    const onData = (bytes: string) => {
      answer += bytes;
    };
    const connection = lab.dial(address, from, { onData, onClose() {} });
    connection?.send(encodeCommand(argv));
    lab.settle();
    if (connection) return answer.trim();
    return lab.network.isDropped(address, from) ? 'dropped' : 'refused';
  };
  const advance = (seconds: number) => lab.clock.advance(seconds * 1000);
  const apply = async (text: string) => {
    const said = await kubectl('apply -f -', text);
    advance(10);
    return said;
  };
  const address = (pod: string, namespace = 'default') =>
    cluster.api.get('Pod', pod, namespace).status.podIP ?? '';
  return { lab, cluster, kubectl, ask, advance, apply, address };
}

const set = (replicas: number, container = '', rest = '') => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: redis }
spec:
  serviceName: redis
  replicas: ${replicas}
  selector: { matchLabels: { app: redis } }
${rest}  template:
    metadata: { labels: { app: redis } }
    spec:
      containers:
        - name: redis
          image: redis:7-alpine
          ports: [{ containerPort: 6379 }]
          volumeMounts: [{ name: data, mountPath: /data }]
${container}  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: Service
metadata: { name: redis }
spec: { clusterIP: None, selector: { app: redis }, ports: [{ port: 6379 }] }
`;

const pods = 'get pods --no-headers';
/** Names and how they stand, without ages. */
const brief = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split(/ {2,}/).slice(0, 3).join(' '));

test('pods start in order, each with a claim, and stop from the last', async () => {
  const { kubectl, apply, advance, cluster } = start();
  await apply(set(3));
  expect(brief(await kubectl(pods))).toEqual([
    'redis-0 1/1 Running',
    'redis-1 1/1 Running',
    'redis-2 1/1 Running',
  ]);
  const nodes = cluster.api.list('Pod').map(({ spec }) => spec.nodeName);
  expect(new Set(nodes).size).toBe(3);
  const starts = cluster.api.list('Pod').map(({ metadata }) => metadata.creationTimestamp);
  expect(starts).toEqual([...starts].sort());
  expect(await kubectl('scale sts redis --replicas=1')).toBe('statefulset.apps/redis scaled\n');
  advance(5);
  expect(brief(await kubectl(pods))).toEqual(['redis-0 1/1 Running']);
  expect(await kubectl('get pvc -o name')).toBe(
    'persistentvolumeclaim/data-redis-0\npersistentvolumeclaim/data-redis-1\npersistentvolumeclaim/data-redis-2\n',
  );
});

test('names, service addresses and what is behind them', async () => {
  const { ask, apply, address, kubectl, advance } = start();
  await apply(set(2));
  await apply(
    'apiVersion: v1\nkind: Service\nmetadata: { name: cache }\nspec: { selector: { app: redis }, ports: [{ port: 80, targetPort: 6379 }] }',
  );
  const from = address('redis-0');
  expect(ask('redis-1.redis:6379', from, 'SET', 'a', '1')).toBe('+OK');
  expect(ask('redis-1.redis.default.svc.cluster.local:6379', from, 'GET', 'a')).toContain('1');
  expect(ask('redis-1:6379', from, 'PING')).toBe('refused');
  const seen = [1, 2, 3, 4].map(() => ask('cache:80', from, 'EXISTS', 'a'));
  expect(new Set(seen)).toEqual(new Set([':0', ':1']));
  expect(ask('cache:81', from, 'PING')).toBe('refused');
  await kubectl('label pod redis-1 app=other --overwrite');
  advance(1);
  expect(ask('redis-1.redis:6379', from, 'PING')).toBe('refused');
  await kubectl('delete svc cache');
  advance(1);
  expect(await kubectl('get endpoints cache')).toContain('NotFound');
});

test('a service is in the environment only of pods that start later', async () => {
  const { apply, cluster, advance, kubectl } = start();
  await apply(set(1));
  const env = () => {
    const pod = cluster.api.get('Pod', 'redis-0');
    return cluster.kubelets.runtime(pod)?.container()?.env ?? {};
  };
  await apply(
    'apiVersion: v1\nkind: Service\nmetadata: { name: my-cache }\nspec: { selector: { app: redis }, ports: [{ port: 6379 }] }',
  );
  expect(env()).not.toHaveProperty('MY_CACHE_SERVICE_HOST');
  await kubectl('delete pod redis-0');
  advance(5);
  const { MY_CACHE_SERVICE_HOST: host, MY_CACHE_PORT: port } = env();
  expect(port).toBe(`tcp://${host}:6379`);
});

test('a rolling update begins with the last pod and ends at the partition', async () => {
  const { apply, cluster, advance, kubectl } = start();
  await apply(set(3));
  const rest = '  updateStrategy: { type: RollingUpdate, rollingUpdate: { partition: 2 } }\n';
  await apply(set(3, '', rest).replace('redis:7-alpine', 'redis:7.4'));
  const images = () => cluster.api.list('Pod').map(({ spec }) => spec.containers[0]?.image);
  expect(images()).toEqual(['redis:7-alpine', 'redis:7-alpine', 'redis:7.4']);
  await apply(set(3).replace('redis:7-alpine', 'redis:7.4'));
  expect(await kubectl('rollout status sts/redis')).toContain('rolling update complete 3 pods');
  expect(images()).toEqual(['redis:7.4', 'redis:7.4', 'redis:7.4']);
  expect(await kubectl('rollout undo sts/redis')).toBe('statefulset.apps/redis rolled back\n');
  advance(30);
  expect(images()).toEqual(['redis:7-alpine', 'redis:7-alpine', 'redis:7-alpine']);
});

test('a pod of a lost node is not replaced before somebody says that it has ended', async () => {
  const { apply, cluster, advance, kubectl, ask, address } = start();
  await apply(set(1));
  expect(ask(`${address('redis-0')}:6379`, '10.0.0.1', 'SET', 'a', '1')).toBe('+OK');
  ask(`${address('redis-0')}:6379`, '10.0.0.1', 'SAVE');
  const node = cluster.api.get('Pod', 'redis-0').spec.nodeName ?? '';
  cluster.loseNode(node);
  expect(ask(`${address('redis-0')}:6379`, '10.0.0.1', 'PING')).toBe('dropped');
  advance(41);
  expect(await kubectl(`get node ${node}`)).toContain('NotReady');
  expect(brief(await kubectl(pods))).toEqual(['redis-0 1/1 Running']);
  advance(301);
  expect(brief(await kubectl(pods))).toEqual(['redis-0 1/1 Terminating']);
  advance(3600);
  expect(brief(await kubectl(pods))).toEqual(['redis-0 1/1 Terminating']);
  await kubectl('delete pod redis-0 --force --grace-period=0');
  advance(10);
  expect(cluster.api.get('Pod', 'redis-0').spec.nodeName).not.toBe(node);
  expect(ask(`${address('redis-0')}:6379`, '10.0.0.1', 'GET', 'a')).toContain('1');
  cluster.recoverNode(node);
  expect(await kubectl(`get node ${node} --no-headers`)).toMatch(/ Ready /);
});

test('a container that needs more than its limit is killed, and comes back later each time', async () => {
  const { apply, address, ask, advance, kubectl } = start();
  await apply(set(1, '          resources: { limits: { memory: 4Mi } }\n'));
  const fill = () => ask(`${address('redis-0')}:6379`, '10.0.0.1', 'SETRANGE', 'a', '6000000', 'x');
  fill();
  advance(1.5);
  expect(brief(await kubectl(pods))[0]).toMatch(/OOMKilled|Running/);
  advance(3);
  expect(await kubectl('describe pod redis-0')).toMatch(/Reason: +OOMKilled\n +Exit Code: +137/);
  fill();
  advance(4);
  expect(brief(await kubectl(pods))).toEqual(['redis-0 0/1 CrashLoopBackOff']);
  advance(12);
  expect(brief(await kubectl(pods))).toEqual(['redis-0 1/1 Running']);
});

test('a container whose server crashes has ended by its signal', async () => {
  const { apply, address, ask, advance, kubectl } = start();
  await apply(set(1, '          args: [--enable-debug-command, "yes"]\n'));
  for (const [how, code] of [
    ['SEGFAULT', 139],
    ['ASSERT', 134],
  ] as const) {
    expect(ask(`${address('redis-0')}:6379`, '10.0.0.1', 'DEBUG', how)).toBe('');
    advance(15);
    const described = await kubectl('describe pod redis-0');
    expect(described).toMatch(
      new RegExp(`Last State: .*\\n +Reason: +Error\\n +Exit Code: +${code}`),
    );
    expect(brief(await kubectl(pods))).toEqual(['redis-0 1/1 Running']);
  }
});

test('an image that nobody has, and a room that is too small', async () => {
  const { apply, kubectl } = start();
  await apply(set(1).replace('redis:7-alpine', 'rediss:7'));
  expect(brief(await kubectl(pods))[0]).toMatch(/ErrImagePull|ImagePullBackOff/);
  expect(await kubectl('logs redis-0')).toContain(
    'is waiting to start: trying and failing to pull',
  );
  await kubectl('delete sts redis --force');
  await apply(set(1, '          resources: { requests: { memory: 5Gi } }\n'));
  expect(brief(await kubectl(pods))).toEqual(['redis-0 0/1 Pending']);
  expect(await kubectl('get events')).toContain('0/3 nodes are available: 3 Insufficient memory.');
});

test('a volume that is missing is refused when the pod is made', async () => {
  const { apply, kubectl } = start();
  expect(await kubectl('apply -f -', set(1, '          workingDir: /data\n'))).toBe(
    'Warning: workingDir is accepted and does nothing here\nstatefulset.apps/redis created\nservice/redis created\n',
  );
  await kubectl('delete sts redis --force');
  const text = set(1).replace(/ {2}volumeClaimTemplates[\s\S]*?---/, '---');
  expect(await apply(text)).toContain('statefulset.apps/redis created');
  expect(await kubectl('get sts redis --no-headers')).toMatch(/^redis +0\/1/);
  expect(await kubectl('describe sts redis')).toContain(
    'create Pod redis-0 in StatefulSet redis failed error: Pod "redis-0" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "data"',
  );
});

test('a probe decides who is behind a service', async () => {
  const { apply, kubectl, address, ask, advance } = start();
  const probe =
    '          readinessProbe: { exec: { command: [sh, -c, "redis-cli ping | grep PONG"] }, periodSeconds: 2 }\n';
  await apply(set(1, probe));
  expect(brief(await kubectl(pods))).toEqual(['redis-0 1/1 Running']);
  ask(`${address('redis-0')}:6379`, '10.0.0.1', 'CONFIG', 'SET', 'requirepass', 'x');
  advance(10);
  expect(brief(await kubectl(pods))).toEqual(['redis-0 0/1 Running']);
  expect(await kubectl('get endpoints redis --no-headers')).toContain('<none>');
  expect(await kubectl('get events')).toContain('Readiness probe failed: NOAUTH');
});

test('a policy lets in only who is named', async () => {
  const { apply, kubectl, address, ask } = start();
  await apply(set(1));
  await kubectl('create namespace shop');
  const client = (name: string, space: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${space}, labels: { role: ${name} } }\nspec: { containers: [{ name: a, image: busybox, command: [sleep, infinity] }] }\n---\n`;
  await apply(`${client('web', 'default')}${client('web', 'shop')}${client('other', 'default')}`);
  const all = () =>
    [address('web'), address('other'), address('web', 'shop')].map((from) =>
      ask('redis-0.redis.default:6379', from, 'PING'),
    );
  expect(all()).toEqual(['+PONG', '+PONG', '+PONG']);
  await apply(
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: redis }\nspec: { podSelector: { matchLabels: { app: redis } }, ingress: [{ from: [{ podSelector: { matchLabels: { role: web } } }], ports: [{ port: 6379 }] }] }',
  );
  expect(all()).toEqual(['+PONG', 'dropped', 'dropped']);
});

test('a Deployment rolls, and a budget holds up who drains a node', async () => {
  const { apply, kubectl, advance, cluster } = start();
  const deployment = (image: string) =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { replicas: 2, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: a, image: ${image} }] } } }`;
  await apply(deployment('redis:7'));
  await apply(deployment('redis:7.4'));
  expect(await kubectl('rollout status deploy/web')).toBe(
    'deployment "web" successfully rolled out\n',
  );
  expect(await kubectl('get deploy web --no-headers')).toMatch(/^web +2\/2 +2 +2/);
  expect(await kubectl('rollout history deploy/web')).toContain('2          <none>');
  await apply(
    'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: web }\nspec: { minAvailable: 2, selector: { matchLabels: { app: web } } }',
  );
  const node = cluster.api.list('Pod')[0]?.spec.nodeName ?? '';
  const draining = kubectl(`drain ${node}`);
  await Promise.resolve();
  await kubectl('scale deploy web --replicas=3');
  advance(10);
  expect(await draining).toContain(`node/${node} drained`);
  expect(await kubectl(`get node ${node}`)).toContain('Ready,SchedulingDisabled');
});

test('init containers run one after the other before the others', async () => {
  const { apply, kubectl, advance } = start();
  await kubectl(
    'apply -f -',
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { initContainers: [{ name: one, image: busybox, command: [sleep, "3"] }, { name: two, image: busybox, command: [sleep, "3"] }], containers: [{ name: a, image: redis }] }',
  );
  const states: string[] = [];
  for (const seconds of [2, 3, 5]) {
    advance(seconds);
    states.push(...brief(await kubectl(pods)));
  }
  expect(states).toEqual(['a 0/1 Init:0/2', 'a 0/1 Init:1/2', 'a 1/1 Running']);
  expect(await apply('kind: Pod')).toContain('apiVersion not set');
});

test('a CronJob makes a Job every minute', async () => {
  const { apply, kubectl, advance } = start();
  await apply(
    'apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: backup }\nspec: { schedule: "* * * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: busybox, command: [sleep, "1"] }] } } } } }',
  );
  advance(130);
  expect((await kubectl('get jobs --no-headers')).match(/Complete +1\/1/g)).toHaveLength(2);
});

test('objects as YAML, by a path, and as names', async () => {
  const { apply, kubectl } = start();
  await apply(set(2));
  expect(await kubectl('get pods -o jsonpath={.items[*].metadata.name}')).toBe('redis-0 redis-1');
  expect(await kubectl('get sts/redis -o yaml')).toContain('  replicas: 2\n');
  expect(await kubectl('get pods -l app!=redis')).toBe(
    'No resources found in default namespace.\n',
  );
  expect(await kubectl('get constructor')).toContain(`doesn't have a resource type "constructor"`);
  expect(await kubectl('get pods nosuch')).toBe(
    'Error from server (NotFound): pods "nosuch" not found\n',
  );
  expect(await kubectl('top pods')).toContain('kubectl top is not simulated here');
  expect(await kubectl('frobnicate')).toBe('error: unknown command "frobnicate" for "kubectl"\n');
  expect(await kubectl('get pods --frob')).toBe('error: unknown flag: --frob\n');
  for (const line of ['delete sts redis --dry-run=client', 'get pods --field-selector=a=b']) {
    expect(await kubectl(line)).toMatch(/^error: .* is not simulated here\n$/);
  }
  expect(await kubectl('get sts redis --no-headers')).toMatch(/^redis +2\/2/);
  expect(await kubectl('scale sts redis --replicas=many')).toBe(
    'error: invalid argument "many" for "--replicas" flag: strconv.ParseInt: parsing "many": invalid syntax\n',
  );
  expect(await kubectl('rollout status sts/redis --timeout=soon')).toBe(
    'error: invalid argument "soon" for "--timeout" flag: time: invalid duration "soon"\n',
  );
  expect(await kubectl('explain sts.spec')).toContain('serviceName');
});
