import { ReplyDecoder } from '../resp/decode-reply.ts';
import { encodeCommand } from '../resp/encode.ts';
import type { Reply } from '../resp/reply.ts';
import { type Random, seededRandom } from '../time/random.ts';
import { type Fault, inflict, isOutage, mendAll, randomFault, tellFault } from './fault.ts';
import { Lab, type LabOptions, type Node } from './lab.ts';

export interface TrialOptions extends Pick<LabOptions, 'topology' | 'config'> {
  readonly seed: number;
  /** How many nodes may be down or stand still at once. */
  readonly mostDown: number;
}

const STEPS = 12;
const LOOK_EVERY_MS = 200;
/** How long a client waits for an answer. */
const PATIENCE_MS = 300;
/** From the last repair to a lab that is well, at most. */
const HEALING_MS = 120_000;
const MS_PER_CHECK = 1000;
const KEYS = 30;

/** Every file is written at once, so that nobody forgets what it has once had. */
export const durable = { appendonly: 'yes', appendfsync: 'always', 'enable-debug-command': 'yes' };

/**
 * A lab in trouble: a seed decides what befalls its nodes and when, while clients write. What must
 * hold at every moment is looked at all the time; what must hold when all is mended, in the end. A
 * kind of lab says in a subclass what that is.
 */
export abstract class Trial {
  readonly lab: Lab;
  /** What has befallen it, for whoever looks for the reason of a complaint. */
  readonly story: string[] = [];
  protected readonly random: Random;
  #written = 0;
  readonly #mostDown: number;
  readonly #start: number;

  constructor({ seed, mostDown, ...options }: TrialOptions) {
    this.random = seededRandom(seed).fork('faults');
    this.#mostDown = mostDown;
    this.lab = new Lab({ ...options, seed });
    this.#start = this.lab.clock.now;
  }

  /** What is wrong now; when all is well, nothing. */
  abstract complaints(): string[];

  /** Throws an Error when something is as it must never be. */
  protected abstract look(): void;

  /** A client writes this value to this key, somewhere. */
  protected abstract write(key: string, value: string): void;

  /** All of it: trouble, repair, and what it takes until all is well. Returns what is wrong then. */
  run(): string[] {
    for (let step = 0; step < STEPS; step++) {
      this.disturb();
      for (let i = 0; i < 4; i++) this.#writeSomething();
      this.pass(200 + this.random.below(3000));
    }
    return this.heal();
  }

  /** Something befalls the lab. */
  protected disturb(): void {
    const { lab } = this;
    const fault: Fault = randomFault(
      this.random,
      lab.nodes.map(({ name }) => name),
    );
    const down = lab.nodes.filter(({ state }) => state !== 'running').length;
    if (isOutage(fault) && down >= this.#mostDown) return;
    this.tell(tellFault(fault));
    inflict(lab, fault);
    this.befell(fault);
  }

  /** What has befallen may change what is expected. */
  protected befell(_fault: Fault): void {}

  /** Everything works again, but has not found together yet. */
  protected mended(): void {}

  /** Mends everything, and waits until nothing is wrong any more. Returns what still is. */
  protected heal(): string[] {
    mendAll(this.lab);
    this.tell('all is mended');
    this.mended();
    let wrong = this.complaints();
    for (let passed = 0; passed < HEALING_MS && wrong.length > 0; passed += MS_PER_CHECK) {
      this.pass(MS_PER_CHECK);
      wrong = this.complaints();
    }
    return wrong;
  }

  protected tell(text: string): void {
    this.story.push(`${((this.lab.clock.now - this.#start) / 1000).toFixed(1)} s: ${text}`);
  }

  /** Lets time pass, looking now and then. */
  protected pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += LOOK_EVERY_MS) {
      this.lab.clock.advance(LOOK_EVERY_MS);
      this.look();
    }
  }

  protected get running(): readonly Node[] {
    return this.lab.nodes.filter(({ state }) => state === 'running');
  }

  protected ask(node: Node, command: string): Reply | undefined {
    return this.talk(node, [command])[0];
  }

  /** A short conversation on a connection of its own; undefined is no answer in time. */
  protected talk(node: Node, commands: readonly string[]): (Reply | undefined)[] {
    const decoder = new ReplyDecoder();
    const connection = this.lab.dial(`${node.host}:${node.port}`, '10.9.9.9', {
      onData: (bytes) => decoder.push(bytes),
      onClose() {},
    });
    const replies = commands.map((command) => {
      connection?.send(encodeCommand(command.split(' ')));
      const reply = decoder.next();
      if (reply !== undefined || !connection) return reply;
      this.lab.clock.advance(PATIENCE_MS);
      return decoder.next();
    });
    connection?.close();
    return replies;
  }

  /** What nodes hold, by a digest of it. */
  protected digestOf(node: Node): string {
    return JSON.stringify(this.ask(node, 'DEBUG DIGEST'));
  }

  #writeSomething(): void {
    const { random } = this;
    const key = String(random.below(KEYS));
    const value = String(++this.#written);
    if (random.below(3) > 0) this.write(`k${key}`, value);
    else {
      const [node] = this.running.slice(random.below(this.running.length));
      if (node) this.ask(node, noise(random.below(6), key, value));
    }
  }
}

/** Writes that are made into others on their way to replicas, by chance or by the clock. */
function noise(kind: number, key: string, value: string): string {
  const kinds = [
    `SET t${key} ${value} PX 700`,
    `RPUSH l${key} ${value}`,
    `SADD s${key} ${value} ${value}a ${value}b`,
    `SPOP s${key}`,
    `HINCRBYFLOAT h${key} field 0.1`,
    `XADD x${key} * field ${value}`,
  ];
  return kinds[kind] ?? '';
}
