import { expect, test } from 'vitest';
import { ApiServer, NoMatchError } from './api.ts';
import { bootstrap } from './bootstrap.ts';
import { ManifestError, readManifests } from './decode.ts';
import { wordsOf } from './kubectl/context.ts';

/** What becomes of a file: the names of what is kept, or what is said of it. */
function apply(...files: string[]): string {
  const api = new ApiServer(() => 0);
  bootstrap(api);
  try {
    const all = files.flatMap((text) => readManifests(text, 'redis.yaml'));
    return all.map((manifest) => api.apply(manifest).what).join(' ');
  } catch (error) {
    if (error instanceof NoMatchError || error instanceof ManifestError) return error.message;
    const words = wordsOf(error);
    if (words === undefined) throw error;
    return words;
  }
}

const set = (spec: string, labels = '{ app: redis }') => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: redis }
spec:
${spec}
  template:
    metadata: { labels: ${labels} }
    spec:
      containers: [{ name: redis, image: redis }]
`;
const good = set('  serviceName: redis\n  selector: { matchLabels: { app: redis } }');
const pod = (spec: string) => `apiVersion: v1
kind: Pod
metadata: { name: redis }
spec:
${spec}
`;
const service = (spec: string, name = 'redis') => `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: ${spec}
`;

test('what is right is kept, and applied again unchanged', () => {
  expect(apply(good, good, good.replace('image: redis', 'image: redis:7'))).toBe(
    'created unchanged configured',
  );
});

test.each<[what: string, file: string, said: string]>([
  [
    'no selector',
    set('  serviceName: redis'),
    'The StatefulSet "redis" is invalid: \n* spec.selector: Required value\n* spec.template.metadata.labels: Invalid value: map[string]string{"app":"redis"}: `selector` does not match template `labels`',
  ],
  [
    'labels that do not fit',
    set('  selector: { matchLabels: { app: redis } }', '{ app: cache }'),
    'The StatefulSet "redis" is invalid: spec.template.metadata.labels: Invalid value: map[string]string{"app":"cache"}: `selector` does not match template `labels`',
  ],
  [
    'a field that is not there',
    set('  selector: { matchLabels: { app: redis } }\n  replica: 3'),
    'Error from server (BadRequest): StatefulSet in version "v1" cannot be handled as a StatefulSet: strict decoding error: unknown field "spec.replica"',
  ],
  [
    'a field of another type',
    set('  selector: { matchLabels: { app: redis } }\n  replicas: three'),
    'Error from server (BadRequest): StatefulSet in version "v1" cannot be handled as a StatefulSet: json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32',
  ],
  [
    'an environment variable that is a number',
    pod('  containers: [{ name: a, image: redis, env: [{ name: PORT, value: 6379 }] }]'),
    'Error from server (BadRequest): Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
  ],
  [
    'a volume that is missing',
    pod(
      '  containers: [{ name: a, image: redis, volumeMounts: [{ name: data, mountPath: /data }] }]',
    ),
    'The Pod "redis" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "data"',
  ],
  [
    'containers that are missing',
    pod('  restartPolicy: Sometimes'),
    'The Pod "redis" is invalid: \n* spec.containers: Required value\n* spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
  ],
  [
    'a request above its limit',
    pod(
      '  containers: [{ name: a, image: redis, resources: { requests: { memory: 2Gi }, limits: { memory: 1Gi } } }]',
    ),
    'The Pod "redis" is invalid: spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
  ],
  [
    'an amount that is none',
    pod('  containers: [{ name: a, image: redis, resources: { limits: { memory: 1 gig } } }]'),
    'Error from server (BadRequest): Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'',
  ],
  [
    'a service without ports',
    service('{ selector: { app: redis } }'),
    'The Service "redis" is invalid: spec.ports: Required value',
  ],
  [
    'a service that begins with a digit',
    service('{ ports: [{ port: 6379 }] }', '7redis'),
    'a DNS-1035 label must consist of',
  ],
  [
    'a group that has no such kind',
    good.replace('apps/v1', 'v1'),
    'no matches for kind "StatefulSet" in version "v1"',
  ],
  [
    'a kind that nobody has',
    'apiVersion: x.io/v1\nkind: constructor',
    'no matches for kind "constructor" in version "x.io/v1"',
  ],
  [
    'no kind',
    'apiVersion: v1',
    'error validating "redis.yaml": error validating data: kind not set',
  ],
  [
    'a line that is no YAML',
    'a: b: c',
    'yaml: line 1: mapping values are not allowed in this context',
  ],
  ['a tab', 'a:\n\tb: c', 'yaml: line 2: found character that cannot start any token'],
  ['a quote that stays open', 'kind: "Pod', 'found unexpected end of stream'],
  [
    'no map at all',
    '- a',
    'json: cannot unmarshal array into Go value of type map[string]interface {}',
  ],
  [
    'an interval that is no schedule',
    'apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: a }\nspec: { schedule: "hourly", jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: redis }] } } } } }',
    'The CronJob "a" is invalid: spec.schedule: Invalid value: "hourly": expected exactly 5 fields, found 1: [hourly]',
  ],
  [
    'a namespace that is not there',
    good.replace('name: redis }', 'name: redis, namespace: shop }'),
    'Error from server (NotFound): namespaces "shop" not found',
  ],
])('%s is refused', (_, file, said) => {
  expect(apply(file)).toContain(said);
});

test('what makes a StatefulSet what it is stays', () => {
  expect(apply(good, good.replace('serviceName: redis', 'serviceName: other'))).toBe(
    "The StatefulSet \"redis\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  );
});

test('a definition makes a kind, whose schema is held to', () => {
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: caches.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Cache, plural: caches, singular: cache }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [size]
              properties:
                size: { type: integer, minimum: 1 }
                mode: { type: string, enum: [single, cluster], default: single }
`;
  const cache = (spec: string) =>
    `apiVersion: example.com/v1\nkind: Cache\nmetadata: { name: a }\nspec: ${spec}`;
  expect(apply(definition, cache('{ size: 3 }'))).toBe('created created');
  expect(apply(cache('{ size: 3 }'))).toContain('no matches for kind "Cache"');
  expect(apply(definition, cache('{}'))).toBe(
    'The Cache "a" is invalid: spec.size: Required value',
  );
  expect(apply(definition, cache('{ size: 0 }'))).toContain('greater than or equal to 1');
  expect(apply(definition, cache('{ size: 1, mode: x }'))).toContain('Unsupported value: "x"');
  expect(apply(definition, cache('{ size: 1, sise: 2 }'))).toContain('unknown field "spec.sise"');
});
