/**
 * The events of a lab in words: what befell a node as it was told, and the lines of a server's log
 * that carry its story as a sentence about the node. Other lines stay as they are.
 */
import type { EventView } from '../../wire/messages.ts';

export interface Told {
  /** What the node does or undergoes: to be read after its name. */
  readonly text: string;
  /** fault: from outside. story: what one must know. detail: the rest of the log. */
  readonly kind: 'fault' | 'story' | 'detail';
}

/** `nameOf` knows the names of nodes by their ids and addresses. */
export function tell(
  { text, level }: Pick<EventView, 'text' | 'level'>,
  nameOf: (idOrAddress: string) => string | undefined,
): Told {
  if (level === undefined) return { text, kind: 'fault' };
  const named = withNames(text, nameOf);
  for (const [pattern, sentence] of stories) {
    const found = pattern.exec(named);
    if (found) return { text: filled(sentence, found), kind: 'story' };
  }
  return { text: named, kind: 'detail' };
}

const withNames = (text: string, nameOf: (idOrAddress: string) => string | undefined) =>
  text
    .replace(/\b[0-9a-f]{40}\b/g, (id) => nameOf(id) ?? `${id.slice(0, 8)}…`)
    .replace(/\b\d+\.\d+\.\d+\.\d+[: ]\d+\b/g, (at) => nameOf(at.replace(' ', ':')) ?? at);

const filled = (sentence: string, groups: readonly string[]) =>
  sentence.replace(/\{(\d)\}/g, (_, n) => groups[Number(n)] ?? '');

const stories: readonly (readonly [RegExp, string])[] = [
  // The cluster bus.
  [/^\*\*\* NODE (\S+) possibly failing$/, 'has no answer from {1} and suspects it (PFAIL)'],
  [/^Marking node (\S+) as failing/, 'declares {1} failed (FAIL): a majority agrees'],
  [/^FAIL message received from (\S+) about (\S+)$/, 'hears from {1} that {2} has failed'],
  [/^Clear FAIL state for node ([^:\s]+)/, 'takes back that {1} has failed'],
  [/^Start of election delayed for (\d+) mill\w+ \(rank #(\d+)/, 'will stand in {1} ms (rank {2})'],
  [/^Starting a failover election for epoch (\d+)/, 'stands for election in epoch {1}'],
  [/^Failover auth granted to (\S+) for epoch (\d+)$/, 'votes for {1} in epoch {2}'],
  [/^Failover auth denied to (\S+): (.*)$/, 'does not vote for {1}: {2}'],
  [/^Failover election won/, 'has won the election and is the primary now'],
  [/^Currently unable to failover: (.*)$/, 'cannot take over: {1}'],
  [/^Cluster state changed: ok$/, 'finds the cluster in order'],
  [/^Cluster state changed: fail$/, 'finds the cluster down'],
  [/^Configuration change detected\. Reconf\w+ myself as a replica of (\S+)/, 'now follows {1}'],
  [/^Manual failover requested by replica (\S+?)\.?$/, 'is asked by {1} to hand over'],
  [/^Manual failover user request accepted/, 'asks its primary to hand over'],
  [/^Forced failover user request accepted/, 'takes over without asking its primary'],
  [/^Taking over the master/, 'takes over without asking anybody'],
  [/^All master replication stream processed/, 'has all that its primary had written'],
  [/^Manual failover timed out/, 'gives up: the handing over took too long'],
  [/^Migrating to orphaned master (\S+)$/, 'moves over to {1}, which has no replica'],
  // Replication.
  [/^Connection with master lost/, 'has lost its primary'],
  [/^MASTER timeout/, 'has heard nothing from its primary for too long'],
  [/^Connection with replica (\S+) lost/, 'has lost its replica {1}'],
  [/^Disconnecting timedout replica[^:]*: (\S+)$/, 'has heard nothing from {1} for too long'],
  [/^Full resync from master/, 'is sent a full copy'],
  [/^Successful partial resynchronization with master/, 'is sent only what it missed'],
  [/^MASTER <-> REPLICA sync: Finished with success/, 'has the full copy'],
  [/^MASTER MODE enabled/, 'is a primary from now on'],
  [/^REPLICAOF (\S+) enabled/, 'is told to follow {1}'],
  [/^FAILOVER requested(?: to (\S+?))?\.?$/, 'is asked to hand over'],
  // Sentinels.
  [/^\+sdown (?:master \S+|slave|sentinel) (\S+)/, 'cannot reach {1} any more (S_DOWN)'],
  [/^-sdown (?:master \S+|slave|sentinel) (\S+)/, 'reaches {1} again'],
  [/^\+odown master \S+ (\S+) #quorum (\S+)/, 'and others agree that {1} is down (O_DOWN, {2})'],
  [/^-odown master \S+ (\S+)/, 'takes back that {1} is down'],
  [/^\+new-epoch (\d+)/, 'enters epoch {1}'],
  [/^\+try-failover master \S+ (\S+)/, 'wants to replace {1}'],
  [/^\+vote-for-leader (\S+) (\d+)/, 'votes for {1} in epoch {2}'],
  [/^\+elected-leader/, 'is elected to lead the failover'],
  [/^-failover-abort-(\S+)/, 'gives up the failover: {1}'],
  [/^\+selected-slave slave (\S+)/, 'chooses {1}'],
  [/^\+promoted-slave slave (\S+)/, 'has made {1} the primary'],
  [/^\+slave-reconf-done slave (\S+)/, 'sees {1} follow the new primary'],
  [/^\+failover-end master/, 'has finished the failover'],
  [/^\+switch-master (\S+) (\S+) (\S+)/, 'tells clients: {1} is now {3}'],
  [/^\+convert-to-slave slave (\S+)/, 'makes {1} a replica'],
  [/^\+reboot (\S+) (\S+)/, 'notices that {2} has restarted'],
  [/^\+tilt/, 'distrusts its clock and only watches (TILT)'],
];
