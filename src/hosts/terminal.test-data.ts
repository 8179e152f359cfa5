/** What tests of a lab's hosts share: a lab, and what programs print in a terminal there. */
import { onTestFinished } from 'vitest';
import { type Program, runProgram } from '../runtimes/program.ts';
import type { Screen } from '../runtimes/screen.ts';
import type { World, WorldOptions } from '../wire/link.ts';
import { startInProcessWorld } from './in-process.ts';

export interface Printed {
  /** What the program has ended with. */
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** Both, in the order in which they were printed. */
  readonly chunks: Screen['chunks'];
}

/** A lab, of one server unless said, that lives as long as the test that it is started in. */
export function startLab(options: Partial<WorldOptions> = {}): World {
  const world = startInProcessWorld({ topology: { kind: 'standalone' }, seed: 1, ...options });
  onTestFinished(() => world.stop());
  return world;
}

/** Runs a program in a new terminal of a lab. Rejects when it is stopped. */
export async function runIn(
  world: World,
  program: Program,
  signal = new AbortController().signal,
): Promise<Printed> {
  let chunks: Screen['chunks'] = [];
  const show = (screen: Screen) => {
    chunks = screen.chunks;
  };
  const { code: status } = await runProgram(program, { world, signal, show });
  const printed = (stream: string) =>
    chunks.flatMap((each) => (each.stream === stream ? [each.text] : [])).join('');
  return { status, out: printed('out'), err: printed('err'), chunks };
}

/** Runs lines of a script. */
export const shellIn = (world: World, ...lines: string[]): Promise<Printed> =>
  runIn(world, { language: 'shell', code: lines.join('\n') });
