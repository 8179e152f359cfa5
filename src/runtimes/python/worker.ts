/// <reference lib="webworker" />
/**
 * Python in a worker: Pyodide with redis-py, loaded once, then one program after the other. See
 * `messages.ts` for what crosses, `lab_socket.py` for how Python comes to its network.
 */
import type { PyodideAPI } from 'pyodide';
import { labNow, SharedReading } from '../clock.ts';
import type { Fault } from '../faults.ts';
import type { DiskChanges } from '../host-files.ts';
import type { Order, Report } from '../messages.ts';
import { applyPolicy } from '../policy.ts';
import { Printer } from '../printer.ts';
import labAsyncio from './lab_asyncio.py?raw';
import labDisk from './lab_disk.py?raw';
import labSocket from './lab_socket.py?raw';
import { LabNet } from './lab-net.ts';
import { counting } from './loading.ts';
import runProgram from './run_program.py?raw';
import { shims } from './shims.ts';

type Run = Extract<Order, { do: 'run' }>;

/** A Python that has grown beyond this is not used again: its memory never shrinks. */
const WORN_BYTES = 400 << 20;

const report = (message: Report): void => self.postMessage(message);
const printer = new Printer((chunks) => report({ kind: 'printed', chunks }));
const realDate = Date.now;
let python: Promise<PyodideAPI> | undefined;

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  if (data.do === 'clock') return;
  try {
    python ??= boot();
    const py = await python;
    if (data.do === 'run') run(py, data);
    else report({ kind: 'checked', id: data.id, faults: faultsIn(py, data.code) });
  } catch (error) {
    printer.flush();
    report({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
  }
};

async function boot(): Promise<PyodideAPI> {
  const base = new URL('/python/', self.location.origin).href;
  const files = await counting(base, (loaded, total) => report({ kind: 'loading', loaded, total }));
  const { loadPyodide } = await files.import<typeof import('pyodide')>('pyodide.mjs');
  const client = files.json<{ files: Record<string, string> }>('redis-py.json');
  const py = await loadPyodide({
    indexURL: base,
    env: { HOME: '/home/learner', PYTHONDONTWRITEBYTECODE: '1' },
    fsInit: async (fs, { sitePackages }) => {
      const modules = { ...(await client).files, ...shims };
      for (const [name, source] of Object.entries(modules)) {
        fs.mkdirTree(`${sitePackages}/${name}`.replace(/\/[^/]*$/, ''));
        fs.writeFile(`${sitePackages}/${name}`, source);
      }
    },
  });
  files.done();
  connectStreams(py);
  applyPolicy();
  py.registerJsModule('_lab_notes', { note: (text: string) => printer.print('note', text) });
  py.FS.writeFile('/lib/lab_socket.py', labSocket);
  py.FS.writeFile('/lib/lab_asyncio.py', labAsyncio);
  py.FS.writeFile('/lib/lab_disk.py', labDisk);
  py.runPython(`import sys; sys.path.insert(0, '/lib'); import lab_socket, lab_asyncio`);
  py.runPython(runProgram);
  py.runPython('import redis');
  return py;
}

function connectStreams(py: PyodideAPI): void {
  for (const stream of ['out', 'err'] as const) {
    const decoder = new TextDecoder();
    const write = (bytes: Uint8Array) => {
      printer.print(stream, decoder.decode(bytes, { stream: true }));
      return bytes.length;
    };
    const options = { write, isatty: true };
    if (stream === 'out') py.setStdout(options);
    else py.setStderr(options);
  }
}

function run(py: PyodideAPI, { program, port, hosts, shared, disk }: Run): void {
  if (!shared) throw new Error('Python needs memory that it shares with the page.');
  printer.reset();
  const net = new LabNet(port, shared, () => printer.flush());
  const clock = new SharedReading(shared.clock);
  // Pyodide tells the time by it: time.time() and datetime.now() are the lab's.
  Date.now = () => labNow(clock.read());
  py.setInterruptBuffer(shared.interrupt);
  report({ kind: 'started' });
  const plug = py.globals.get('lab_socket').plug;
  plug(net, py.toPy(hosts));
  let end: Ended = { code: 130, syntaxErrorAt: 0, changed: {} };
  try {
    const files = py.toPy(program.files ?? {});
    const run = py.globals.get('run_program');
    end = run(program.code, files, py.toPy(disk ?? {})).toJs({
      dict_converter: Object.fromEntries,
    });
  } catch (error) {
    // Stop may reach Python between the last line of the program and the end of the run.
    if (!shared.interrupt[0]) throw error;
  } finally {
    Date.now = realDate;
    net.end();
    printer.flush();
  }
  const { code, syntaxErrorAt, changed } = end;
  const worn = memoryOf(py) > WORN_BYTES;
  const told = { code, ...(syntaxErrorAt && { syntaxErrorAt }) };
  report({ kind: 'ended', end: told, worn, files: changed });
}

function faultsIn(py: PyodideAPI, code: string): readonly Fault[] {
  const [line, message] = py.globals.get('syntax_error')(code).toJs() as [number, string];
  return line === 0 ? [] : [{ line, message }];
}

/** What run_program.py answers. */
interface Ended {
  readonly code: number;
  readonly syntaxErrorAt: number;
  readonly changed: DiskChanges;
}

const memoryOf = (py: PyodideAPI): number =>
  (py as unknown as { _module: { HEAP8: Int8Array } })._module.HEAP8.length;
