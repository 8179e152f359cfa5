import type { Reply } from '../resp/reply.ts';
import type { Client } from './client.ts';

/** What sending needs of the server. */
interface OutputHost {
  /** The client whose command is running. */
  readonly running: Client | undefined;
  readonly halts: { readonly isAsleep: boolean };
  readonly persistence: { readonly aof: { flush(): void } };
  readonly tracking: { broadcast(): void };
  readonly replication: { beforeSending(): void };
}

/** When what was written to clients is sent: after the commands that one of them has sent at once. */
export class Output {
  readonly #unsent = new Set<Client>();
  /** What the running client is sent after its reply. */
  #afterReply: { readonly client: Client; readonly message: Reply }[] = [];

  constructor(private readonly host: OutputHost) {}

  /** Sends what a client has not asked for; the one whose command is running gets its reply first. */
  deliver(client: Client, message: Reply): void {
    if (client === this.host.running) this.#afterReply.push({ client, message });
    else client.push(message);
  }

  /** The running client has its reply: what must come after it may follow. */
  replied(): void {
    if (this.#afterReply.length === 0) return;
    for (const { client, message } of this.#afterReply.splice(0)) client.push(message);
  }

  /** Has a client's output sent when the running command is over. */
  later(client: Client): void {
    this.#unsent.add(client);
  }

  /** Sends the output of this client and of all that the last commands wrote to. */
  flush(client?: Client): void {
    if (this.host.halts.isAsleep) {
      if (client) this.later(client);
      return;
    }
    this.host.replication.beforeSending();
    this.host.persistence.aof.flush();
    this.host.tracking.broadcast();
    client?.flush();
    if (this.#unsent.size === 0) return;
    for (const other of this.#unsent) {
      this.#unsent.delete(other);
      other.flush();
    }
  }

  forget(client: Client): void {
    this.#unsent.delete(client);
  }
}
