/** How many commands a second the engine in this page carries out, measured now. */
import type { Stage } from './stage.ts';

/** One measurement takes no longer than this, however slow the machine. */
const LONGEST_MS = 2000;

export interface Load {
  /** `{n}` counts up. */
  readonly command: string;
  /** Commands in one write. */
  readonly batch: number;
  /** How many altogether, if there is time. */
  readonly most: number;
}

/** Commands a second, each batch waiting for the replies of the one before. */
export async function measureRate(stage: Stage, { command, batch, most }: Load): Promise<number> {
  const client = stage.client();
  // The first answer pays for the start of the engine.
  await client.run('PING');
  const begun = performance.now();
  let sent = 0;
  while (sent < most && performance.now() - begun < LONGEST_MS) {
    const count = Math.min(batch, most - sent);
    const words = Array.from({ length: count }, (_, index) => wordsOf(command, sent + index));
    await client.connection.pipeline(words);
    sent += count;
  }
  client.close();
  return (1000 * sent) / (performance.now() - begun);
}

const wordsOf = (command: string, n: number): string[] =>
  command.replaceAll('{n}', String(n)).split(' ');
