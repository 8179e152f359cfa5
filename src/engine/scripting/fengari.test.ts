import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadFengari } from '../../hosts/lua-fengari.ts';
import { parseTranscript } from '../../transcript/parse.ts';
import { perform, writeOutcome } from '../../transcript/replay.ts';
import type { Step } from '../../transcript/transcript.ts';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

const transcripts = import.meta.glob<string>('./*.transcript', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Recursion without end, and 70 000 elements: seconds of work in JavaScript. */
const takesSeconds = /1 ?\+ ?f\(\)|65536\)|70000/;

const said = ({ reply, arrivals }: Pick<Step, 'reply' | 'arrivals'>): string =>
  writeOutcome({ reply, arrivals: [...arrivals] }).join('\n');

/** The steps of a transcript that fengari answers otherwise, with its answers. */
async function differencesOf(text: string): Promise<string[]> {
  const openLua = await loadFengari();
  const session = new LabSession(new Lab({ openLua }));
  const rows = text.split('\n');
  const differences: string[] = [];
  for (const step of parseTranscript(text)) {
    const sent = rows.slice(step.line - 1, step.lastLine).join('\n');
    if (takesSeconds.test(sent)) continue;
    const answer = said(await perform(step, session));
    if (step.varies || answer === said(step)) continue;
    differences.push(sent, answer, '');
  }
  await session.close();
  return differences;
}

test('what fengari answers otherwise than Redis is known', async () => {
  const found: string[] = [];
  for (const [path, text] of Object.entries(transcripts)) {
    found.push(`# ${path}`, '', ...(await differencesOf(text)));
  }
  const file = join(import.meta.dirname, 'fengari-differences.txt');
  await expect(`${found.join('\n')}\n`).toMatchFileSnapshot(file);
}, 60_000);
