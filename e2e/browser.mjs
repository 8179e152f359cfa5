/**
 * Finds a browser for the tests: the one that CHROME names, else the one that Playwright installed,
 * else the system's Chrome or Chromium, else the Chromium that travels inside an npm package, which
 * asks nothing of the machine but Linux on x64.
 */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { chromium } from '@playwright/test';
// @ts-expect-error tar-fs brings no types.
import tar from 'tar-fs';

/** @typedef {{ executablePath: string, env: Record<string, string> }} Browser what to start, and with which variables */

const SYSTEM = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * As root in a container, and on a machine that reaches no network but itself. Drawing as if there were
 * a graphics card took a sixth of the time of the tests.
 */
export const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-gpu-rasterization',
  '--disable-software-rasterizer',
  '--disable-extensions',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {Promise<Browser | undefined>} undefined where none is to be had */
export async function findBrowser() {
  const named = process.env.CHROME;
  if (named && !existsSync(named)) throw new Error(`CHROME names no file: ${named}`);
  const installed = named ?? [chromium.executablePath(), ...SYSTEM].find(existsSync);
  if (installed) return { executablePath: installed, env: {} };
  if (process.platform === 'linux' && process.arch === 'x64') return unpackedBrowser();
  return undefined;
}

/**
 * Unpacks @sparticuz/chromium into node_modules/.cache, once. Its own helper writes to /tmp and
 * picks its own arguments, so only its archives are used.
 * @returns {Promise<Browser>}
 */
async function unpackedBrowser() {
  const modules = join(import.meta.dirname, '../node_modules');
  const source = join(modules, '@sparticuz/chromium');
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  const folder = join(modules, '.cache/chromium', version);
  if (!existsSync(folder)) {
    // Under another name until it is complete: two runs may start at once, or one be interrupted.
    const unfinished = `${folder}.${process.pid}`;
    await unpack(join(source, 'bin'), unfinished);
    await writeFile(join(unfinished, 'fonts/fonts.conf'), fontConfiguration(folder));
    if (!existsSync(folder)) await rename(unfinished, folder);
  }
  const env = {
    LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
    FONTCONFIG_PATH: join(folder, 'fonts'),
    HOME: folder,
  };
  return { executablePath: join(folder, 'chromium'), env };
}

/** @param {string} source @param {string} target */
async function unpack(source, target) {
  const archive = (/** @type {string} */ name) =>
    /** @type {const} */ ([createReadStream(join(source, name)), createBrotliDecompress()]);
  await mkdir(target, { recursive: true });
  const program = createWriteStream(join(target, 'chromium'), { mode: 0o755 });
  await pipeline(...archive('chromium.br'), program);
  await pipeline(...archive('swiftshader.tar.br'), tar.extract(target));
  await pipeline(...archive('al2023.tar.br'), tar.extract(join(target, 'al2023')));
  await pipeline(...archive('fonts.tar.br'), tar.extract(join(target, 'fonts')));
}

/** Without the packed fonts all text is invisible on a machine that has none of its own. */
function fontConfiguration(/** @type {string} */ folder) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/font-cache</cachedir>
</fontconfig>
`;
}
