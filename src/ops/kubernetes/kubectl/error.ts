/** Mistakes that kubectl names itself, before it asks the server. */

/** A mistake in what kubectl was told: printed after "error: ". */
export class KubectlError extends Error {
  override readonly name = 'KubectlError';
}

/** What is not simulated here: said plainly. */
export const notSimulated = (what: string): KubectlError =>
  new KubectlError(`${what} is not simulated here`);
