/** Which Sentinel leads a failover: each has one vote in an epoch, for who asks first. */
import type { Primary } from './instance.ts';
import { majorityOf } from './quorum.ts';
import type { SentinelState } from './state.ts';

/** Who stood against another begins a little later, so that not all begin at once. */
export const MAX_DESYNC_MS = 1000;

/** Gives the vote, if it is still to be had. Returns whom it went to, and in which epoch. */
export function vote(state: SentinelState, primary: Primary, epoch: number, candidate: string) {
  if (epoch > state.epoch) state.adoptEpoch(epoch);
  if (primary.leaderEpoch < epoch && state.epoch <= epoch) {
    primary.leader = candidate;
    primary.leaderEpoch = state.epoch;
    state.save();
    state.say('+vote-for-leader', `${candidate} ${primary.leaderEpoch}`);
    if (candidate !== state.id) {
      primary.failoverAt = state.now + state.host.random.below(MAX_DESYNC_MS);
    }
  }
  return { leader: primary.leader, epoch: primary.leaderEpoch };
}

/** Who has the votes of a majority, and of the quorum; undefined while nobody has. */
export function leaderOf(state: SentinelState, primary: Primary, epoch: number) {
  const votes = new Map<string, number>();
  const count = (leader: string) => votes.set(leader, (votes.get(leader) ?? 0) + 1);
  for (const { leader, leaderEpoch } of primary.sentinels.values()) {
    if (leader !== undefined && leaderEpoch === state.epoch) count(leader);
  }
  const own = vote(state, primary, epoch, mostOf(votes)?.[0] ?? state.id);
  if (own.leader !== undefined && own.epoch === epoch) count(own.leader);
  const most = mostOf(votes);
  const majority = majorityOf(primary.sentinels.size + 1);
  const isEnough = most && most[1] >= majority && most[1] >= primary.conf.quorum;
  return isEnough ? most[0] : undefined;
}

function mostOf(votes: ReadonlyMap<string, number>): [string, number] | undefined {
  let most: [string, number] | undefined;
  for (const entry of votes) if (!most || entry[1] > most[1]) most = entry;
  return most;
}
