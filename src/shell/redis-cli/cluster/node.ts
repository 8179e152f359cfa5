import { RedisError } from '../../../engine/errors.ts';
import { printAs } from '../../../engine/resp/print-formats.ts';
import type { Reply } from '../../../engine/resp/reply.ts';
import type { Link } from '../link.ts';

export const SLOTS = 16_384;
/** The bus of a node is usually at its port plus this. */
const BUS_OFFSET = 10_000;

/** A node of a cluster as the cluster manager knows it: what the node says of itself. */
export class ClusterNode {
  readonly host: string;
  readonly port: number;
  readonly link: Link;
  id = '';
  flags: readonly string[] = [];
  /** The ID of its master, if it is a replica. */
  replicates: string | undefined;
  currentEpoch = 0;
  busPort = 0;
  readonly slots = new Set<number>();
  /** Slots on their way out and in, and the node at the other end. */
  readonly migrating = new Map<number, string>();
  readonly importing = new Map<number, string>();
  /** How many nodes say that they replicate this one. */
  replicas = 0;
  /** Whether it is told that it replicates another, and not that it has slots: it is only planned. */
  isPlanned = false;

  constructor(host: string, port: number, link: Link) {
    this.host = host;
    this.port = port;
    this.link = link;
  }

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  get isReplica(): boolean {
    return this.flags.includes('slave') || (this.isPlanned && this.replicates !== undefined);
  }

  /** What CLUSTER MEET is told of it: its bus too, where that is not at the usual port. */
  get place(): readonly string[] {
    const isUsual = this.busPort === 0 || this.busPort === this.port + BUS_OFFSET;
    return [this.host, String(this.port), ...(isUsual ? [] : [String(this.busPort)])];
  }

  /** Sends a command. Throws the error that it is answered with. */
  async ask(...argv: string[]): Promise<Reply> {
    const reply = await this.link.send(argv);
    if (reply instanceof RedisError) throw reply;
    return reply;
  }

  async text(...argv: string[]): Promise<string> {
    return printAs('raw', await this.ask(...argv));
  }

  async count(...argv: string[]): Promise<number> {
    return Number(await this.ask(...argv));
  }

  keysIn(slot: number): Promise<number> {
    return this.count('CLUSTER', 'COUNTKEYSINSLOT', String(slot));
  }

  /** Reads its own line of CLUSTER NODES. Returns the lines of the others. */
  async load(): Promise<readonly NodeLine[]> {
    const lines = linesOf(await this.text('CLUSTER', 'NODES'));
    const own = lines.find(({ flags }) => flags.includes('myself'));
    if (own) this.#become(own);
    return lines.filter((line) => line !== own);
  }

  #become(line: NodeLine): void {
    this.id = line.id;
    this.flags = line.flags;
    this.replicates = line.replicates;
    this.currentEpoch = line.epoch;
    this.busPort = line.busPort;
    this.isPlanned = false;
    this.slots.clear();
    this.migrating.clear();
    this.importing.clear();
    for (const word of line.slots) this.#take(word);
  }

  /** A word of the end of the line: `5`, `0-10`, `[5->-id]`, `[5-<-id]`. */
  #take(word: string): void {
    const open = /^\[(\d+)-([<>])-(\w+)\]$/.exec(word);
    if (open) {
      const [, slot, arrow, id = ''] = open;
      (arrow === '>' ? this.migrating : this.importing).set(Number(slot), id);
      return;
    }
    const [first = 0, last = first] = word.split('-').map(Number);
    for (let slot = first; slot <= last; slot++) this.slots.add(slot);
  }
}

export interface NodeLine {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly busPort: number;
  readonly flags: readonly string[];
  readonly replicates: string | undefined;
  readonly epoch: number;
  readonly isConnected: boolean;
  readonly slots: readonly string[];
}

/** The lines of CLUSTER NODES. */
export function linesOf(text: string): readonly NodeLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', at = '', flags = '', master = '-', , , epoch, state, ...slots] =
        line.split(' ');
      const address = at.replace(/@.*$/, '');
      return {
        id,
        host: address.slice(0, address.lastIndexOf(':')),
        port: Number(address.slice(address.lastIndexOf(':') + 1)),
        busPort: Number(/@(\d+)/.exec(at)?.[1] ?? 0),
        flags: flags.split(','),
        replicates: master === '-' ? undefined : master,
        epoch: Number(epoch),
        isConnected: state === 'connected',
        slots,
      };
    });
}

/** Slots as ranges in brackets: `[0-99],[101]`. */
export function ranges(slots: Iterable<number>): string {
  return runs(slots)
    .map(([first, last]) => (first === last ? `[${first}]` : `[${first}-${last}]`))
    .join(',');
}

/** First and last of what follows upon one another. */
export function runs(slots: Iterable<number>): readonly [number, number][] {
  const found: [number, number][] = [];
  for (const slot of [...slots].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && last[1] === slot - 1) last[1] = slot;
    else found.push([slot, slot]);
  }
  return found;
}
