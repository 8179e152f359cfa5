/**
 * A chart of Redis in the shape of the Bitnami one, with templates of our own: a master, replicas, a
 * secret, claims of 8Gi. Names and values are those that people know from there.
 */
import { toBase64 } from '../kubernetes/base64.ts';
import type { Container, Labels, Manifest } from '../kubernetes/objects.ts';
import {
  type Chart,
  ChartError,
  isOn,
  type ReleaseFacts,
  type Rendered,
  textAt,
  type Values,
  valueAt,
} from './chart.ts';

const persistence = {
  enabled: true,
  storageClass: '',
  accessModes: ['ReadWriteOnce'],
  size: '8Gi',
};
const resources = {
  limits: { memory: '192Mi' },
  requests: { cpu: '100m', memory: '128Mi' },
};

const values: Values = {
  architecture: 'replication',
  image: {
    registry: 'docker.io',
    repository: 'bitnamilegacy/redis',
    tag: '',
    pullPolicy: 'IfNotPresent',
  },
  auth: { enabled: true, password: '', existingSecret: '', existingSecretPasswordKey: '' },
  commonConfiguration: 'appendonly yes\nsave ""\n',
  master: { persistence, resources, service: { type: 'ClusterIP', ports: { redis: 6379 } } },
  replica: {
    replicaCount: 3,
    persistence,
    resources,
    service: { type: 'ClusterIP', ports: { redis: 6379 } },
  },
  sentinel: { enabled: false },
  metrics: { enabled: false },
  networkPolicy: { enabled: true, allowExternal: true },
  pdb: { create: true },
};

/** One version of it. */
export const redisChart = (version: string, appVersion: string): Chart => ({
  name: 'redis',
  version,
  appVersion,
  description: 'Redis in the shape of the Bitnami chart, by templates of this page.',
  values,
  render: (given, release) => new Templates(given, release, { version, appVersion }).render(),
  notes: notesOf,
});

/** "redis" where the release is called after it, else "cache-redis". */
const fullName = ({ name }: ReleaseFacts) => (name.includes('redis') ? name : `${name}-redis`);

type Role = 'master' | 'replica';

class Templates {
  readonly #values: Values;
  readonly #release: ReleaseFacts;
  readonly #name: string;
  readonly #versions: { readonly version: string; readonly appVersion: string };

  constructor(
    given: Values,
    release: ReleaseFacts,
    versions: { readonly version: string; readonly appVersion: string },
  ) {
    this.#values = given;
    this.#release = release;
    this.#name = fullName(release);
    this.#versions = versions;
  }

  render(): readonly Rendered[] {
    this.#check();
    const hasReplicas = textAt(this.#values, 'architecture') === 'replication';
    const hasOwnSecret = isOn(this.#values, 'auth.enabled') && !this.#existingSecret;
    return [
      ...(isOn(this.#values, 'networkPolicy.enabled') ? [this.#networkPolicy()] : []),
      ...(isOn(this.#values, 'pdb.create') ? [this.#budget('master')] : []),
      ...(isOn(this.#values, 'pdb.create') && hasReplicas ? [this.#budget('replica')] : []),
      this.#account('master'),
      ...(hasReplicas ? [this.#account('replica')] : []),
      ...(hasOwnSecret ? [this.#secret()] : []),
      this.#configuration(),
      this.#headless(),
      this.#service('master'),
      ...(hasReplicas ? [this.#service('replica')] : []),
      this.#statefulSet('master'),
      ...(hasReplicas ? [this.#statefulSet('replica')] : []),
    ];
  }

  #check(): void {
    const architecture = textAt(this.#values, 'architecture');
    if (architecture !== 'replication' && architecture !== 'standalone') {
      throw new ChartError(
        `execution error at (redis/templates/NOTES.txt): architecture: ${architecture} is neither standalone nor replication`,
      );
    }
    for (const path of ['sentinel.enabled', 'metrics.enabled', 'tls.enabled']) {
      if (isOn(this.#values, path)) throw new ChartError(`${path}=true is not simulated here`);
    }
  }

  get #existingSecret(): string {
    return textAt(this.#values, 'auth.existingSecret');
  }

  #labels(role?: Role): Labels {
    return {
      'app.kubernetes.io/instance': this.#release.name,
      'app.kubernetes.io/managed-by': 'Helm',
      'app.kubernetes.io/name': 'redis',
      'app.kubernetes.io/version': this.#versions.appVersion,
      'helm.sh/chart': `redis-${this.#versions.version}`,
      ...(role && { 'app.kubernetes.io/component': role }),
    };
  }

  #selector(role?: Role): Labels {
    return {
      'app.kubernetes.io/instance': this.#release.name,
      'app.kubernetes.io/name': 'redis',
      ...(role && { 'app.kubernetes.io/component': role }),
    };
  }

  #object(
    file: string,
    kind: string,
    apiVersion: string,
    name: string,
    rest: Record<string, unknown>,
    role?: Role,
  ): Rendered {
    const metadata = { name, namespace: this.#release.namespace, labels: this.#labels(role) };
    return { file, manifest: { apiVersion, kind, metadata, ...rest } as Manifest };
  }

  #networkPolicy(): Rendered {
    const isOpen = isOn(this.#values, 'networkPolicy.allowExternal');
    const clients = { podSelector: { matchLabels: { [`${this.#name}-client`]: 'true' } } };
    const own = { podSelector: { matchLabels: this.#selector() } };
    const rule = { ports: [{ port: 6379 }], ...(!isOpen && { from: [clients, own] }) };
    return this.#object('networkpolicy.yaml', 'NetworkPolicy', 'networking.k8s.io/v1', this.#name, {
      spec: {
        podSelector: { matchLabels: this.#selector() },
        policyTypes: ['Ingress'],
        ingress: [rule],
      },
    });
  }

  #budget(role: Role): Rendered {
    const name = `${this.#name}-${pluralOf(role)}`;
    return this.#object(
      `${pluralOf(role)}/pdb.yaml`,
      'PodDisruptionBudget',
      'policy/v1',
      name,
      { spec: { maxUnavailable: 1, selector: { matchLabels: this.#selector(role) } } },
      role,
    );
  }

  #account(role: Role): Rendered {
    return this.#object(
      `${pluralOf(role)}/serviceaccount.yaml`,
      'ServiceAccount',
      'v1',
      `${this.#name}-${role}`,
      { automountServiceAccountToken: false },
      role,
    );
  }

  #secret(): Rendered {
    const password = textAt(this.#values, 'auth.password') || this.#release.password;
    return this.#object('secret.yaml', 'Secret', 'v1', this.#name, {
      type: 'Opaque',
      data: { 'redis-password': toBase64(password) },
    });
  }

  #configuration(): Rendered {
    return this.#object('configmap.yaml', 'ConfigMap', 'v1', `${this.#name}-configuration`, {
      data: { 'redis.conf': `dir /data\n${textAt(this.#values, 'commonConfiguration')}` },
    });
  }

  #headless(): Rendered {
    return this.#object('headless-svc.yaml', 'Service', 'v1', `${this.#name}-headless`, {
      spec: {
        type: 'ClusterIP',
        clusterIP: 'None',
        publishNotReadyAddresses: true,
        ports: [{ name: 'tcp-redis', port: 6379, targetPort: 'redis' }],
        selector: this.#selector(),
      },
    });
  }

  #service(role: Role): Rendered {
    const port = valueAt(this.#values, `${role}.service.ports.redis`);
    return this.#object(
      `${pluralOf(role)}/service.yaml`,
      'Service',
      'v1',
      `${this.#name}-${pluralOf(role)}`,
      {
        spec: {
          type: textAt(this.#values, `${role}.service.type`),
          ports: [{ name: 'tcp-redis', port, targetPort: 'redis' }],
          selector: this.#selector(role),
        },
      },
      role,
    );
  }

  #statefulSet(role: Role): Rendered {
    const isMaster = role === 'master';
    const persistent = isOn(this.#values, `${role}.persistence.enabled`);
    const configuration = { name: 'config', configMap: { name: `${this.#name}-configuration` } };
    const template = {
      metadata: { labels: { ...this.#labels(role) } },
      spec: {
        serviceAccountName: `${this.#name}-${role}`,
        terminationGracePeriodSeconds: 30,
        containers: [this.#container(role)],
        volumes: [configuration, ...(persistent ? [] : [{ name: 'redis-data', emptyDir: {} }])],
      },
    };
    const spec = {
      replicas: isMaster ? 1 : valueAt(this.#values, 'replica.replicaCount'),
      serviceName: `${this.#name}-headless`,
      selector: { matchLabels: this.#selector(role) },
      template,
      ...(persistent && { volumeClaimTemplates: [this.#claim(role)] }),
    };
    const file = isMaster ? 'master/application.yaml' : 'replicas/application.yaml';
    const name = `${this.#name}-${pluralOf(role)}`;
    return this.#object(file, 'StatefulSet', 'apps/v1', name, { spec }, role);
  }

  #claim(role: Role) {
    const storageClass = textAt(this.#values, `${role}.persistence.storageClass`);
    return {
      metadata: { name: 'redis-data', labels: this.#selector(role) },
      spec: {
        accessModes: valueAt(this.#values, `${role}.persistence.accessModes`),
        resources: { requests: { storage: textAt(this.#values, `${role}.persistence.size`) } },
        ...(storageClass !== '' && { storageClassName: storageClass }),
      },
    };
  }

  #container(role: Role): Container {
    const hasPassword = isOn(this.#values, 'auth.enabled');
    const name = this.#name;
    const headless = `${name}-headless.${this.#release.namespace}.svc.cluster.local`;
    const master = `${name}-master-0.${headless}`;
    const password = hasPassword ? ['--requirepass', '$(REDIS_PASSWORD)'] : [];
    const replication = role === 'replica' ? ['--replicaof', master, '6379'] : [];
    const login = hasPassword ? ['--masterauth', '$(REDIS_PASSWORD)'] : [];
    const probe = { tcpSocket: { port: 'redis' }, periodSeconds: 5, timeoutSeconds: 2 };
    return {
      name: 'redis',
      image: this.#image(),
      imagePullPolicy: textAt(this.#values, 'image.pullPolicy'),
      command: ['redis-server'],
      args: ['/etc/redis/redis.conf', ...password, ...login, ...replication],
      ...(hasPassword && { env: [this.#password()] }),
      ports: [{ name: 'redis', containerPort: 6379 }],
      livenessProbe: { ...probe, initialDelaySeconds: 20, failureThreshold: 5 },
      readinessProbe: { ...probe, initialDelaySeconds: 2, failureThreshold: 5 },
      resources: valueAt(this.#values, `${role}.resources`) as NonNullable<Container['resources']>,
      volumeMounts: [
        { name: 'redis-data', mountPath: '/data' },
        { name: 'config', mountPath: '/etc/redis' },
      ],
    };
  }

  #password() {
    const key = textAt(this.#values, 'auth.existingSecretPasswordKey') || 'redis-password';
    const name = this.#existingSecret || this.#name;
    return { name: 'REDIS_PASSWORD', valueFrom: { secretKeyRef: { name, key } } };
  }

  #image(): string {
    const tag = textAt(this.#values, 'image.tag') || this.#versions.appVersion;
    return `${textAt(this.#values, 'image.registry')}/${textAt(this.#values, 'image.repository')}:${tag}`;
  }
}

const pluralOf = (role: Role) => (role === 'master' ? 'master' : 'replicas');

function notesOf(given: Values, release: ReleaseFacts): string {
  const name = fullName(release);
  const at = (service: string) => `${service}.${release.namespace}.svc.cluster.local`;
  const hasReplicas = textAt(given, 'architecture') === 'replication';
  const hasPassword = isOn(given, 'auth.enabled');
  const secret = textAt(given, 'auth.existingSecret') || name;
  return [
    'The pods are being started; look with: kubectl get pods',
    '',
    'Names under which Redis answers inside the cluster, at port 6379:',
    `    ${at(`${name}-master`)}  reads and writes`,
    ...(hasReplicas ? [`    ${at(`${name}-replicas`)}  reads only`] : []),
    ...(hasPassword
      ? [
          '',
          'The password:',
          `    export REDIS_PASSWORD=$(kubectl get secret --namespace ${release.namespace} ${secret} -o jsonpath="{.data.redis-password}" | base64 -d)`,
        ]
      : ['', 'There is no password: whoever reaches the service may do everything.']),
    '',
    'A session at the master:',
    `    kubectl exec --namespace ${release.namespace} ${name}-master-0 -- redis-cli${hasPassword ? ' -a $REDIS_PASSWORD' : ''}`,
  ].join('\n');
}
