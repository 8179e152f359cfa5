import { quote } from '../../engine/resp/print.ts';
import type { Finding } from './duel.ts';
import type { Unit } from './sequence.ts';

/** Plays a sequence and says where the servers disagree. */
export type Play = (units: readonly Unit[]) => Promise<Finding | undefined>;

/** A sequence that ends in a disagreement. */
export interface Failure {
  readonly units: readonly Unit[];
  readonly finding: Finding;
}

/** The shortest sequence to be found that still ends in a disagreement of the same kind. */
export async function shrink(failure: Failure, play: Play): Promise<Failure> {
  const kind = kindOf(failure.finding);
  let best: Failure = { ...failure, units: failure.units.slice(0, failure.finding.units) };
  const attempt = async (units: readonly Unit[]): Promise<boolean> => {
    const finding = await play(units);
    if (!finding || kindOf(finding) !== kind) return false;
    best = { units: units.slice(0, finding.units), finding };
    return true;
  };
  for (let size = best.units.length >> 1; size > 0; size >>= 1) {
    for (let at = best.units.length - size; at >= 0; at -= size) {
      await attempt(best.units.toSpliced(at, size));
    }
  }
  await shrinkArguments(() => best.units, attempt);
  return best;
}

/** What must stay the same: the command, and the errors or the types of both replies. */
const kindOf = ({ argv, ours, theirs }: Finding): string =>
  [argv[0], ...[ours, theirs].map((reply) => reply.slice(0, isError(reply) ? 40 : 3))].join(' ');

const isError = (printed: string): boolean => printed.startsWith('(error)');

/** Leaves out arguments, then puts short ones in the place of long ones. */
async function shrinkArguments(
  current: () => readonly Unit[],
  attempt: (units: readonly Unit[]) => Promise<boolean>,
): Promise<void> {
  for (let index = current().length - 1; index >= 0; index--) {
    for (let at = (current()[index]?.[0]?.length ?? 0) - 1; at > 0; at--) {
      const unit = current()[index];
      const argv = unit?.[0];
      if (!unit || !argv || argv[at] === undefined) continue;
      const replaced = (args: readonly string[]) => current().with(index, [args, ...unit.slice(1)]);
      const isGone = await attempt(replaced(argv.toSpliced(at, 1)));
      if (!isGone && (argv[at]?.length ?? 0) > 12) await attempt(replaced(argv.with(at, 'a')));
    }
  }
}

/** A failure as a transcript that shows it, with what redis-server says instead. */
export function report({ units, finding }: Failure): string {
  const sent = units.flat();
  const rows = sent.map((argv) => `> ${writeCommand(argv)}`);
  const last = sent.at(-1);
  if (finding.inState || last !== finding.argv) rows.push(`> ${writeCommand(finding.argv)}`);
  return [...rows, finding.ours, '-- redis-server:', finding.theirs].join('\n');
}

const writeCommand = (argv: readonly string[]): string =>
  argv.map((arg) => (/^[\w.:*()[\]{}+-]+$/.test(arg) ? arg : quote(arg))).join(' ');
