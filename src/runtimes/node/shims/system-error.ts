const numbers: Readonly<Record<string, number>> = {
  ECONNREFUSED: -111,
  ECONNRESET: -104,
  ENOENT: -2,
};

/** An error as libuv's, with its number and the call that failed. */
export function systemError(syscall: string, code: string, where = ''): Error {
  const message = `${syscall} ${code}${where === '' ? '' : ` ${where}`}`;
  return Object.assign(new Error(message), { errno: numbers[code], code, syscall });
}
