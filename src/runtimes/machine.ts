/** What a program is run with, in whatever language it is. */
import type { World } from '../wire/link.ts';
import type { ScreenLog } from './screen.ts';

export interface MachineRun {
  readonly world: World;
  /** Addresses of the hosts that the lab has, by name. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly screen: ScreenLog;
  /** Told what the program's connections carry. */
  readonly tap?: MessagePort | undefined;
}
