/**
 * Everything that a lesson promises, checked at a place: its examples print what they say, its tasks
 * can be solved as told and only so, its proofs prove, its predictions have one answer.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { startInProcessWorld } from '../hosts/in-process.ts';
import type { Lab } from '../lessons/lesson.ts';
import { blocksOf, filesOf, type Lesson } from '../lessons/lesson.ts';
import { Room } from '../lessons/room.ts';
import { answerOf, programOf } from '../lessons/run-text.ts';
import { type Stretch, stretchesOf } from '../lessons/stretches.ts';
import { isPredicted } from '../quiz/answers.ts';
import { type CheckResult, grade } from '../quiz/grade.ts';
import type { Attempt, Challenge, Interview, Predict, Snippet } from '../quiz/questions.ts';
import { parseTranscript } from '../transcript/parse.ts';
import { replay } from '../transcript/replay.ts';
import type { Place } from './place.ts';
import { canSteerReal } from './real-place.ts';
import { Rig } from './rig.ts';

/** How many times as fast as real time answers are run that wait for something. */
const HURRY = 10;

export interface Checks {
  readonly open: (lab: Lab) => Promise<Place>;
  /** A real server: what varies is not compared, and what it cannot do or does not know is left out. */
  readonly real: boolean;
  /** With REWRITE in the environment wrong replies are mended in the file instead of being told. */
  readonly rewrite?: string | undefined;
}

/** Replays a stretch block by block; tells how many blocks were left out. */
export async function checkExamples(stretch: Stretch, checks: Checks): Promise<number> {
  const transcripts = stretch.blocks.filter(({ code }) => code.language === 'redis');
  if (!isThere(stretch.lab, checks)) return transcripts.length;
  const kept = checks.real ? transcripts.slice(0, firstImpossible(transcripts)) : transcripts;
  if (kept.length === 0) return transcripts.length;
  await at(stretch.lab, checks, async ({ door }) => {
    const shared = new Rig(door);
    for (const block of kept) {
      // Another protocol or node needs connections of its own.
      const { resp, target } = block.kind === 'code' ? block : {};
      const own = resp !== undefined || target !== undefined;
      const rig = own ? new Rig(door, { protocol: resp, target }) : shared;
      await checkReplay(block.code, rig, checks);
    }
  });
  return transcripts.length - kept.length;
}

/** Each proof of an interview question, in a place of its own. */
export async function checkProofs({ ideas }: Interview, lab: Lab, checks: Checks): Promise<number> {
  const proofs = ideas.flatMap(({ prove }) => (prove ? [prove] : []));
  if (!isThere(lab, checks)) return proofs.length;
  const possible = proofs.filter((proof) => !checks.real || isPossible(proof));
  for (const proof of possible) {
    await at(lab, checks, ({ door }) => checkReplay(proof, new Rig(door), checks));
  }
  return proofs.length - possible.length;
}

/** The command answers something, and exactly one of the choices is that. */
export async function checkPredict(predict: Predict, lab: Lab, checks: Checks): Promise<number> {
  const { given, command, choices } = predict;
  if (!isThere(lab, checks)) return 1;
  if (checks.real && !(isPossible(given) && isPossible(command))) return 1;
  await at(lab, checks, async ({ door }) => {
    const rig = new Rig(door);
    await replay(given.source, rig);
    const [step] = parseTranscript(command.source);
    const answer =
      step?.kind === 'command' ? (await rig.send(step.client, [step.command])).reply : '';
    expect(answer, `nothing is answered to ${command.source}`).toBeTruthy();
    if (choices.length === 0 || answer === undefined) return;
    const right = choices.filter(({ reply }) => isPredicted(answer, reply));
    expect(right, `choices that are ${answer}`).toHaveLength(1);
  });
  return 0;
}

/** The ids of the goals that fail after an attempt (none: it passes), and what was seen instead. */
export async function outcomeOf(
  challenge: Challenge,
  attempt: Attempt | undefined,
  lab: Lab,
  checks: Checks,
): Promise<{ failed: string[]; details: string }> {
  return at(lab, checks, async ({ door }) => {
    await replay(challenge.setup.source, new Rig(door));
    const rig = new Rig(door);
    rig.begin();
    if (attempt) await replay(attempt.code.source, rig);
    return failedIn((await grade(challenge, rig)).checks);
  });
}

/** The same of an answer that is no transcript, given as the page's answer box runs it. */
export async function outcomeOfProgram(
  challenge: Challenge,
  { code }: Attempt,
  lesson: Lesson,
): Promise<{ failed: string[]; details: string }> {
  const room = new Room(lesson, (options) => startInProcessWorld({ ...options, rate: HURRY }));
  try {
    await room.desk.setUp(challenge.setup.source);
    room.desk.begin();
    await room.perform(answerOf(code.language, code.source), {
      program: programOf(code.language, filesOf(lesson)),
      watched: true,
      show: () => {},
    });
    return failedIn((await room.grade(challenge)).checks);
  } finally {
    room.stop();
  }
}

function failedIn(results: readonly CheckResult[]): { failed: string[]; details: string } {
  const tell = ({ goal, expected, observed }: CheckResult) =>
    `${goal.id}: expected ${expected}, observed ${observed}`;
  const errors = results.filter(({ outcome }) => outcome === 'error');
  expect(errors.map(tell), 'goals that cannot be looked at').toEqual([]);
  const bad = results.filter(({ outcome }) => outcome === 'fail');
  return { failed: bad.map(({ goal }) => goal.id), details: bad.map(tell).join('\n') };
}

/** Only a single real server is started for a lesson: labs of several are told by the engine alone. */
export const isThere = (lab: Lab, { real }: Checks): boolean => !real || lab === 'standalone';

/** Whether a task's attempt can be made here. */
export const canAttempt = ({ code }: Attempt, { real }: Checks): boolean =>
  code.language === 'redis' && (!real || isPossible(code));

/** Whether an attempt is a program that runs without a browser: Python and Node need theirs. */
export const isPlainProgram = ({ code }: Attempt): boolean =>
  ['shell', 'conf', 'acl', 'sentinel-conf', 'lua'].includes(code.language);

export const exercisesOf = (lesson: Lesson) => {
  const blocks = blocksOf(lesson);
  return {
    challenges: blocks.flatMap((block) => (block.kind === 'challenge' ? [block.challenge] : [])),
    predicts: blocks.flatMap((block) => (block.kind === 'predict' ? [block.predict] : [])),
    interviews: blocks.flatMap((block) => (block.kind === 'interview' ? [block.interview] : [])),
    stretches: stretchesOf(lesson),
  };
};

async function at<T>(lab: Lab, { open }: Checks, use: (place: Place) => Promise<T>): Promise<T> {
  const place = await open(lab);
  try {
    return await use(place);
  } finally {
    await place.stop();
  }
}

async function checkReplay(code: Snippet, rig: Rig, checks: Checks): Promise<void> {
  const actual = await replay(code.source, rig, { lenient: checks.real });
  if (actual !== code.source && checks.rewrite !== undefined) {
    await mend(checks.rewrite, code, actual);
  } else expect(actual, `the transcript at line ${code.line}`).toBe(code.source);
}

/** Lines that mending has added so far, by file and by where they were added. */
const added: { file: string; line: number; lines: number }[] = [];

/** Puts the actual replies into the file, indented as they were. */
async function mend(file: string, { line, source }: Snippet, actual: string): Promise<void> {
  const above = added.filter((each) => each.file === file && each.line < line);
  const at = above.reduce((sum, { lines }) => sum + lines, line - 1);
  const rows = (await readFile(file, 'utf8')).split('\n');
  const indent = /^\s*/.exec(rows[at] ?? '')?.[0] ?? '';
  const mended = actual.split('\n').map((row) => (row === '' ? row : indent + row));
  const length = source.split('\n').length;
  rows.splice(at, length, ...mended);
  added.push({ file, line, lines: mended.length - length });
  await writeFile(file, rows.join('\n'));
}

function firstImpossible(blocks: Stretch['blocks']): number {
  const at = blocks.findIndex((block) => {
    const newer =
      block.kind === 'code' && block.since !== undefined && Number.parseFloat(block.since) > 7;
    return newer || !isPossible(block.code);
  });
  return at < 0 ? blocks.length : at;
}

/** A real server cannot be steered, neither its network nor, beyond a moment, its time. */
function isPossible({ source }: Snippet): boolean {
  return parseTranscript(source).every(
    (step) =>
      step.kind !== 'directive' ||
      ['connect', 'close'].includes(step.directive.name) ||
      canSteerReal(step.directive),
  );
}
