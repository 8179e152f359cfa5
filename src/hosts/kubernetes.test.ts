import { describe, expect, test } from 'vitest';
import { runIn, shellIn, startLab } from './terminal.test-data.ts';

/** A lab in which a second takes ten milliseconds. */
const start = () => startLab({ rate: 100 });

const set = (more = '', spec = '') => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: redis
spec:
  serviceName: redis
  replicas: 1
  selector:
    matchLabels:
      app: redis
${spec}  template:
    metadata:
      labels:
        app: redis
    spec:
      containers:
        - name: redis
          image: redis:7-alpine
          ports:
            - containerPort: 6379
          volumeMounts:
            - name: data
              mountPath: /data
${more}  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 1Gi
`;

const service = `apiVersion: v1
kind: Service
metadata:
  name: redis
spec:
  selector:
    app: redis
  ports:
    - port: 6379
`;

describe('a StatefulSet and its Service', () => {
  test('a pod is a server with a name, whose data outlive it', async () => {
    const world = start();
    const applied = await runIn(world, { language: 'yaml', code: `${set()}---\n${service}` });
    expect(applied).toMatchObject({ status: 0, err: '' });
    expect(applied.out).toContain('statefulset.apps/redis created\nservice/redis created\n');
    expect(applied.out).toMatch(/redis-0 +1\/1 +Running +0/);
    const { out, err } = await shellIn(
      world,
      `kubectl get pods
kubectl exec redis-0 -- redis-cli SET greeting hello
kubectl exec redis-0 -- redis-cli SAVE
kubectl delete pod redis-0
kubectl rollout status sts/redis
kubectl exec redis-0 -- redis-cli -h redis GET greeting
kubectl get pvc,endpoints
kubectl logs redis-0 --tail=1`,
    );
    expect(err).toBe('');
    expect(out).toContain('pod "redis-0" deleted\n');
  });

  test('a script ends with its container, and a server beside it does not end one', async () => {
    const world = start();
    await runIn(world, { language: 'yaml', code: `${set()}---\n${service}` });
    const { out, err } = await shellIn(
      world,
      `kubectl run beat --image=redis:7 --command -- sh -c 'while true; do redis-cli -h redis INCR beat; sleep 1; done'
kubectl exec redis-0 -- redis-server --port 6380 --daemonize yes --protected-mode no
kubectl exec redis-0 -- redis-cli -p 6380 SHUTDOWN NOSAVE
until kubectl logs beat | grep -q 3; do sleep 1; done
kubectl delete pod beat --grace-period=1
before=$(kubectl exec redis-0 -- redis-cli GET beat)
sleep 10
[ "$before" = "$(kubectl exec redis-0 -- redis-cli GET beat)" ] && echo still
kubectl get pods --no-headers`,
    );
    expect(err).toBe('');
    expect(out).toMatch(/still\nredis-0 +1\/1 +Running +0 /);
  });

  test('a script decides by the name of the pod who follows whom', async () => {
    const world = start();
    // A script begins late on a slow machine: without a probe the pod would be ready before it.
    const script = `          readinessProbe: { tcpSocket: { port: 6379 }, periodSeconds: 1 }
          command: [sh, -c]
          args:
            - |
              if [ "$HOSTNAME" = redis-0 ]; then exec redis-server
              else exec redis-server --replicaof redis-0.redis 6379; fi
`;
    const text = `${set(script).replace('replicas: 1', 'replicas: 2')}---\n${service}`;
    const { out } = await runIn(world, {
      language: 'yaml',
      code: text.replace(
        'spec:\n  selector:\n    app',
        'spec:\n  clusterIP: None\n  selector:\n    app',
      ),
    });
    expect(out).toContain('statefulset.apps/redis created');
    const shell = await shellIn(
      world,
      `kubectl rollout status sts/redis
kubectl port-forward redis-0 6380:6379 &
sleep 1
redis-cli -p 6380 SET a 1
sleep 5
kubectl run client --rm -it --image=redis:7 -- redis-cli -h redis-1.redis GET a
kubectl exec redis-1 -- sh -c 'redis-cli ROLE | head -2; echo $HOSTNAME'
kubectl exec redis-1 -- redis-cli -h nosuch PING`,
    );
    expect(shell.out).toContain('Forwarding from 127.0.0.1:6380 -> 6379');
    expect(shell.out).toContain('OK\n1\npod "client" deleted\nslave\nredis-0.redis\nredis-1\n');
    expect(shell.err).toContain('nosuch:6379: Name or service not known');
  });
});
