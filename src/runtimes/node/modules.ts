/** What `require` and `import` find. The clients are fetched when a program names them. */
import * as assert from './shims/assert.ts';
import buffer from './shims/buffer.ts';
import crypto from './shims/crypto.ts';
import dns from './shims/dns.ts';
import events from './shims/events.ts';
import fs from './shims/fs.ts';
import net from './shims/net.ts';
import nodeProcess from './shims/process.ts';
import { os, path, perfHooks, timersPromises, url } from './shims/small.ts';
import tls from './shims/tls.ts';
import util from './shims/util.ts';
import { nodeClearTimer, nodeSetImmediate, nodeSetInterval, nodeSetTimeout } from './timers.ts';

const timers = {
  ...{ setTimeout: nodeSetTimeout, setInterval: nodeSetInterval, setImmediate: nodeSetImmediate },
  ...{ clearTimeout: nodeClearTimer, clearInterval: nodeClearTimer },
};

const own: Readonly<Record<string, unknown>> = {
  ...{
    assert: assert.strict,
    'assert/strict': assert.strict,
    buffer,
    crypto,
    dns,
    events,
    fs,
    net,
  },
  ...{ 'dns/promises': dns.promises, 'fs/promises': fs.promises, os, path, perf_hooks: perfHooks },
  ...{ process: nodeProcess, timers, 'timers/promises': timersPromises, tls, url, util },
};

const clients: Readonly<Record<string, () => Promise<unknown>>> = {
  ioredis: async () => {
    const { default: Redis } = await import('ioredis');
    const options = await import('ioredis/built/redis/RedisOptions.js');
    // So that a failed command names the line that sent it.
    options.DEFAULT_REDIS_OPTIONS.showFriendlyErrorStack = true;
    return Redis;
  },
  redis: () => import('redis'),
  stream: () => import('readable-stream'),
};

const loaded = new Map<string, unknown>();

/** Fetches what the names ask for. What does not exist is found out by `requireModule`. */
export async function loadModules(names: Iterable<string>): Promise<void> {
  const wanted = [...new Set([...names].map(plain))];
  await Promise.all(
    wanted.map(async (name) => {
      const client = Object.hasOwn(clients, name) ? clients[name] : undefined;
      if (client && !loaded.has(name)) loaded.set(name, commonJs(await client()));
    }),
  );
}

export function requireModule(name: string): unknown {
  const known = plain(name);
  if (loaded.has(known)) return loaded.get(known);
  if (Object.hasOwn(own, known)) return own[known];
  const error = new Error(
    `Cannot find module '${name}': in the page there are ioredis, redis and parts of Node itself`,
  );
  throw Object.assign(error, { code: 'MODULE_NOT_FOUND' });
}

const plain = (name: string): string => name.replace(/^node:/, '');

/** A module as both manners of importing expect it: by name, and as its own default. */
function commonJs(module: unknown): unknown {
  if (typeof module !== 'object' || module === null) return module;
  return { ...module, default: (module as { default?: unknown }).default ?? { ...module } };
}
