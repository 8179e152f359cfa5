import type { Program } from '../program.ts';

/** Programs of a real host that are not here: they say so, and what does their work here. */
const instead: Readonly<Record<string, string>> = {
  crontab: 'the host of this terminal has a cron, the hosts that ssh reaches have none',
  dmesg: 'the log of a server tells what befell it',
  sysctl: 'the kernel has no settings here',
  ulimit: 'maxclients limits how many connect',
  trap: 'Stop ends a script, and nothing runs then',
};

/** By name; each ends with the status of a program that could not be run. */
export const absent: Readonly<Record<string, Program>> = Object.fromEntries(
  Object.entries(instead).map(([name, hint]): [string, Program] => [
    name,
    async ({ complain }) => {
      complain(`${name}: not simulated here: ${hint}\n`);
      return 1;
    },
  ]),
);
