/** The checker's view of a world in the page: its own connection, and what a Witness has seen. */
import type { Reply } from '../engine/resp/reply.ts';
import { Client } from '../wire/client.ts';
import type { Dial } from '../wire/link.ts';
import { isOfThePage } from './recorder.ts';
import type { Witness } from './witness.ts';
import type { LogEntry, Message, Vantage, World } from './world.ts';

export interface WireWorldEffects {
  /** Not a recording one. */
  readonly dial: Dial;
  /** The "host:port" of a node, or of the default one. */
  addressOf(node: string | undefined): string;
  readonly witness: Witness;
  /** What the learner's programs have printed. */
  output(): string;
}

export class WireWorld implements World {
  readonly #effects: WireWorldEffects;
  readonly #clients = new Map<string, Client>();

  constructor(effects: WireWorldEffects) {
    this.#effects = effects;
  }

  async execute(argv: readonly string[], from: Vantage = {}): Promise<Reply> {
    const { db, user, password = '' } = from;
    const before: (readonly string[])[] = [];
    if (user !== undefined) before.push(['AUTH', user, password]);
    if (db !== undefined) before.push(['SELECT', String(db)]);
    // Whom the connection is and where it looks must not outlast the question.
    const after = before.length > 0 ? [['RESET']] : [];
    const client = this.#client(this.#effects.addressOf(from.node));
    const replies = await client.pipeline([...before, argv, ...after]);
    return replies[before.length] as Reply;
  }

  log(): readonly LogEntry[] {
    return this.#effects.witness.log().filter(({ argv }) => !isOfThePage(argv));
  }

  messages(): readonly Message[] {
    return this.#effects.witness.messages();
  }

  roundTrips(): number {
    const { witness } = this.#effects;
    const own = witness.log().filter(({ argv }) => isOfThePage(argv)).length;
    return Math.max(0, witness.roundTrips() - own);
  }

  output(): string {
    return this.#effects.output();
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #client(address: string): Client {
    const known = this.#clients.get(address);
    if (known) return known;
    const client = new Client(this.#effects.dial, address, { protocol: 2 });
    this.#clients.set(address, client);
    return client;
  }
}
