/**
 * `{1..100}` in a command of a pipeline: the command is sent a hundred times, once with each number.
 * Several such ranges in one command count together: `SET item:{1..3} {5..7}` is three commands.
 */

/** More commands than this in one write are a mistake, or would freeze the page. */
const MOST = 20_000;

/** The commands that a row of a pipeline stands for. Throws a RangeMistake. */
export function spellOut(command: string): string[] {
  const ranges = [...command.matchAll(range)].map(([, low, high]) => [Number(low), Number(high)]);
  const [first] = ranges;
  if (!first) return [command];
  const [count = 0, ...others] = ranges.map(([low = 0, high = 0]) => high - low + 1);
  if (count < 1 || count > MOST) throw new RangeMistake(`a range has from 1 to ${MOST} numbers`);
  if (others.some((other) => other !== count)) {
    throw new RangeMistake('the ranges of a command must be of the same length');
  }
  return Array.from({ length: count }, (_, step) =>
    command.replace(range, (_range, low: string) => String(Number(low) + step)),
  );
}

export class RangeMistake extends Error {
  override readonly name = 'RangeMistake';
}

const range = /\{(\d+)\.\.(\d+)\}/g;
