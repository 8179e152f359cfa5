import type { Dial } from '../network/network.ts';
import type { Disk } from '../persistence/disk.ts';
import type { LuaMachine } from '../scripting/machine.ts';
import type { Resolve } from '../sentinel/address.ts';
import type { SentinelConf } from '../sentinel/conf.ts';
import type { MachineClock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { ConfUser, Renames } from './conf-file.ts';
import type { ConfigTexts } from './config.ts';
import type { CommandTable } from './lookup.ts';
import type { Log } from './persisting.ts';
import type { Settings } from './settings.ts';

/** Makes the Lua of one server. The host knows where its code comes from. */
export type OpenLua = () => LuaMachine;

/** What a server is made with. */
export interface ServerOptions {
  readonly clock: MachineClock;
  readonly random: Random;
  /** Microseconds of real time, for the slow log and statistics; without it everything takes 0. */
  readonly stopwatch?: () => number;
  /** Of the process that the server runs in; 1, as in a container, unless given. */
  readonly processId?: number;
  /** Makes the server's Lua; without it, scripts answer that they are not simulated. */
  readonly openLua?: OpenLua;
  /** What redis.conf and the command line say. */
  readonly config?: ConfigTexts;
  readonly users?: readonly ConfUser[];
  readonly renames?: Renames;
  /** The files that loadmodule names; all modules there are, when it names none. */
  readonly modules?: readonly string[];
  /** Where redis.conf is, on the disk: what CONFIG REWRITE writes. */
  readonly configFile?: string;
  /** Fields that are to differ from what the configuration says; for tests. */
  readonly settings?: Partial<Settings>;
  readonly table: CommandTable;
  /** Where its files are; a disk of its own in memory, unless given. */
  readonly disk?: Disk;
  /** What its sentinel.conf says of Sentinel: it watches others, and holds no data. */
  readonly sentinel?: SentinelConf;
  /** Finds the addresses of hosts by their names. */
  readonly resolve?: Resolve;
  readonly log?: Log;
  /** How it reaches other servers; without it none can be reached. */
  readonly dial?: Dial;
  /** Hears of SHUTDOWN or of a crash, when all connections have been closed. */
  readonly onShutdown?: () => void;
}
