/** Lines of the shell that prepare a demonstration. */
import { runProgram } from '../../runtimes/program.ts';
import type { Lab } from './stage.ts';

/** What they print is not shown. Rejects when they end badly. */
export async function runShell({ world }: Pick<Lab, 'world'>, code: string): Promise<void> {
  const { signal } = new AbortController();
  const end = await runProgram({ language: 'shell', code }, { world, signal, show: () => {} });
  if (end.code !== 0) throw new Error(`this ended with ${end.code}: ${code}`);
}
