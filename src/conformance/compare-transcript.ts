import { splitArgs } from '../engine/resp/split.ts';
import { parseTranscript } from '../transcript/parse.ts';
import { clientsOf, perform, writeOutcome } from '../transcript/replay.ts';
import type { Outcome, Session, Step } from '../transcript/transcript.ts';
import { permitted } from './differences.ts';
import { CannotSteer } from './tcp-session.ts';

/** What came of replaying a transcript on another server. */
export interface Comparison {
  /** Steps whose replies were compared. */
  compared: number;
  /** Steps that need a directive which the other server cannot follow, and those that depend on it. */
  skipped: number;
  /** How often each permitted difference was seen. */
  readonly permitted: Map<string, number>;
  /** Steps with a difference that is not permitted: what the transcript says, and what came. */
  readonly problems: string[];
}

/**
 * Replays a transcript and compares every reply with what it says. After a directive that cannot be
 * followed nothing is comparable, until the transcript starts from an empty keyspace again.
 */
export async function compareTranscript(text: string, session: Session): Promise<Comparison> {
  const result: Comparison = { compared: 0, skipped: 0, permitted: new Map(), problems: [] };
  const steps = parseTranscript(text);
  const order = clientsOf(steps);
  let lost = false;
  for (const step of steps) {
    if (startsAfresh(step)) lost = false;
    const outcome = lost ? undefined : await performIfPossible(step, session);
    if (!outcome) {
      lost = true;
      result.skipped++;
      continue;
    }
    result.compared++;
    note(result, step, writeOutcome(step, order), writeOutcome(outcome, order));
  }
  return result;
}

async function performIfPossible(step: Step, session: Session): Promise<Outcome | undefined> {
  try {
    return await perform(step, session);
  } catch (error) {
    if (error instanceof CannotSteer) return undefined;
    throw error;
  }
}

function note(result: Comparison, step: Step, said: string[], came: string[]): void {
  const [ours, theirs] = [said.join('\n'), came.join('\n')];
  if (ours === theirs || (step.varies && isError(ours) === isError(theirs))) return;
  const reason = permitted({ argv: argvOf(step), ours, theirs });
  if (reason !== undefined) {
    result.permitted.set(reason, (result.permitted.get(reason) ?? 0) + 1);
    return;
  }
  result.problems.push(`line ${step.line}: ${sent(step)}\n${ours}\n-- redis-server:\n${theirs}`);
}

const startsAfresh = (step: Step): boolean =>
  step.kind === 'command' && /^flush(all|db)\b/i.test(step.command);

const isError = (printed: string): boolean => printed.startsWith('(error)');

const argvOf = (step: Step): string[] =>
  step.kind === 'command' ? (splitArgs(step.command) ?? []) : [];

function sent(step: Step): string {
  if (step.kind === 'command') return `${step.client}> ${step.command}`;
  if (step.kind === 'pipeline') return `${step.client}> ${step.commands.join(` ${step.client}> `)}`;
  return `@${step.directive.name} ${step.directive.args.join(' ')}`;
}
