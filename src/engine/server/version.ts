/** The version whose behaviour this server has: INFO, HELLO, LOLWUT and Lua's redis.REDIS_VERSION. */
export const REDIS_VERSION = '8.10.0';
