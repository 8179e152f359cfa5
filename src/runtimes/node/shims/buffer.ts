/** Stands in for Node's `buffer`: the npm package, with the constants that it lacks. */
import { Buffer, kMaxLength } from 'buffer/';

export { Buffer };
export const constants = { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: 2 ** 29 - 24 };
export default { Buffer, constants, kMaxLength };
