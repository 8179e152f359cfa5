import { expect, test } from 'vitest';
import type { World } from '../wire/link.ts';
import { shellIn, startLab } from './terminal.test-data.ts';

/** The operator's manifest is the one that the lesson applies. */
const lessons = import.meta.glob<string>('../../content/30-kubernetes.md', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const [, MANIFEST = ''] =
  /file=redis-operator.yaml[^\n]*\n(.*?)\n```/s.exec(Object.values(lessons)[0] ?? '') ?? [];

const set = (mode: string) => `apiVersion: redis.example.com/v1
kind: RedisSet
metadata:
  name: orders
spec:
  mode: ${mode}
  backup:
    schedule: "*/5 * * * *"
`;

/** A lab in which a second takes ten milliseconds. */
const start = () => startLab({ rate: 100 });

async function shell(world: World, code: string): Promise<string> {
  const { chunks } = await shellIn(world, code);
  return chunks.map(({ text }) => text).join('');
}

const apply = (text: string) => `kubectl apply -f - <<'EOF'\n${text}\nEOF\n`;

test('a replicated set has a primary, and another one when its pod is gone', async () => {
  const world = start();
  const made = await shell(
    world,
    `${apply(MANIFEST)}${apply(set('replicated'))}until kubectl get rset | grep -q '3/3 *orders-0'; do sleep 1; done
sleep 2
kubectl get rset
kubectl exec orders-0 -- redis-cli SET order:1 paid
kubectl exec orders-1 -- redis-cli ROLE | head -2
kubectl get cronjob orders-backup -o jsonpath='{.spec.schedule}'`,
  );
  expect(made).toMatch(/orders +replicated +3\/3 +orders-0/);
  expect(made).toContain('slave\norders-0.orders-nodes\n');
  expect(made).toContain('*/5 * * * *');
  const later = await shell(
    world,
    `kubectl delete pod orders-0 --wait=false
until kubectl get rset | grep -q orders-1; do sleep 1; done
kubectl get rset
until kubectl exec orders-0 -- redis-cli ROLE 2>&1 | grep -q connected; do sleep 1; done
kubectl exec orders-0 -- redis-cli ROLE | head -2
redis-cli -h orders GET order:1`,
  );
  expect(later).toMatch(/orders +replicated +\d\/3 +orders-1/);
  expect(later).toContain('slave\norders-1.orders-nodes\n');
  expect(later).toMatch(/paid"?\n$/);
});

test('the nodes of a cluster share the slots', async () => {
  const made = await shell(
    start(),
    `${apply(MANIFEST)}${apply(set('cluster'))}until kubectl exec orders-0 -- redis-cli CLUSTER INFO 2>&1 | grep cluster_state:ok; do sleep 1; done
kubectl exec orders-0 -- redis-cli CLUSTER INFO | head -6`,
  );
  expect(made).toContain('cluster_state:ok');
  expect(made).toContain('cluster_known_nodes:3');
});

test('nodes that could not meet are introduced again', async () => {
  const closed = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: no-bus }
spec: { podSelector: { matchLabels: { redis.example.com/set: orders } }, ingress: [{ ports: [{ port: 6379 }] }] }
`;
  const made = await shell(
    start(),
    `${apply(closed)}${apply(MANIFEST)}${apply(set('cluster'))}until kubectl get pods 2>&1 | grep -q 'orders-2 *1/1'; do sleep 1; done
sleep 20
kubectl exec orders-0 -- redis-cli CLUSTER INFO | grep -E 'state|known'
kubectl delete networkpolicy no-bus
until kubectl get rset | grep 'each node'; do sleep 1; done
kubectl exec orders-0 -- redis-cli CLUSTER INFO | grep -E 'state|known'`,
  );
  expect(made).toMatch(/cluster_state:fail\r?\ncluster_known_nodes:1\r?\n/);
  expect(made).toMatch(/3\/3 +each node[\s\S]*cluster_state:ok\r?\ncluster_known_nodes:3\r?\n$/);
});
