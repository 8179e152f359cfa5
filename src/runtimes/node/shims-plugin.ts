/**
 * Vite: what the Node clients import of Node itself becomes the stand-ins beside this file. Only for
 * the page: where Node itself runs the clients, in tests, they get the real modules.
 */
import { join } from 'node:path';
import type { Plugin } from 'vite';

/**
 * A file of ours, or the npm package that takes the module's place. With a slash at its end a name
 * means the package also where Node has a module of that name.
 */
const places: Readonly<Record<string, string>> = {
  assert: './shims/assert.ts',
  buffer: './shims/buffer.ts',
  crypto: './shims/crypto.ts',
  diagnostics_channel: './shims/diagnostics-channel.ts',
  dns: './shims/dns.ts',
  'dns/promises': './shims/dns-promises.ts',
  events: './shims/events.ts',
  net: './shims/net.ts',
  perf_hooks: './shims/perf-hooks.ts',
  process: './shims/process.ts',
  'process/': './shims/process.ts',
  stream: 'readable-stream',
  string_decoder: 'string_decoder/',
  'timers/promises': './shims/timers-promises.ts',
  tls: './shims/tls.ts',
  url: './shims/url.ts',
  util: './shims/util.ts',
};

/** What the worker loads: the development server must know before the first program does. */
export const nodePackages = [
  ...['ioredis', 'ioredis/built/redis/RedisOptions.js', 'redis', 'readable-stream', 'buffer/'],
  ...['events/', 'acorn', 'sucrase', 'node-inspect-extracted', '@noble/hashes/hmac.js'],
  ...['@noble/hashes/legacy.js', '@noble/hashes/sha2.js'],
];

export function nodeShimsPlugin(): Plugin {
  let isNodeWorker = false;
  return {
    name: 'keyspace:node-shims',
    enforce: 'pre',
    options({ input }) {
      isNodeWorker = JSON.stringify(input ?? '').includes('runtimes/node/worker');
    },
    resolveId(source, importer, options) {
      const name = source.replace(/^node:/, '');
      const place = Object.hasOwn(places, name) ? places[name] : undefined;
      if (place === undefined || process.env.VITEST) return null;
      if (place.startsWith('.')) return join(import.meta.dirname, place);
      return place === source
        ? null
        : this.resolve(place, importer, { ...options, skipSelf: true });
    },
    /** Errors and classes are shown by their names, which must survive; it costs time elsewhere. */
    outputOptions: (options) => (isNodeWorker ? { ...options, keepNames: true } : null),
  };
}
