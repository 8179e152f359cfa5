/**
 * Builds dist/redis-server.mjs, the engine over TCP as one file that Node runs as it is, and puts
 * the Lua machine that it reads at start beside it.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

const dist = process.env.DIST ?? 'dist';
const lua = createRequire(import.meta.url).resolve('wasmoon-lua5.1/dist/liblua5.1.wasm');

mkdirSync(dist, { recursive: true });
await build({
  entryPoints: [join(import.meta.dirname, 'serve.ts')],
  outfile: join(dist, 'redis-server.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'linked',
  logLevel: 'warning',
  // CommonJS packages call require(), which an ES module does not have by itself.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});
copyFileSync(lua, join(dist, 'liblua5.1.wasm'));
