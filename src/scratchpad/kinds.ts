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
  lua: "redis.call('SET', 'greeting', 'hello')\nreturn redis.call('GET', 'greeting')",
};

/** Why a kind cannot be run yet; undefined for those that can. */
export function whyNot(kind: Kind): string | undefined {
  if (kind === 'redis' || kind === 'lua') return undefined;
  return `${kindNames[kind]} is not simulated here yet, so nothing was run. Redis commands and Lua scripts are.`;
}
