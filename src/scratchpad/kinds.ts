/** What each kind of text is called, and what an empty scratchpad begins with. */
import type { Kind } from './address.ts';

export const kindNames: Readonly<Record<Kind, string>> = {
  redis: 'Redis commands',
  shell: 'Shell',
  conf: 'redis.conf',
  'sentinel-conf': 'sentinel.conf',
  acl: 'ACL file',
  python: 'Python',
  node: 'Node.js',
  lua: 'Lua script',
  yaml: 'Kubernetes YAML',
  prometheus: 'Prometheus configuration',
};

export const starters: Readonly<Partial<Record<Kind, string>>> = {
  redis: 'SET greeting "hello" EX 60\nGET greeting\nTTL greeting',
  shell: 'redis-cli SET greeting hello EX 60\nredis-cli GET greeting | tr a-z A-Z',
  conf: 'maxmemory 100mb\nmaxmemory-policy allkeys-lru\nappendonly yes',
  'sentinel-conf':
    'sentinel monitor mymaster 127.0.0.1 6379 2\nsentinel down-after-milliseconds mymaster 5000\nsentinel failover-timeout mymaster 60000',
  acl: 'user default on nopass ~* &* +@all\nuser ada on >secret ~cache:* +@read',
  python:
    "import redis\n\nr = redis.Redis(decode_responses=True)\nr.set('greeting', 'hello', ex=60)\nprint(r.get('greeting'), r.ttl('greeting'))",
  node: "import Redis from 'ioredis';\n\nconst redis = new Redis();\nawait redis.set('greeting', 'hello', 'EX', 60);\nconsole.log(await redis.get('greeting'), await redis.ttl('greeting'));\nawait redis.quit();",
  lua: "redis.call('SET', 'greeting', 'hello')\nreturn redis.call('GET', 'greeting')",
  yaml: 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: redis\nspec:\n  serviceName: redis\n  replicas: 1\n  selector:\n    matchLabels:\n      app: redis\n  template:\n    metadata:\n      labels:\n        app: redis\n    spec:\n      containers:\n        - name: redis\n          image: redis:7-alpine\n          ports:\n            - containerPort: 6379',
  prometheus:
    "global:\n  scrape_interval: 15s\n\nscrape_configs:\n  - job_name: redis\n    static_configs:\n      - targets: ['localhost:9121']",
};

/** What a text is called as a file. */
export const fileNames: Readonly<Record<Kind, string>> = {
  redis: 'commands.redis',
  shell: 'script.sh',
  conf: 'redis.conf',
  'sentinel-conf': 'sentinel.conf',
  acl: 'users.acl',
  python: 'program.py',
  node: 'program.mjs',
  lua: 'script.lua',
  yaml: 'manifest.yaml',
  prometheus: 'prometheus.yml',
};

/** What a text does when it runs: the end of the sentence "When you press Run, …". */
export const runsAs: Readonly<Record<Kind, string>> = {
  redis: 'its commands are sent to an empty server',
  shell: 'bash runs it beside an empty server',
  conf: 'a server is started with it',
  'sentinel-conf': 'it is read as redis-sentinel reads it',
  acl: 'a server is started with these users',
  python: 'Python runs it beside an empty server',
  node: 'Node runs it beside an empty server',
  lua: 'an empty server runs it by EVAL, or loads it where it begins with #!lua name= and calls its functions',
  yaml: 'it is applied to a small Kubernetes, and you see what its pods become',
  prometheus: 'a Prometheus beside an empty server and its exporter runs with it',
};

/** The name that the runtimes have for a kind. */
export const languageOf = (kind: Kind): string =>
  kind === 'prometheus' ? 'prometheus-conf' : kind;
