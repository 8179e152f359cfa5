/**
 * A transcript is a console session with its replies, as redis-cli would print it. Lesson examples,
 * engine tests, bug reports and the comparison with a real redis-server all use this one format:
 *
 *   # A remark; blank lines and remarks end a reply and are otherwise ignored.
 *   > SET job done EX 60
 *   OK
 *   @advance 61s
 *   > GET job
 *   (nil)
 *
 * **Commands.** `> LINE` is sent by the unnamed client, `NAME> LINE` by the client of that name; a
 * client is connected when it is first named. The lines after it are its reply, up to the next
 * command, directive, arrival, remark or blank line. A name that is a node of the lab is a client
 * of that node; all others talk to the block's target.
 *
 * **Waiting.** The reply `…` says that the client waits (BLPOP, or a command held by CLIENT PAUSE).
 *
 * **Arrivals.** `NAME< LINE` is a line that arrives at a client without its having asked just now:
 * the reply it has waited for, a Pub/Sub message, a MONITOR line, an invalidation. Arrivals stand
 * right after the reply of the step that caused them: client by client in the order in which the
 * clients appeared, each in its own order of arrival, every line of a message with the prefix
 * (`< LINE` at the unnamed client). Several replies to one command, as SUBSCRIBE gives, are its
 * reply, one after the other.
 *
 *   A> BLPOP queue 0
 *   …
 *   > RPUSH queue job
 *   (integer) 1
 *   A< 1) "queue"
 *   A< 2) "job"
 *
 * **Pipelines.** `@pipeline [NAME]`, commands, `@end`: all of them leave in one write, one round
 * trip; the replies follow `@end`, in order. A command with a range, `SET item:{1..100} new`, is sent
 * once for each number.
 *
 * **Directives** steer the lab: see `directives` below. `@varies` before a command says that its reply
 * differs from one server to another (addresses, memory, time of day): only its being an error or
 * not is compared with a real redis-server.
 *
 * **Newer.** `@since 8.0`, before the first step, says that redis-server knows this from then on: an older
 * one is not compared.
 *
 * **Labs.** `@lab replicated 3`, before the first step, asks for three servers, the first of which is
 * the primary of the others; `servers` stand alone, `nodes` are those of a cluster that is not yet.
 * They are called node1, node2 and so on; `node2> ROLE` is said to the second.
 *
 * **Escape.** A reply line that would read as anything else (`# Memory` in INFO, a blank line, text
 * that starts like a command) is written with a bar before it: `| # Memory`, `|`.
 */
export type Step = CommandStep | PipelineStep | DirectiveStep;

export interface CommandStep extends StepBase {
  readonly kind: 'command';
  readonly client: ClientName;
  /** What was typed, without the prompt, not yet split into arguments; Unicode text. */
  readonly command: string;
}

export interface PipelineStep extends StepBase {
  readonly kind: 'pipeline';
  readonly client: ClientName;
  /** As typed, ranges not yet spelt out. */
  readonly commands: readonly string[];
}

export interface DirectiveStep extends StepBase {
  readonly kind: 'directive';
  readonly directive: Directive;
}

interface StepBase {
  /** The first and the last line of what is sent, 1-based within the transcript. */
  readonly line: number;
  readonly lastLine: number;
  /** The last line of its reply and arrivals; `lastLine` where there are none. */
  readonly endLine: number;
  /** What the transcript says is printed: undefined where the client waits. */
  readonly reply: string | undefined;
  /** Consecutive lines of one client are one arrival here, however many messages they are. */
  readonly arrivals: readonly Arrival[];
  /** `@varies` stood before it: the reply differs from server to server (addresses, memory, time). */
  readonly varies: boolean;
}

/** '' is the unnamed client. */
export type ClientName = string;

/** One message (or awaited reply) as redis-cli prints it, possibly of several lines. */
export interface Arrival {
  readonly client: ClientName;
  readonly text: string;
}

/** A name from the table, with its arguments checked against it. */
export interface Directive {
  readonly name: DirectiveName;
  readonly args: readonly string[];
}

/** What a directive is called, what it takes, and what it does to the lab. */
export const directives = {
  advance: { takes: 'DURATION', does: 'Lets the time pass: 250ms, 61s, 5m, 2h or 1d.' },
  connect: { takes: 'NAME [NODE]', does: 'Connects a client, to a node other than the target.' },
  close: { takes: 'NAME', does: 'Closes the connection of a client.' },
  cut: { takes: 'NODE NODE', does: 'Cuts the network between two nodes, both ways.' },
  heal: { takes: 'NODE NODE', does: 'Mends what @cut has cut.' },
  delay: {
    takes: 'NODE NODE DURATION',
    does: 'Makes all that two nodes say to one another arrive so much later; 0ms takes it away.',
  },
  bandwidth: {
    takes: 'NODE NODE KILOBYTES',
    does: 'Lets so many kilobytes a second through between two nodes; 0 lets everything through.',
  },
  lose: {
    takes: 'NODE NODE PERCENT',
    does: 'Loses so many of a hundred packets between two nodes; each is sent again, later.',
  },
  name: {
    takes: 'NAME NODE',
    does: 'Gives a name the address of a node, as DNS would; one that it had before is forgotten.',
  },
  kill: { takes: 'NODE', does: 'Ends a node at once, as kill -9 would.' },
  pause: { takes: 'NODE', does: 'Lets the process of a node stand still, as kill -STOP would.' },
  revive: {
    takes: 'NODE',
    does: 'Starts a killed or stopped node again, from its files; lets a paused one go on.',
  },
} as const satisfies Record<string, { takes: string; does: string }>;

export type DirectiveName = keyof typeof directives;

/**
 * What replays a transcript: an engine lab, a real redis-server, the page's own connections.
 * A step is done when its reply is there, or when it is certain that the client waits, and
 * everything that it caused to be sent to other clients has arrived.
 */
export interface Session {
  /** Sends command lines in one write. */
  send(client: ClientName, commands: readonly string[]): Promise<Outcome>;
  /** Steers the lab. Rejects where this session cannot (a real server cannot @advance). */
  steer(directive: Directive): Promise<Outcome>;
  /** Closes every connection. */
  close(): Promise<void>;
}

export interface Outcome {
  /**
   * What redis-cli prints for the replies, one after the other and without a last newline; '' when
   * nothing is printed, undefined when the client waits.
   */
  readonly reply: string | undefined;
  /** Whatever reached the clients beside that, in order of arrival. */
  readonly arrivals: readonly Arrival[];
}
