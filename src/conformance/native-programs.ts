/** Runs programs of lessons where such programs come from: CPython and Node, over real sockets. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { Lab, type LabOptions } from '../engine/lab/lab.ts';
import { openLua } from '../hosts/lua-file.ts';
import { TcpHost } from '../hosts/tcp.ts';

const root = resolve(import.meta.dirname, '../..');
const helpers = join(import.meta.dirname, 'programs');
/** As `runtimes/python/set-up.mjs` leaves it. */
const REDIS_PY = join(root, 'public/python/redis-py.json');
const TIME_LIMIT_MS = 20_000;

type Texts = Readonly<Record<string, string>>;

/** A lab whose servers listen at ports of this machine, and what they are called in it. */
export class ServedLab {
  readonly lab: Lab;
  readonly places: Record<string, number> = {};
  readonly #host: TcpHost;
  readonly #bugs: unknown[] = [];

  constructor(options: Pick<LabOptions, 'topology' | 'config'>) {
    this.lab = new Lab({
      ...options,
      openLua,
      start: Date.now(),
      stopwatch: () => performance.now() * 1000,
      onShutdown: (name) => this.#leave(name),
    });
    this.#host = new TcpHost(this.lab, (error) => this.#bugs.push(error));
  }

  async open(): Promise<void> {
    for (const { host, port, accept } of this.lab.nodes) {
      this.places[`${host}:${port}`] = await this.#host.listen(accept, ANYWHERE);
    }
  }

  get hosts(): Texts {
    const ours = this.lab.nodes.map(({ name, host }) => [name, host]);
    return { localhost: '127.0.0.1', redis: '127.0.0.1', ...Object.fromEntries(ours) };
  }

  /** Throws what no command should have thrown. */
  async close(): Promise<void> {
    await this.#host.close();
    if (this.#bugs.length > 0) throw this.#bugs[0];
  }

  #leave(name: string): void {
    const { host, port } = this.lab.node(name) as Lab['nodes'][number];
    this.#host.stopListening(this.places[`${host}:${port}`] as number);
  }
}

const ANYWHERE = { host: '127.0.0.1', port: 0 };

/** CPython with redis-py 6.1.0, and Node with the packages that npm has installed. */
export class NativePrograms {
  readonly #folder = mkdtempSync(join(tmpdir(), 'keyspace-programs-'));
  readonly #python: string;
  readonly #idle: PythonPrograms[] = [];
  #count = 0;

  /** Throws where a Python is missing, or redis-py. */
  constructor() {
    const { files } = JSON.parse(readFileSync(REDIS_PY, 'utf8')) as { files: Texts };
    const packages = join(this.#folder, 'packages');
    writeFiles(packages, files);
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
    this.#python = findPython(packages);
  }

  /** What a program prints, on both streams, that begins with these files in its folder. */
  async run(
    language: 'python' | 'node',
    code: string,
    { files, served }: { files: Texts; served: ServedLab },
  ): Promise<string> {
    const folder = join(this.#folder, String(++this.#count));
    writeFiles(folder, files);
    if (language === 'node') return runNode(code, folder, served);
    writeFiles(folder, { 'example.py': code });
    const python = this.#idle.pop() ?? new PythonPrograms(this.#python, this.#folder);
    await python.run(folder, served);
    this.#idle.push(python);
    return readFileSync(join(folder, 'printed'), 'utf8');
  }

  /** Ends what has been started and removes what was written. */
  close(): void {
    for (const python of this.#idle) python.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** One Python after the other: `run_programs.py`. */
class PythonPrograms {
  readonly #process: ChildProcess;
  readonly #answers: Interface;

  constructor(program: string, folder: string) {
    const env = { ...process.env, PYTHONPATH: `${join(folder, 'packages')}:${helpers}` };
    const script = join(helpers, 'run_programs.py');
    this.#process = spawn(program, [script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream });
  }

  async run(folder: string, { places, hosts }: ServedLab): Promise<void> {
    const answered = new Promise((resolve, reject) => {
      this.#answers.once('line', resolve);
      this.#process.once('exit', () => reject(new Error('run_programs.py has ended')));
    });
    this.#process.stdin?.write(`${JSON.stringify({ folder, places, hosts })}\n`);
    await answered;
  }

  close(): void {
    this.#process.stdin?.end();
  }
}

/** An ES module where it imports something, else CommonJS. */
function runNode(code: string, folder: string, { places, hosts }: ServedLab): Promise<string> {
  const file = /^import /m.test(code) ? 'example.mjs' : 'example.cjs';
  writeFiles(folder, { [file]: code });
  const env = {
    ...process.env,
    KEYSPACE_PLACES: JSON.stringify(places),
    KEYSPACE_HOSTS: JSON.stringify(hosts),
  };
  const args = ['--import', join(helpers, 'lab-hosts.mjs'), file];
  return new Promise((resolve) => {
    const options = { cwd: folder, env, timeout: TIME_LIMIT_MS };
    execFile('node', args, options, (_error, out, err) => resolve(out + err));
  });
}

function writeFiles(folder: string, files: Texts): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** One that can import redis-py: before 3.11.3 it needs another package, which Debian's has. */
function findPython(packages: string): string {
  const env = { ...process.env, PYTHONPATH: packages };
  const found = ['/usr/bin/python3', 'python3'].find(
    (program) => spawnSync(program, ['-c', 'import redis.asyncio'], { env }).status === 0,
  );
  if (found === undefined) throw new Error('no Python here that can import redis-py');
  return found;
}
