/** Grades a task on what the server holds now. Answers that need no server: answers.ts. */
import { evaluate } from './conditions.ts';
import { explain } from './explain.ts';
import { Look } from './look.ts';
import type { Challenge, Goal } from './questions.ts';
import type { World } from './world.ts';

export type Outcome = 'pass' | 'fail' | 'error';

export interface GradeResult {
  /** pass: all goals hold. error: one could not be looked at, so nothing is decided. */
  readonly outcome: Outcome;
  readonly checks: readonly CheckResult[];
}

export interface CheckResult {
  readonly goal: Goal;
  readonly outcome: Outcome;
  /** Plain text, side by side: what the goal wants, and what is there. */
  readonly expected: string;
  readonly observed: string;
}

/** Looks at every goal of a task, all at the same moment of the world. Never throws. */
export async function grade(challenge: Challenge, world: World): Promise<GradeResult> {
  const look = new Look(world);
  const checks: CheckResult[] = [];
  for (const goal of challenge.goal) checks.push(await check(goal, look));
  return { outcome: overall(checks), checks };
}

async function check(goal: Goal, look: Look): Promise<CheckResult> {
  const { expected } = explain(goal.condition);
  try {
    const { ok, observed } = await evaluate(goal.condition, look);
    return { goal, outcome: ok ? 'pass' : 'fail', expected, observed };
  } catch (error) {
    const observed = error instanceof Error ? error.message : String(error);
    return { goal, outcome: 'error', expected, observed };
  }
}

function overall(checks: readonly CheckResult[]): Outcome {
  if (checks.some(({ outcome }) => outcome === 'error')) return 'error';
  return checks.every(({ outcome }) => outcome === 'pass') ? 'pass' : 'fail';
}
