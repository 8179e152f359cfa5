/**
 * A data centre by itself, without page and sockets: what its servers cost when nothing happens, how
 * fast a failover plays, and whether replicas keep up with many writes.
 */
import { loadEngine } from './engine.mjs';

const IDLE_SECONDS = 60;
const FAILOVER_SECONDS = 30;
const WRITES_PER_SECOND = 10_000;
const WRITING_SECONDS = 10;
/** Writes arrive in so many portions a second, as from clients that pipeline. */
const PORTIONS = 100;

/** @typedef {{ what: string, value: number, unit: string, goal: number }} Figure */

/** Measures each. @returns {Promise<Figure[]>} */
export async function measureLab() {
  const engine = await loadEngine(`
    export { Lab } from './src/engine/lab/lab.ts';
    export { encodeCommand } from './src/engine/resp/encode.ts';
  `);
  return [idle(engine), failover(engine), writes(engine)];
}

/** @param {Figure} figure */
export const printLab = ({ what, value, unit, goal }) =>
  `${value <= goal ? 'ok ' : 'HIGH'} ${what.padEnd(52)} ${value.toFixed(1).padStart(8)} ${unit}, goal ${goal}`;

const cluster = { kind: 'cluster', shards: 3, replicasPerShard: 1 };

/** @param {any} engine @returns {Figure} */
function idle({ Lab }) {
  const lab = new Lab({ topology: cluster });
  const before = process.cpuUsage();
  lab.clock.advance(IDLE_SECONDS * 1000);
  const { user, system } = process.cpuUsage(before);
  const value = ((user + system) / 1e6 / IDLE_SECONDS) * 100;
  return {
    what: 'six idle nodes of a cluster at real time, the scene aside',
    value,
    unit: '% of a core',
    goal: 15,
  };
}

/** @param {any} engine @returns {Figure} */
function failover({ Lab }) {
  const lab = new Lab({ topology: cluster });
  lab.node('node3').kill();
  const start = performance.now();
  lab.clock.advance(FAILOVER_SECONDS * 1000);
  const value = performance.now() - start;
  if (lab.node('node6').server.replication.isReplica) throw new Error('nobody took over');
  return {
    what: '30 seconds with the failover of a primary, played',
    value,
    unit: 'ms',
    goal: 1000,
  };
}

/** @param {any} engine @returns {Figure} */
function writes({ Lab, encodeCommand }) {
  const lab = new Lab({ topology: { kind: 'replicated', replicas: 2 } });
  const connection = lab.dial(lab.address, '10.9.9.9', { onData() {}, onClose() {} });
  const count = WRITES_PER_SECOND / PORTIONS;
  const start = performance.now();
  for (let portion = 0; portion < PORTIONS * WRITING_SECONDS; portion++) {
    const commands = Array.from({ length: count }, (_, i) =>
      encodeCommand(['SET', `key:${(portion * count + i) % 50_000}`, 'a value of some length']),
    );
    connection.send(commands.join(''));
    lab.clock.advance(1000 / PORTIONS);
  }
  lab.settle();
  const value = (performance.now() - start) / WRITING_SECONDS;
  const offsetOf = (/** @type {any} */ node) => node.server.replication.offset;
  const [primary, ...replicas] = lab.nodes.map(offsetOf);
  if (replicas.some((/** @type {number} */ offset) => offset !== primary))
    throw new Error('a replica is behind');
  return { what: 'a second of 10,000 writes, two replicas with it', value, unit: 'ms', goal: 1000 };
}
