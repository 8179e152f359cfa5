/** Events: what has happened to objects. The same one again only counts. */
import { suffix } from './identity.ts';
import type { KubeEvent, KubeObject, Manifest } from './objects.ts';

export interface Happening {
  readonly about: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
}

/** What keeps them: the API server. */
export interface EventStore {
  readonly time: string;
  list(kind: 'Event', namespace: string): KubeEvent[];
  change(event: KubeEvent, edit: (draft: KubeEvent) => void): KubeEvent;
  put(event: Manifest): KubeObject;
  remove(event: KubeEvent): void;
}

/** The server keeps events for an hour. */
const KEPT_MS = 3_600_000;

/** What happens more often than this is told once. */
const AGAIN_MS = 5000;

export class EventRecorder {
  readonly #api: EventStore;
  readonly #now: () => number;
  #count = 0;

  constructor(api: EventStore, now: () => number) {
    this.#api = api;
    this.#now = now;
  }

  record({ about, type, reason, message, component }: Happening): void {
    const { kind, metadata } = about;
    const namespace = metadata.namespace ?? 'default';
    const known = this.#api
      .list('Event', namespace)
      .find(
        (event) =>
          event.involvedObject.uid === metadata.uid &&
          event.reason === reason &&
          event.message === message,
      );
    const time = this.#api.time;
    if (known) {
      if (this.#now() - Date.parse(known.lastTimestamp) < AGAIN_MS) return;
      this.#api.change(known, (event) => {
        event.count++;
        event.lastTimestamp = time;
      });
      return;
    }
    this.#forgetOld(namespace);
    this.#api.put({
      ...{ apiVersion: 'v1', kind: 'Event' },
      metadata: { name: `${metadata.name}.${suffix(++this.#count, 16)}`, namespace },
      involvedObject: { kind, namespace, name: metadata.name, uid: metadata.uid },
      ...{ type, reason, message, count: 1, firstTimestamp: time, lastTimestamp: time },
      source: { component },
    } satisfies Omit<KubeEvent, 'metadata'> & { metadata: object });
  }

  #forgetOld(namespace: string): void {
    const oldest = this.#now() - KEPT_MS;
    for (const event of this.#api.list('Event', namespace)) {
      if (Date.parse(event.lastTimestamp) < oldest) this.#api.remove(event);
    }
  }
}
