/** Stand-ins for modules of Node's of which examples and clients use a line or two. */
import { HOME } from '../home.ts';
import { Immediate, nodeSetTimeout } from '../timers.ts';

const { URL, URLSearchParams, performance } = globalThis;

export const os = {
  hostname: () => 'learner',
  cpus: () => [{ model: 'a browser', speed: 1000 }],
  platform: () => 'linux',
  tmpdir: () => '/tmp',
  EOL: '\n',
};

export const path = {
  join: (...parts: string[]) => tidy(parts.join('/')),
  resolve: (...parts: string[]) =>
    tidy(parts.reduce((at, part) => (part.startsWith('/') ? part : `${at}/${part}`), HOME)),
  basename: (name: string, suffix = '') => {
    const base = name.split('/').at(-1) ?? '';
    return base.endsWith(suffix) ? base.slice(0, base.length - suffix.length) : base;
  },
  dirname: (name: string) => name.replace(/\/?[^/]*$/, '') || '.',
  extname: (name: string) => /\.[^./]*$/.exec(name)?.[0] ?? '',
  sep: '/',
};

const tidy = (name: string): string => {
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `${name.startsWith('/') ? '/' : ''}${parts.join('/')}`;
};

export const perfHooks = { performance };
export const url = {
  URL,
  URLSearchParams,
  fileURLToPath: (from: string) => new URL(from).pathname,
};

export const timersPromises = {
  setTimeout: (ms?: number, value?: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const timer = nodeSetTimeout(() => resolve(value), ms);
      signal?.addEventListener('abort', () => {
        timer.close();
        reject(signal.reason);
      });
    }),
  setImmediate: (value?: unknown) => new Promise((resolve) => new Immediate(() => resolve(value))),
  async *setInterval(ms?: number, value?: unknown) {
    for (;;) yield await timersPromises.setTimeout(ms, value);
  },
};

const channel = () => ({
  hasSubscribers: false,
  publish() {},
  subscribe() {},
  unsubscribe: () => false,
});

export const diagnosticsChannel = { channel, hasSubscribers: () => false };
