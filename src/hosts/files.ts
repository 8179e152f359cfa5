/** Answers what the page asks about the disks of a lab's hosts: see `wire/files.ts`. */
import type { Lab, Node } from '../engine/lab/lab.ts';
import type { Machine } from '../engine/lab/machine.ts';
import type { Note } from '../engine/persistence/annotate.ts';
import { annotateAof } from '../engine/persistence/annotate-aof.ts';
import { DiskError } from '../engine/persistence/disk.ts';
import { LoadError } from '../engine/persistence/host.ts';
import type { FileQuestions, FromFiles, ToFiles } from '../wire/files.ts';

/** The lab whose files are asked about, as it is at that moment. */
export interface FilesPlace {
  readonly lab: Lab;
  /** Machines that somebody has logged in to; with those of the lab's nodes, all there are. */
  readonly addresses: readonly string[];
  machine(address: string): Machine;
}

/** Of a run of bytes that is longer only the beginning crosses. */
const SHOWN_BYTES = 64;

/** Answers over a port. `enter` does something in the lab in use; it throws where there is none. */
export function openFiles(
  port: MessagePort,
  enter: <T>(task: (place: FilesPlace) => T) => T,
): void {
  const post = (message: FromFiles) => port.postMessage(message);
  const annotations = new Annotations();
  port.onmessage = ({ data: { id, ask, about } }: MessageEvent<ToFiles>) => {
    try {
      post({ id, ...enter((place) => answer(ask, about, place, annotations)) });
    } catch (error) {
      // There is no lab, or it has just failed.
      post({ id, error: error instanceof Error ? error.message : String(error) });
    }
  };
}

function answer(
  ask: ToFiles['ask'],
  about: unknown,
  { lab, addresses, machine }: FilesPlace,
  annotations: Annotations,
): { answer: unknown } | { error: string } {
  // The client pairs each question with what it is about.
  const answerer = answers[ask] as (asked: unknown, on: On) => unknown;
  try {
    return { answer: answerer(about, { lab, addresses, machine, annotations }) };
  } catch (error) {
    if (error instanceof DiskError) return { error: error.message };
    throw error;
  }
}

interface On extends FilesPlace {
  readonly annotations: Annotations;
}

type Answers = {
  readonly [Q in keyof FileQuestions]: (
    about: Parameters<FileQuestions[Q]>[0],
    on: On,
  ) => ReturnType<FileQuestions[Q]>;
};

const answers: Answers = {
  list: (_, { lab, addresses, machine }) => {
    const all = new Set([...lab.nodes.map(({ host }) => host), ...addresses]);
    return [...all].map((address) => ({
      address,
      servers: nodesOn(lab, address).map(({ name, state }) => ({
        name,
        isRunning: state !== 'ended',
      })),
      files: machine(address).disk.list(),
    }));
  },
  read: ({ host, path, from, length }, { machine }) =>
    machine(host)
      .disk.read(path)
      ?.slice(from, from + length),
  annotate: ({ host, path, from, count }, { machine, annotations }) => {
    const bytes = machine(host).disk.read(path);
    if (bytes === undefined) return undefined;
    const notes = annotations.of(bytes);
    const shown = notes.slice(from, from + count).map((note) => ({
      ...note,
      bytes: bytes.slice(note.at, note.at + Math.min(note.length, SHOWN_BYTES)),
    }));
    return { notes: shown, from, all: notes.length };
  },
  write: ({ host, path, bytes }, { machine }) => machine(host).disk.write(path, bytes),
  remove: ({ host, path }, { machine }) => machine(host).disk.remove(path),
  crash: ({ host }, { lab, machine }) => {
    for (const node of nodesOn(lab, host)) node.kill();
    const { disk } = machine(host);
    const lost = disk.list().filter(({ unsynced }) => unsynced > 0);
    disk.losePower();
    return lost.map(({ path, unsynced }) => ({ path, bytes: unsynced }));
  },
  restart: ({ host }, { lab }) => nodesOn(lab, host).flatMap(startAnew),
};

/** Why it does not, if it does not. */
function startAnew(node: Node): readonly string[] {
  if (!node.stop()) return [`${node.name} does not stop: it cannot save.`];
  try {
    node.start();
    return [];
  } catch (error) {
    if (!(error instanceof LoadError || error instanceof DiskError)) throw error;
    return [`${node.name} does not start: ${error.message}`];
  }
}

const nodesOn = (lab: Lab, address: string) => lab.nodes.filter(({ host }) => host === address);

/** The notes of the file that was looked at last: whoever scrolls asks for the same again. */
class Annotations {
  #bytes: string | undefined;
  #notes: readonly Note[] = [];

  of(bytes: string): readonly Note[] {
    if (bytes !== this.#bytes) this.#notes = annotateAof(bytes);
    this.#bytes = bytes;
    return this.#notes;
  }
}
