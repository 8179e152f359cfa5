/** The engine's only source of randomness: SPOP, RANDOMKEY, run ids, election jitter, ... */
export interface Random {
  /** A uniform integer in [0, bound). `bound` is at most 2^32. */
  below(bound: number): number;
  /** `length` lower-case hexadecimal digits: run ids, node ids, ACL GENPASS. */
  hex(length: number): string;
  /** A stream of its own for `name`, so that one part's draws do not change the luck of another. */
  fork(name: string): Random;
}

/** mulberry32: small, fast, and the same on every machine for the same seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const random: Random = {
    below: (bound) => Math.floor((next() / 2 ** 32) * bound),
    hex: (length) => Array.from({ length }, () => random.below(16).toString(16)).join(''),
    fork: (name) => seededRandom(hash(name, seed)),
  };
  return random;
}

/** FNV-1a of the name, mixed with the seed: a fork depends on both and on nothing drawn before. */
function hash(name: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}
