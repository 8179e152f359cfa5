import { SLOT_COUNT } from '../bytes/crc16.ts';
import { sha1Hex } from '../bytes/sha1.ts';

/** Where a node of a cluster is. */
interface Member {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/**
 * What each node of a cluster that has been formed finds in its nodes.conf: the first `shards` nodes
 * are primaries with equal shares of the slots, the others their replicas in turn.
 */
export function nodesConfs(members: readonly Member[], shards: number): string[] {
  const lines = members.map((member, i) => {
    const isPrimary = i < shards;
    const primary = members[i % shards] as Member;
    return {
      id: idOf(member),
      // The bus is where it usually is: its port need not be told.
      address: `${member.host}:${member.port},,shard-id=${sha1Hex(`shard of ${primary.name}`)}`,
      role: isPrimary ? 'master -' : `slave ${idOf(primary)}`,
      rest: `0 0 ${(i % shards) + 1} connected${isPrimary ? ` ${shareOf(i, shards)}` : ''}`,
    };
  });
  return members.map((_, me) =>
    lines
      .map(({ id, address, role, rest }, i) => {
        const flag = i === me ? 'myself,' : '';
        return `${id} ${address} ${flag}${role} ${rest}\n`;
      })
      .concat(`vars currentEpoch ${shards} lastVoteEpoch 0\n`)
      .join(''),
  );
}

/** The id of a node: the same in every lab, as nothing else about it is by chance. */
const idOf = ({ name }: Member): string => sha1Hex(name);

function shareOf(shard: number, shards: number): string {
  const start = Math.round((SLOT_COUNT * shard) / shards);
  const end = Math.round((SLOT_COUNT * (shard + 1)) / shards) - 1;
  return `${start}-${end}`;
}
