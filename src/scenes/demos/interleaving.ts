/** Clients whose steps are put in an order by hand: what has been done so far, and what came of it. */
import type { Outcome, Session } from '../../transcript/transcript.ts';

export type Act =
  | {
      readonly kind: 'say';
      readonly client: string;
      readonly command: string;
      /** It was the client's next step; otherwise somebody has typed it. */
      readonly isStep: boolean;
    }
  | { readonly kind: 'wait'; readonly seconds: number };

/** What is seen of an act: a command with its reply, or what reaches a client that has waited. */
export type Row =
  | {
      readonly kind: 'said';
      readonly client: string;
      readonly command: string;
      /** Undefined: the client waits. */
      readonly reply: string | undefined;
    }
  | { readonly kind: 'arrived'; readonly client: string; readonly text: string }
  | { readonly kind: 'waited'; readonly seconds: number };

/** Carries out an act; the rows that it adds. */
export async function carryOut(act: Act, session: Session): Promise<Row[]> {
  if (act.kind === 'wait') {
    const args = [`${act.seconds}s`];
    const { arrivals } = await session.steer({ name: 'advance', args });
    return [{ kind: 'waited', seconds: act.seconds }, ...arrived(arrivals)];
  }
  const { client, command } = act;
  const { reply, arrivals } = await session.send(client, [command]);
  return [{ kind: 'said', client, command, reply }, ...arrived(arrivals)];
}

const arrived = (arrivals: Outcome['arrivals']): Row[] =>
  arrivals.map(({ client, text }) => ({ kind: 'arrived', client, text }));

/** The step that comes next for a client; undefined when it has none left. */
export const nextStep = (
  acts: readonly Act[],
  { name, steps }: { readonly name: string; readonly steps: readonly string[] },
): string | undefined =>
  steps[acts.filter((act) => act.kind === 'say' && act.client === name && act.isStep).length];

/** Whether a client waits for a reply: it cannot go on before somebody else has. */
export function isWaiting(rows: readonly Row[], client: string): boolean {
  const last = rows.findLast((row) => row.kind !== 'waited' && row.client === client);
  return last?.kind === 'said' && last.reply === undefined;
}
