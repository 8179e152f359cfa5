/**
 * The sequence behind math.random() of a Redis script: lrand48() of POSIX, a linear congruential
 * generator of 48 bits. Redis has its own so that every machine draws the same numbers; it starts
 * each server in the same state and carries on from script to script.
 * https://pubs.opengroup.org/onlinepubs/9699919799/functions/drand48.html
 */
export class Lrand48 {
  /** The state, in two halves of 24 bits so that products stay exact. */
  #high = 0x1234ab;
  #low = 0xcd330e;

  /** The next integer in [0, 2^31). */
  next(): number {
    const low = this.#low * MULTIPLIER_LOW + INCREMENT;
    const carry = Math.floor(low / HALF);
    const high = this.#high * MULTIPLIER_LOW + this.#low * MULTIPLIER_HIGH + carry;
    this.#low = low % HALF;
    this.#high = high % HALF;
    return this.#high * 2 ** 7 + (this.#low >>> 17);
  }

  /** Starts the sequence that belongs to a 32-bit seed. */
  seed(seed: number): void {
    this.#high = (seed >>> 8) & 0xffffff;
    this.#low = (seed & 0xff) * 2 ** 16 + 0x330e;
  }
}

const HALF = 2 ** 24;
const INCREMENT = 0xb;
/** 0x5DEECE66D in halves. */
const MULTIPLIER_HIGH = 0x5de;
const MULTIPLIER_LOW = 0xece66d;
