/** Stands in for Node's `url`. */
import { url } from './small.ts';

export const { URL, URLSearchParams, fileURLToPath } = url;
export default url;
