/** The script that is running, as the libraries see it. */
import type { LuaState } from './lua-api.ts';
import type { LuaHost, Protocol } from './machine.ts';

export interface Run {
  readonly host: LuaHost;
  /** Chosen by redis.setresp(); every script starts with 2. */
  protocol: Protocol;
  /** The thread that the script itself runs on, as opposed to the coroutines that it makes. */
  readonly thread: LuaState;
}
