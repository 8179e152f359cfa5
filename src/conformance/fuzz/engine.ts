import { Lab } from '../../engine/lab/lab.ts';
import type { LuaMachine } from '../../engine/scripting/machine.ts';
import type { Client } from '../../engine/server/client.ts';
import type { Server } from '../../engine/server/server.ts';
import type { Settings } from '../../engine/server/settings.ts';
import { openLua } from '../../hosts/lua-file.ts';
import type { Frame } from '../frame.ts';
import { LabWire } from '../lab-wire.ts';

/** Our server, in this process. Its time stands still. */
export class Engine {
  readonly #lab: Lab;

  constructor(settings: Partial<Settings> = {}) {
    this.#lab = new Lab({ start: Date.now(), settings, openLua: freshLua });
  }

  dial(): EngineWire {
    return new EngineWire(this.#lab);
  }
}

/** A connection to it; whatever a command causes has happened when `send` returns. */
export class EngineWire {
  readonly #wire: LabWire;
  readonly #thrown: Frame[] = [];
  readonly #server: Server;
  readonly #client: Client;

  constructor(lab: Lab) {
    this.#wire = new LabWire(lab);
    this.#server = (lab.nodes[0] as Lab['nodes'][number]).server;
    this.#client = [...this.#server.clients.values()].at(-1) as Client;
  }

  send(argv: readonly string[]): void {
    try {
      this.#wire.send([argv]);
    } catch (error) {
      const text = error instanceof Error ? error.stack : String(error);
      this.#thrown.push(errorFrame(`the engine threw: ${text}`));
    }
  }

  /** Sends a command that has one reply. */
  run(argv: readonly string[]): Frame {
    this.send(argv);
    const replies = this.takeAll();
    const [reply] = replies;
    return reply && replies.length === 1 ? reply : errorFrame(`${replies.length} replies`);
  }

  /** Whatever has come and was not taken. */
  takeAll(): Frame[] {
    return [...this.#wire.takeAll(), ...this.#thrown.splice(0)];
  }

  /** Whether it is between MULTI and EXEC. */
  get isQueueing(): boolean {
    return this.#client.transaction !== undefined;
  }

  /** The encoding of a key in its database. */
  readonly encodingOf = (key: string): string | undefined =>
    this.#server.databases[this.#client.db]?.peek(key)?.encoding;
}

/** One Lua for all engines, as it takes time to start; it forgets what it knew. */
let lua: LuaMachine | undefined;
function freshLua(): LuaMachine {
  lua ??= openLua();
  lua.flush();
  return lua;
}

const errorFrame = (text: string): Frame => ({ type: '-', text, raw: `-${text}\r\n` });
