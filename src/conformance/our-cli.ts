/** The shell's programs run by themselves, against servers behind real sockets. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { checkSnapshot } from '../hosts/host-facts.ts';
import type { Call, Machine, Program } from '../shell/program.ts';
import { dial } from './dial.ts';

export interface Printed {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly stdin?: string | undefined;
  readonly isTerminal?: boolean;
  /** The folder of the real disk that stands for the root of the virtual one. */
  readonly folder: string;
  readonly machine?: Partial<Machine>;
}

/** What a program of ours prints, and the status it ends with. */
export async function runOurs(
  program: Program,
  args: readonly string[],
  { stdin, isTerminal = false, folder, machine }: Surroundings,
): Promise<Printed> {
  const printed = { stdout: '', stderr: '' };
  const call: Call = {
    args,
    folder: '/',
    env: {},
    stdin,
    isTerminal,
    machine: { ...machineOn(folder), ...machine },
    print: (text) => {
      printed.stdout += text;
    },
    complain: (text) => {
      printed.stderr += text;
    },
    signal: new AbortController().signal,
  };
  return { status: await program(call), ...printed };
}

const machineOn = (folder: string): Machine => ({
  dial,
  now: () => performance.now(),
  sleep: () => Promise.resolve(),
  breathe: () => Promise.resolve(),
  files: {
    paths: [],
    read: (path) => (existsSync(folder + path) ? readFileSync(folder + path, 'latin1') : undefined),
    write: (path, bytes) => writeFileSync(folder + path, bytes, 'latin1'),
    remove() {},
    hasFolder: (path) => existsSync(folder + path),
  },
  processes: {
    version: '',
    list: () => [],
    launch: () => ({ output: '', process: undefined }),
    signal: () => false,
    resume: () => undefined,
    journal: () => [],
  },
  checkSnapshot: (bytes) => checkSnapshot(bytes, Date.now()),
  host: {
    ...{ name: 'localhost', address: '127.0.0.1', startedAt: 0 },
    usage: () => [],
    disk: () => ({ writes: 0, bytesWritten: 0, syncs: 0 }),
    route: () => undefined,
    peer: () => undefined,
  },
});
