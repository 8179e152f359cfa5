/** Replays a transcript on a session: what the page's Run does, and what the tests compare. */
import { parseTranscript, waits, writeReplyRow } from './parse.ts';
import { spellOut } from './ranges.ts';
import type { Arrival, Outcome, Session, Step } from './transcript.ts';

/** Performs one step. */
export function perform(step: Step, session: Session): Promise<Outcome> {
  if (step.kind === 'directive') return session.steer(step.directive);
  if (step.kind === 'command') return session.send(step.client, [step.command]);
  return session.send(step.client, step.commands.flatMap(spellOut));
}

/**
 * Runs every step and returns the transcript with the actual replies: equal to the text when all is
 * as it says. With `lenient`, a reply marked `@varies` is kept as written when it, and what came
 * instead, are both errors or both none.
 */
export async function replay(
  text: string,
  session: Session,
  { lenient = false } = {},
): Promise<string> {
  const steps = parseTranscript(text);
  const order = clientsOf(steps);
  const rows = text.split('\n');
  const out: string[] = [];
  let next = 0;
  for (const step of steps) {
    out.push(...rows.slice(next, step.lastLine));
    const outcome = await perform(step, session);
    const kept = lenient && step.varies && isError(step) === isError(outcome);
    out.push(...(kept ? rows.slice(step.lastLine, step.endLine) : writeOutcome(outcome, order)));
    next = step.endLine;
  }
  return [...out, ...rows.slice(next)].map((row) => row.trimEnd()).join('\n');
}

/** An outcome as the rows of a transcript; `order` is that of the clients' arrivals. */
export function writeOutcome(outcome: Outcome, order: readonly string[] = []): string[] {
  const { reply, arrivals } = outcome;
  const said = reply === undefined ? [waits] : reply === '' ? [] : reply.split('\n');
  return [
    ...said.map((row) => (reply === undefined ? row : writeReplyRow(row))),
    ...inOrder(arrivals, order).flatMap(({ client, text }) =>
      text.split('\n').map((row) => `${client}< ${row}`.trimEnd()),
    ),
  ];
}

/** Client by client, each client's arrivals in their own order; strangers to `order` come last. */
function inOrder(arrivals: readonly Arrival[], order: readonly string[]): Arrival[] {
  const rank = ({ client }: Arrival) => {
    const place = order.indexOf(client);
    return place < 0 ? order.length : place;
  };
  return [...arrivals].sort((a, b) => rank(a) - rank(b));
}

/** The names of the clients, as they appear. */
export function clientsOf(steps: readonly Step[]): string[] {
  const names = steps.flatMap((step) => {
    if (step.kind !== 'directive') return [step.client];
    return step.directive.name === 'connect' ? step.directive.args.slice(0, 1) : [];
  });
  return [...new Set(names)];
}

const isError = ({ reply }: { readonly reply: string | undefined }) =>
  reply?.startsWith('(error)') ?? false;
