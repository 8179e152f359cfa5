/**
 * Puts what Python in the page needs under public/python: Pyodide as npm delivers it, and redis-py,
 * which npm does not have. `npm ci` runs this, and `npm run build` again, which costs nothing when
 * all is there. redis-py comes from Debian's package on a Debian machine, else from pip; a digest
 * says that it is the right one. Where neither can be reached the page goes without it and says so.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const VERSION = '6.1.0';
const DEBIAN = {
  version: '6.1.0-2',
  suite: 'trixie',
  sha256: '85b4ab406ee9dc03a0474cf6b9c0b178d0124a9196e2d8ad7fc4c3a988e924e4',
};
/** Of all Python files of redis-py, with their names: Debian's package and the wheel agree. */
const SOURCES_SHA256 = '387f446b4bab045e72b04af0ee4d6e6b692dcf8db598caf25fe310abe92cbe62';
const ENGINE = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip'];

const root = resolve(import.meta.dirname, '../../..');
const to = join(root, 'public/python');
mkdirSync(to, { recursive: true });
const client = join(to, 'redis-py.json');
copyPyodide();
if (!existsSync(client) || JSON.parse(readFileSync(client, 'utf8')).version !== VERSION) {
  const sources = redisPy();
  if (sources) writeFileSync(client, JSON.stringify({ version: VERSION, files: sources }));
}
listFiles();

function copyPyodide() {
  const from = join(root, 'node_modules/pyodide');
  for (const file of [...ENGINE, 'pyodide-lock.json']) {
    const source = join(from, file);
    const target = join(to, file);
    if (existsSync(target) && statSync(target).size === statSync(source).size) continue;
    copyFileSync(source, target);
  }
}

/** What is loaded at the first run, with its sizes: the progress bar counts them. */
function listFiles() {
  const names = readdirSync(to).filter((name) => name !== 'files.json');
  const sizes = Object.fromEntries(
    names.sort().map((name) => [name, statSync(join(to, name)).size]),
  );
  writeFileSync(join(to, 'files.json'), JSON.stringify(sizes));
}

/** The Python files of redis-py by name, from wherever they can be had. */
function redisPy() {
  const folder = mkdtempSync(join(tmpdir(), 'redis-py-'));
  const problems = [];
  try {
    for (const get of [fromDebian, fromPip]) {
      try {
        const sources = readSources(get(folder));
        if (digestOf(sources) === SOURCES_SHA256) return sources;
        problems.push(`${get.name}: the files are not those of redis-py ${VERSION}`);
      } catch (error) {
        problems.push(`${get.name}: ${error instanceof Error ? error.message : error}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.error(`redis-py ${VERSION} could not be had; Python examples will not run here.`);
  for (const problem of problems) console.error(`  ${problem}`);
  if (process.env.CI === 'true') process.exitCode = 1;
  return undefined;
}

/** By apt, with lists of its own, so that the machine's stay as they are. @param {string} folder */
function fromDebian(folder) {
  if (!/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))) throw new Error('no Debian');
  const list = join(folder, 'sources.list');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(list, `deb [signed-by=${keyring}] ${mirror()} ${DEBIAN.suite} main\n`);
  const places = { Lists: 'State::Lists', Cache: 'Cache', Status: 'State::status' };
  for (const name of ['Lists', 'Cache'])
    mkdirSync(join(folder, name, 'partial'), { recursive: true });
  writeFileSync(join(folder, 'Status'), '');
  const options = [
    `Dir::Etc::SourceList=${list}`,
    'Dir::Etc::SourceParts=-',
    'Acquire::Languages=none',
    ...Object.entries(places).map(([name, option]) => `Dir::${option}=${join(folder, name)}`),
  ].flatMap((option) => ['-o', option]);
  run('apt-get', [...options, 'update'], folder);
  run('apt-get', [...options, 'download', `python3-redis=${DEBIAN.version}`], folder);
  const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.deb')) ?? '');
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (sha256 !== DEBIAN.sha256) throw new Error('the package has another digest');
  run('dpkg-deb', ['-x', file, join(folder, 'deb')], folder);
  return join(folder, 'deb/usr/lib/python3/dist-packages/redis');
}

/** The archive that the machine itself uses. */
function mirror() {
  const parts = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : []),
  ].filter((file) => existsSync(file));
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  return /https?:\/\/\S+\/debian\/?(?=\s|$)/.exec(text)?.[0] ?? 'http://deb.debian.org/debian';
}

/** @param {string} folder */
function fromPip(folder) {
  run('python3', ['-m', 'pip', 'download', '--no-deps', `redis==${VERSION}`], folder);
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl')) ?? '';
  run('python3', ['-m', 'zipfile', '-e', wheel, join(folder, 'wheel')], folder);
  return join(folder, 'wheel/redis');
}

/** @param {string} program @param {string[]} args @param {string} cwd */
function run(program, args, cwd) {
  execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 });
}

/** @param {string} folder @returns {Record<string, string>} */
function readSources(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.py')).sort();
  return Object.fromEntries(
    files.map((name) => [`redis/${name}`, readFileSync(join(folder, name), 'utf8')]),
  );
}

/** @param {Record<string, string>} sources */
function digestOf(sources) {
  return createHash('sha256').update(JSON.stringify(sources)).digest('hex');
}
