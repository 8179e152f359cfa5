/**
 * Searching 100,000 hashes for two words, in Node without a socket: how long one FT.SEARCH takes, and how
 * long the first one, which reads all that was written.
 */
import { loadEngine } from './engine.mjs';

const DOCUMENTS = 100_000;
const ROUNDS = 50;
/** Of so many words is each text made, the first of them the most frequent. */
const WORDS = 2000;
const WORDS_PER_TEXT = 12;

/** @typedef {{ what: string, value: number, unit: string, goal: number }} Figure */

/** @returns {Promise<Figure[]>} */
export async function measureSearch() {
  return await measure(
    await loadEngine(`
      export { Lab } from './src/engine/lab/lab.ts';
      export { LabSession } from './src/engine/lab/script.ts';
    `),
  );
}

/** @param {any} engine @returns {Promise<Figure[]>} */
async function measure({ Lab, LabSession }) {
  const session = new LabSession(new Lab());
  const run = async (/** @type {string[]} */ ...lines) => (await session.send('', lines)).reply;
  await run('FT.CREATE i PREFIX 1 d: SCHEMA t TEXT n NUMERIC');
  const next = luck();
  const text = () => Array.from({ length: WORDS_PER_TEXT }, () => `w${frequent(next)}`).join(' ');
  for (let i = 0; i < DOCUMENTS; i += 100) {
    const lines = Array.from({ length: 100 }, (_, j) => `HSET d:${i + j} t "${text()}" n ${i + j}`);
    await run(...lines);
  }
  const first = await timed(1, () => run('FT.SEARCH i w0 LIMIT 0 0'));
  const figures = [{ what: 'the first search: 100,000 hashes are read', value: first, goal: 5000 }];
  for (const [about, query] of [
    ['the two most frequent words', 'w0 w1'],
    ['two frequent words', 'w5 w9'],
    ['a frequent and a rare one', 'w0 w500'],
    ['two, and a range', 'w0 w1 @n:[1000 50000]'],
  ]) {
    const value = await timed(ROUNDS, () => run(`FT.SEARCH i "${query}"`));
    const count = /\d+/.exec((await run(`FT.SEARCH i "${query}" LIMIT 0 0`))?.slice(2) ?? '')?.[0];
    figures.push({ what: `FT.SEARCH, ${about} (${count} fit)`, value, goal: 10 });
  }
  return figures.map((figure) => ({ ...figure, unit: 'ms' }));
}

/** The mean of so many rounds, in ms. @param {number} rounds @param {() => Promise<unknown>} task */
async function timed(rounds, task) {
  const start = performance.now();
  for (let i = 0; i < rounds; i++) await task();
  return (performance.now() - start) / rounds;
}

/** Numbers from 0 to 1 that are the same each time. */
function luck() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

/** Low numbers are more likely by far, as words are. @param {() => number} next */
const frequent = (next) => Math.floor(WORDS * next() ** 4);
