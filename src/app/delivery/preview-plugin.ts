/**
 * Vite: makes `vite preview`, which is what `npm start` runs, answer as a good static host does.
 * Everything is isolated, text is compressed, files named by their content are kept for ever.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Connect, Plugin } from 'vite';
import { isolationHeaders } from './isolation.ts';

type Encoding = 'br' | 'gzip';

const mediaTypes: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

const encoders: Record<Encoding, (body: Buffer) => Buffer> = {
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (body) => gzipSync(body),
};

export function previewPlugin(): Plugin {
  let outDir = '';
  return {
    name: 'keyspace:preview',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    configurePreviewServer(server) {
      server.middlewares.use(headers);
      server.middlewares.use(files(outDir));
    },
  };
}

const headers: Connect.NextHandleFunction = (request, response, next) => {
  const forEver = request.url?.startsWith('/assets/');
  response.setHeader('Cache-Control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache');
  for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value);
  next();
};

/**
 * Answers for text that the browser takes compressed, and for files that are missing: Vite would
 * answer with the page, and the browser would try to run that as a script. Leaves the rest to Vite.
 */
function files(outDir: string): Connect.NextHandleFunction {
  const bodies = new Map<string, Buffer>();
  return (request, response, next) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = extname(pathname) ? join(outDir, pathname) : pageOf(outDir, pathname);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) {
      response.setHeader('Cache-Control', 'no-cache').writeHead(404).end();
      return;
    }
    const type = mediaTypes[extname(file)];
    const encoding = preferredEncoding(String(request.headers['accept-encoding'] ?? ''));
    if (!type || !encoding || !stat.isFile()) return next();

    const tag = `"${encoding}-${stat.size}-${stat.mtimeMs}"`;
    response.setHeader('Content-Type', type).setHeader('Content-Encoding', encoding);
    response.setHeader('Vary', 'Accept-Encoding').setHeader('ETag', tag);
    if (request.headers['if-none-match'] === tag) return void response.writeHead(304).end();
    const key = `${file} ${tag}`;
    const body = bodies.get(key) ?? encoders[encoding](readFileSync(file));
    bodies.set(key, body);
    response.setHeader('Content-Length', body.length);
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}

/** The page of an address: a lesson has its own. */
function pageOf(outDir: string, pathname: string): string {
  const own = join(outDir, `${pathname}.html`);
  return existsSync(own) ? own : join(outDir, 'index.html');
}

function preferredEncoding(accepted: string): Encoding | undefined {
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding));
}
