import { expect, test } from 'vitest';
import { readSet } from '../ops/helm/values.ts';
import type { World } from '../wire/link.ts';
import { shellIn, startLab } from './terminal.test-data.ts';

/** What a script prints; errors begin with "! ". */
async function shell(world: World, code: string): Promise<string> {
  const { chunks } = await shellIn(world, code);
  return chunks.map(({ stream, text }) => (stream === 'err' ? `! ${text}` : text)).join('');
}

test('a chart is installed, changed, taken back and removed; claims stay', async () => {
  // A second takes ten milliseconds.
  const world = startLab({ rate: 100 });
  const installed = await shell(
    world,
    `helm install my-redis bitnami/redis
helm uninstall my-redis --keep-history
helm repo add bitnami https://charts.bitnami.com/bitnami
helm install my-redis bitnami/redis --set auth.password=secret --set replica.replicaCount=2 --wait
kubectl get pvc -o name; kubectl get secret my-redis -o jsonpath='{.data.redis-password}' | base64 -d
kubectl exec my-redis-master-0 -- redis-cli -a secret --no-auth-warning INFO replication | grep connected_slaves
helm install my-redis bitnami/redis`,
  );
  expect(installed).toContain('! Error: INSTALLATION FAILED: repo bitnami not found');
  expect(installed).toContain('Error: the flag --keep-history is not simulated here');
  expect(installed).toContain('STATUS: deployed\nREVISION: 1\n');
  expect(installed).toContain('persistentvolumeclaim/redis-data-my-redis-replicas-1');
  expect(installed).toContain('secret');
  expect(installed).toContain('connected_slaves:2');
  expect(installed).toContain('cannot re-use a name that is still in use');

  const changed = await shell(
    world,
    `kubectl get pod my-redis-replicas-0 -o jsonpath='{.metadata.uid}' > before
helm upgrade my-redis bitnami/redis --reuse-values --set replica.replicaCount=1 --wait > upgraded
kubectl get pod my-redis-replicas-0 -o jsonpath='{.metadata.uid}' > after
diff before after && echo same pod
kubectl get pods -o name
helm rollback my-redis 1 --wait
helm history my-redis
helm uninstall my-redis
helm list
kubectl get pvc -o name`,
  );
  expect(changed).toContain('same pod');
  expect(changed).toMatch(/replicas-0\nRollback was a success! Happy Helming!\n/);
  expect(changed).toMatch(/2 .*superseded.*\n3 .*deployed.*Rollback to 1/);
  expect(changed).toContain('release "my-redis" uninstalled');
  expect(changed.match(/persistentvolumeclaim\//g)).toHaveLength(3);
});

test('values are read as helm reads them', () => {
  expect(readSet('auth.password=secret,replica.replicaCount=2')).toEqual({
    auth: { password: 'secret' },
    replica: { replicaCount: 2 },
  });
  expect(readSet('a=true,b=null,c={x,1},d[1]=y,e\\.f=g\\,h')).toEqual({
    ...{ a: true, b: null, c: ['x', 1], d: [null, 'y'] },
    'e.f': 'g,h',
  });
  expect(readSet('a=7', true)).toEqual({ a: '7' });
  expect(() => readSet('a')).toThrow('has no value');
});
