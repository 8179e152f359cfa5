/** Who is down: for this Sentinel (subjectively), and for enough of them (objectively). */
import { type Instance, type Peer, Primary } from './instance.ts';
import type { SentinelState } from './state.ts';
import { HELLO_MS, INFO_MS, PING_MS, primaryOf } from './watch.ts';

/** A connection that is as old as this and gets no answer is made anew. */
const OLD_MS = 15_000;

export function checkDown(state: SentinelState, instance: Instance): void {
  const { now } = state;
  const { downAfter } = primaryOf(instance).conf;
  endSilent(instance, now, downAfter / 2);
  const silence =
    instance.owesSince !== undefined
      ? now - instance.owesSince
      : instance.isConnected
        ? 0
        : now - instance.availableAt;
  // A primary that says it is a replica is none.
  const hasLeft =
    instance instanceof Primary &&
    instance.role === 'slave' &&
    now - instance.roleSince > downAfter + INFO_MS * 2;
  const isDown = silence > downAfter || hasLeft;
  if (isDown === instance.isDown) return;
  instance.downSince = isDown ? now : undefined;
  state.tell(isDown ? '+sdown' : '-sdown', instance);
}

function endSilent(instance: Instance, now: number, tooLong: number): void {
  const { commands, hellos, owesSince = now } = instance;
  const isSilent = now - owesSince > tooLong && now - instance.pongAt > tooLong;
  if (commands && now - instance.connectedAt > OLD_MS && isSilent) {
    commands.close();
    instance.commands = undefined;
  }
  const isMute = now - instance.hellosHeardAt > HELLO_MS * 3;
  if (hellos && now - instance.hellosConnectedAt > OLD_MS && isMute) {
    hellos.close();
    instance.hellos = undefined;
  }
}

export function checkDownForMost(state: SentinelState, primary: Primary): void {
  const others = [...primary.sentinels.values()].filter((peer) => peer.saysDown).length;
  const { quorum } = primary.conf;
  const isDown = primary.isDown && others + 1 >= quorum;
  if (isDown === primary.isDownForMost) return;
  primary.isDownForMost = isDown;
  if (isDown) state.tell('+odown', primary, ` #quorum ${others + 1}/${quorum}`);
  else state.tell('-odown', primary);
}

/** Asks the others whether they think so too, and for their votes where a failover has begun. */
export function askOthers(state: SentinelState, primary: Primary, isForced = false): void {
  const { now } = state;
  for (const peer of primary.sentinels.values()) {
    if (now - peer.toldAt > PING_MS * 5) {
      peer.saysDown = false;
      peer.leader = undefined;
    }
    if (!primary.isDown || !peer.isConnected) continue;
    if (!isForced && now - peer.askedAt < PING_MS) continue;
    peer.askedAt = now;
    askOne(state, primary, peer);
  }
}

function askOne(state: SentinelState, primary: Primary, peer: Peer): void {
  const { ip, port } = primary.place;
  const candidate = primary.isFailingOver ? state.id : '*';
  const question = ['is-master-down-by-addr', ip, String(port), String(state.epoch), candidate];
  peer.commands?.ask(['SENTINEL', ...question], (reply) => {
    if (!Array.isArray(reply)) return;
    const [down, leader, epoch] = reply;
    peer.toldAt = state.now;
    peer.saysDown = down === 1n || down === 1;
    if (typeof leader !== 'string' || leader === '*') return;
    peer.leader = leader;
    peer.leaderEpoch = Number(epoch);
  });
}
