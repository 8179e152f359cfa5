/** How often a Sentinel does what, and how long it waits: SENTINEL DEBUG shows and changes them. */

/** All in ms. */
export interface Periods {
  info: number;
  ping: number;
  ask: number;
  publish: number;
  defaultDownAfter: number;
  defaultFailoverTimeout: number;
  tiltTrigger: number;
  tilt: number;
  slaveReconf: number;
  minLinkReconnect: number;
  election: number;
  scriptMaxRuntime: number;
  scriptRetryDelay: number;
}

export const usualPeriods = (): Periods => ({
  info: 10_000,
  ping: 1000,
  ask: 1000,
  publish: 2000,
  defaultDownAfter: 30_000,
  defaultFailoverTimeout: 180_000,
  tiltTrigger: 2000,
  tilt: 30_000,
  slaveReconf: 10_000,
  minLinkReconnect: 15_000,
  election: 10_000,
  scriptMaxRuntime: 60_000,
  scriptRetryDelay: 30_000,
});

/** As SENTINEL DEBUG calls them, in its order. */
export const periodNames: ReadonlyMap<string, keyof Periods> = new Map([
  ['INFO-PERIOD', 'info'],
  ['PING-PERIOD', 'ping'],
  ['ASK-PERIOD', 'ask'],
  ['PUBLISH-PERIOD', 'publish'],
  ['DEFAULT-DOWN-AFTER', 'defaultDownAfter'],
  ['DEFAULT-FAILOVER-TIMEOUT', 'defaultFailoverTimeout'],
  ['TILT-TRIGGER', 'tiltTrigger'],
  ['TILT-PERIOD', 'tilt'],
  ['SLAVE-RECONF-TIMEOUT', 'slaveReconf'],
  ['MIN-LINK-RECONNECT-PERIOD', 'minLinkReconnect'],
  ['ELECTION-TIMEOUT', 'election'],
  ['SCRIPT-MAX-RUNTIME', 'scriptMaxRuntime'],
  ['SCRIPT-RETRY-DELAY', 'scriptRetryDelay'],
]);
