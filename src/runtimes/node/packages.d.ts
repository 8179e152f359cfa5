/** Packages that bring no types of their own, or Node's under another name. */
declare module 'buffer/' {
  export { Buffer, kMaxLength } from 'node:buffer';
}
declare module 'events/' {
  import { EventEmitter } from 'node:events';
  export default EventEmitter;
}
declare module 'readable-stream' {
  export { Duplex, PassThrough, Readable, Transform, Writable } from 'node:stream';
}
declare module 'ioredis/built/redis/RedisOptions.js' {
  export const DEFAULT_REDIS_OPTIONS: { showFriendlyErrorStack?: boolean };
}
