/**
 * What the checker sees: the server as it is now, and what the learner did since the task began.
 * Implemented over the page's connections and, in tests, over an engine lab or a real redis-server.
 * All strings are Redis strings: one char per byte.
 */
import type { Reply } from '../engine/resp/reply.ts';

export interface World {
  /** Runs a command on a connection of the checker's own, unseen in `log()`. RESP2 replies. */
  execute(argv: readonly string[], from?: Vantage): Promise<Reply>;
  /** What the learner's clients sent since the task began and were answered, in that order. */
  log(): readonly LogEntry[];
  /** What reached the learner's clients unasked: Pub/Sub messages, in order. */
  messages(): readonly Message[];
  /** How often a client of the learner's sent something and waited for the answer. */
  roundTrips(): number;
  /** What the learner's programs printed. */
  output(): string;
}

/** From where the checker looks: another node, database or user than the default. */
export interface Vantage {
  readonly node?: string | undefined;
  readonly db?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** One command of the learner's with its answer. */
export interface LogEntry {
  /** The console tab's name or the task's (a Python pane); '' is the first console. */
  readonly client: string;
  readonly argv: readonly string[];
  readonly reply: Reply;
  /** Lab time, ms since 1970, when it was answered. */
  readonly at: number;
  /** 'transaction': queued by MULTI, so that `reply` is QUEUED and the result stands in EXEC's. */
  readonly within?: 'transaction' | 'script' | undefined;
  /** Which of the round trips it left in; unknown, it is thought to have gone alone. */
  readonly trip?: number | undefined;
}

export interface Message {
  readonly client: string;
  /** message, pmessage or smessage. */
  readonly kind: string;
  /** The pattern that matched, of a pmessage. */
  readonly pattern?: string | undefined;
  readonly channel: string;
  readonly payload: string;
  readonly at: number;
}
