/** Stands in for Node's `diagnostics_channel`. */
import { diagnosticsChannel } from './small.ts';

export const { channel, hasSubscribers } = diagnosticsChannel;
export default diagnosticsChannel;
