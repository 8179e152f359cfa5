/** Whether an answer is right, where that can be seen without a server. */
import type { Predict, Quiz } from './questions.ts';

/** A choice is right when it is exactly the set of correct options. */
export function isRight(quiz: Quiz, chosen: ReadonlySet<number>): boolean {
  return quiz.options.every((option, index) => option.correct === chosen.has(index));
}

/** Whether a predicted reply is the computed one. Blanks and the quotes of a string are forgiven. */
export function isPredicted(answer: string, guess: string): boolean {
  return forgiven(answer) === forgiven(guess);
}

/** The place of the one right choice among those of a predict; -1 when none is. */
export function rightChoice({ choices }: Predict, answer: string): number {
  return choices.findIndex(({ reply }) => isPredicted(answer, reply));
}

function forgiven(reply: string): string {
  const rows = reply.split('\n').map((row) => row.trim().replace(/\s+/g, ' '));
  const text = rows.filter((row) => row !== '').join('\n');
  const [, bare] = /^"([^"\\\n]*)"$/.exec(text) ?? [];
  return bare ?? text;
}
