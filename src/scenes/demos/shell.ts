/** Lines of the shell that prepare a demonstration. */
import { runProgram } from '../../runtimes/program.ts';
import type { Lab } from './stage.ts';

/** Writes files into the home folder, then runs lines whose output is not shown. Rejects when they
 * end badly. */
export async function runShell(
  { world }: Pick<Lab, 'world'>,
  code: string,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { signal } = new AbortController();
  const program = { language: 'shell', code, files } as const;
  const end = await runProgram(program, { world, signal, show: () => {} });
  if (end.code !== 0) throw new Error(`this ended with ${end.code}: ${code}`);
}
