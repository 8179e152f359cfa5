/**
 * How well an exercise was recalled, for the spacing of its reviews: right at the first try and
 * unaided is Good, right with a hint or at a later try is Hard, anything else is Again.
 */
export type Rating = 'Again' | 'Hard' | 'Good';
export type Confidence = 'sure' | 'think so' | 'guess';

export interface Attempts {
  /** Answers or checks that were wrong. */
  readonly wrongTries: number;
  readonly hintsOpened: number;
  readonly solutionShown: boolean;
  /** Right in the end. */
  readonly solved: boolean;
  /** Whether it may be tried again at all: a multiple choice is decided by the first answer. */
  readonly oneTry?: boolean;
}

export function rate({ wrongTries, hintsOpened, solutionShown, solved, oneTry }: Attempts): Rating {
  if (!solved || solutionShown || (oneTry && wrongTries > 0)) return 'Again';
  return wrongTries > 0 || hintsOpened > 0 ? 'Hard' : 'Good';
}

/** An interview answer, by the share of the idea units that it had. */
export function rateInterview(had: number, of: number): Rating {
  const share = of === 0 ? 0 : had / of;
  if (share >= 0.8) return 'Good';
  return share >= 0.5 ? 'Hard' : 'Again';
}

/** Sure but wrong is what a reader must meet again soonest: a false belief, not a gap. */
export const isMisbelief = (confidence: Confidence, right: boolean): boolean =>
  confidence === 'sure' && !right;
