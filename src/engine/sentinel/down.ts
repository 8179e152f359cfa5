/** Who is down: for this Sentinel (subjectively), and for enough of them (objectively). */
import { type Instance, type Peer, Primary } from './instance.ts';
import type { SentinelState } from './state.ts';
import { wordFor } from './watch.ts';

export function checkDown(state: SentinelState, instance: Instance): void {
  const { now } = state;
  const { downAfter, rebootDownAfter } = instance.primary.conf;
  endSilent(state, instance, downAfter / 2);
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
    now - instance.roleSince > downAfter + state.periods.info * 2;
  const isLate =
    instance instanceof Primary &&
    instance.rebootedAt !== undefined &&
    now - instance.rebootedAt > downAfter + rebootDownAfter;
  const isDown = silence > downAfter || hasLeft || isLate;
  if (isDown === instance.isDown) return;
  instance.downSince = isDown ? now : undefined;
  if (!isDown) instance.isScriptKilled = false;
  state.tell(isDown ? '+sdown' : '-sdown', instance);
}

function endSilent({ now, periods }: SentinelState, instance: Instance, tooLong: number): void {
  const { commands, hellos, owesSince = now } = instance;
  const isSilent = now - owesSince > tooLong && now - instance.pongAt > tooLong;
  if (commands && now - instance.connectedAt > periods.minLinkReconnect && isSilent) {
    commands.close();
    instance.commands = undefined;
  }
  const isMute = now - instance.hellosHeardAt > periods.publish * 3;
  if (hellos && now - instance.hellosConnectedAt > periods.minLinkReconnect && isMute) {
    hellos.close();
    instance.hellos = undefined;
  }
}

export function checkDownForMost(state: SentinelState, primary: Primary): void {
  const others = [...primary.sentinels.values()].filter((peer) => peer.saysDown).length;
  const { quorum } = primary.conf;
  const isDown = primary.isDown && others + 1 >= quorum;
  if (isDown === primary.isDownForMost) return;
  primary.downForMostSince = isDown ? state.now : undefined;
  if (isDown) state.tell('+odown', primary, ` #quorum ${others + 1}/${quorum}`);
  else state.tell('-odown', primary);
}

/** Asks the others whether they think so too, and for their votes where a failover has begun. */
export function askOthers(state: SentinelState, primary: Primary, isForced = false): void {
  const { now, periods } = state;
  for (const peer of primary.sentinels.values()) {
    if (now - peer.toldAt > periods.ask * 5) {
      peer.saysDown = false;
      peer.leader = undefined;
    }
    if (!primary.isDown || !peer.isConnected) continue;
    if (!isForced && now - peer.askedAt < periods.ask) continue;
    peer.askedAt = now;
    askOne(state, primary, peer);
  }
}

function askOne(state: SentinelState, primary: Primary, peer: Peer): void {
  const { port } = primary.place;
  const host = state.shown(primary.place);
  const candidate = primary.isFailingOver ? state.id : '*';
  const question = ['is-master-down-by-addr', host, String(port), String(state.epoch), candidate];
  peer.commands?.ask([wordFor(peer, 'SENTINEL'), ...question], (reply) => {
    if (!Array.isArray(reply)) return;
    const [down, leader, epoch] = reply;
    peer.toldAt = state.now;
    peer.saysDown = down === 1n || down === 1;
    if (typeof leader !== 'string' || leader === '*') return;
    if (peer.leaderEpoch !== Number(epoch)) {
      state.host.log('warning', `${peer.name} voted for ${leader} ${epoch}`);
    }
    peer.leader = leader;
    peer.leaderEpoch = Number(epoch);
  });
}
