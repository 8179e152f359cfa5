import { Push, type Reply } from '../engine/resp/reply.ts';

/** What a connection listens to, as its confirmations say; and which replies are messages. */

type Kind = 'subscribe' | 'psubscribe' | 'ssubscribe';

/** Whether a command subscribes, ends subscriptions, or neither. */
export function subscriptionOf(argv: readonly string[]): 'subscribe' | 'unsubscribe' | undefined {
  const form = /^[ps]?(un)?subscribe$/i.exec(argv[0] ?? '');
  return form ? (form[1] ? 'unsubscribe' : 'subscribe') : undefined;
}

export class Subscriptions {
  readonly #names: Readonly<Record<Kind, Set<string>>> = {
    subscribe: new Set(),
    psubscribe: new Set(),
    ssubscribe: new Set(),
  };

  get size(): number {
    return Object.values(this.#names).reduce((sum, { size }) => sum + size, 0);
  }

  /** How many confirmations a (un)subscribing command gets. */
  confirmations(argv: readonly string[]): number {
    if (argv.length > 1) return argv.length - 1;
    // Without names, UNSUBSCRIBE ends them all and confirms each, or the one that is none.
    return Math.max(1, this.#names[kindOf(argv[0] ?? '')].size);
  }

  /** Takes note of a confirmation; false when the message is none. */
  note([first, name]: readonly Reply[]): boolean {
    if (typeof first !== 'string' || !subscriptionOf([first])) return false;
    const names = this.#names[kindOf(first)];
    if (typeof name !== 'string') return true;
    if (subscriptionOf([first]) === 'subscribe') names.add(name);
    else names.delete(name);
    return true;
  }

  clear(): void {
    for (const names of Object.values(this.#names)) names.clear();
  }
}

const kindOf = (command: string) => command.toLowerCase().replace('un', '') as Kind;

/** The parts of a message or confirmation. In RESP2 it looks like any array: only then may it be one. */
export function messageOf(reply: Reply, listening: boolean): readonly Reply[] | undefined {
  if (reply instanceof Push) return reply.items;
  if (!listening || !Array.isArray(reply) || typeof reply[0] !== 'string') return undefined;
  return /^([ps]?(un)?subscribe|[ps]?message)$/.test(reply[0]) ? reply : undefined;
}
