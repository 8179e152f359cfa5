/** What a controller is: it looks at what is wanted and at what is there, and takes the next step. */
import type { ApiServer } from './api.ts';

export interface Controller {
  readonly name: string;
  /**
   * Called in the lab's time soon after any object has changed, and when a `wake` is due: looks at all
   * of its objects anew. What it changes calls it again, so it must come to rest.
   */
  reconcile(cluster: ClusterView): void;
}

export interface ClusterView {
  readonly api: ApiServer;
  /** The lab's time in ms since 1970. */
  readonly now: number;
  /** Asks for another look, so many ms later at the latest. */
  wake(ms: number): void;
}
