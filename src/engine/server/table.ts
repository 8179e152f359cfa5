import { clusterCommands } from '../cluster/commands.ts';
import { arrayCommands } from '../commands/array.ts';
import { arraySearchCommands } from '../commands/array-search.ts';
import { bitfieldCommands } from '../commands/bitfield.ts';
import { bitmapCommands } from '../commands/bitmap.ts';
import type { Command } from '../commands/command.ts';
import { counterCommands } from '../commands/counter.ts';
import { counterLimitCommands } from '../commands/counter-limits.ts';
import { expireCommands } from '../commands/expire.ts';
import { genericCommands } from '../commands/generic.ts';
import { geoCommands } from '../commands/geo.ts';
import { geoSearchCommands } from '../commands/geo-search.ts';
import { hashCommands } from '../commands/hash.ts';
import { hashExpireCommands } from '../commands/hash-expire.ts';
import { hashExtendedCommands } from '../commands/hash-extended.ts';
import { hyperloglogCommands } from '../commands/hyperloglog.ts';
import { lcsCommands } from '../commands/lcs.ts';
import { listCommands } from '../commands/list.ts';
import { listBlockingCommands } from '../commands/list-blocking.ts';
import { listMoveManyCommands } from '../commands/list-move-many.ts';
import { objectCommands } from '../commands/object.ts';
import { scanCommands } from '../commands/scan.ts';
import { setCommands } from '../commands/set.ts';
import { setAlgebraCommands } from '../commands/set-algebra.ts';
import { sortCommands } from '../commands/sort.ts';
import { sortedSetCommands } from '../commands/sorted-set.ts';
import { sortedSetAlgebraCommands } from '../commands/sorted-set-algebra.ts';
import { sortedSetPopCommands } from '../commands/sorted-set-pop.ts';
import { sortedSetRangeCommands } from '../commands/sorted-set-range.ts';
import { streamCommands } from '../commands/stream.ts';
import { streamDeleteCommands } from '../commands/stream-delete.ts';
import { streamGroupCommands } from '../commands/stream-group.ts';
import { streamIdempotenceCommands } from '../commands/stream-idempotence.ts';
import { streamInfoCommands } from '../commands/stream-info.ts';
import { streamNackCommands } from '../commands/stream-nack.ts';
import { streamPendingCommands } from '../commands/stream-pending.ts';
import { streamReadCommands } from '../commands/stream-read.ts';
import { stringCommands } from '../commands/string.ts';
import { stringCompareCommands } from '../commands/string-compare.ts';
import { stringManyCommands } from '../commands/string-many.ts';
import { vectorSearchCommands } from '../commands/vector-search.ts';
import { vectorSetCommands } from '../commands/vector-set.ts';
import { jsonCommands } from '../modules/json.ts';
import { probabilisticCommands } from '../modules/probabilistic.ts';
import { searchModuleCommands } from '../modules/search.ts';
import { timeSeriesCommands } from '../modules/time-series.ts';
import { persistenceCommands } from '../persistence/commands.ts';
import { dumpCommands } from '../persistence/dump.ts';
import { replicationCommands } from '../replication/commands.ts';
import { scriptCommands } from '../scripting/eval.ts';
import { functionCommands } from '../scripting/functions.ts';
import { aclCommands } from './acl-commands.ts';
import type { Client } from './client.ts';
import { clientCommands } from './client-commands.ts';
import { commandCommands } from './command-command.ts';
import { configCommands } from './config-commands.ts';
import { connectionCommands } from './connection.ts';
import type { CallContext } from './context.ts';
import { debugCommands } from './debug.ts';
import { functionPayload } from './function-payload.ts';
import { hashImportCommands } from './hash-import.ts';
import { infoCommands } from './info.ts';
import { latencyCommands } from './latency.ts';
import type { CommandTable } from './lookup.ts';
import { memoryCommands } from './memory-commands.ts';
import { migrateCommands } from './migrate.ts';
import { pubsubCommands } from './pubsub.ts';
import type { Server } from './server.ts';
import { serverCommands } from './server-commands.ts';
import { slowlogCommands } from './slowlog.ts';
import { transactionCommands } from './transactions.ts';
import { unsimulatedCommands } from './unsimulated.ts';
import { waitAofCommands } from './wait-aof.ts';

/** Every row of every folder. That this list compiles proves that the server provides what they need. */
export const rows: readonly Command<CallContext<Server>>[] = [
  ...genericCommands,
  ...expireCommands,
  ...scanCommands,
  ...objectCommands,
  ...sortCommands,
  ...stringCommands,
  ...counterCommands,
  ...counterLimitCommands,
  ...stringCompareCommands,
  ...stringManyCommands,
  ...lcsCommands,
  ...bitmapCommands,
  ...hyperloglogCommands,
  ...geoCommands,
  ...geoSearchCommands,
  ...streamCommands,
  ...streamReadCommands,
  ...streamGroupCommands,
  ...streamPendingCommands,
  ...streamNackCommands,
  ...streamDeleteCommands,
  ...streamIdempotenceCommands,
  ...streamInfoCommands,
  ...arrayCommands,
  ...arraySearchCommands,
  ...vectorSetCommands,
  ...vectorSearchCommands,
  ...jsonCommands,
  ...timeSeriesCommands,
  ...searchModuleCommands,
  ...probabilisticCommands,
  ...bitfieldCommands,
  ...listCommands,
  ...listBlockingCommands,
  ...listMoveManyCommands,
  ...setCommands,
  ...setAlgebraCommands,
  ...hashCommands,
  ...hashExpireCommands,
  ...hashExtendedCommands,
  ...hashImportCommands,
  ...sortedSetCommands,
  ...sortedSetRangeCommands,
  ...sortedSetPopCommands,
  ...sortedSetAlgebraCommands,
  ...dumpCommands,
  ...persistenceCommands,
  ...connectionCommands,
  ...transactionCommands,
  ...pubsubCommands,
  ...slowlogCommands,
  ...configCommands,
  ...scriptCommands<Client>(),
  ...functionCommands<Client>(functionPayload),
  ...clientCommands,
  ...commandCommands,
  ...memoryCommands,
  ...debugCommands,
  ...latencyCommands,
  ...infoCommands,
  ...waitAofCommands,
  ...aclCommands,
  ...serverCommands,
  ...replicationCommands,
  ...clusterCommands,
  ...migrateCommands,
  ...unsimulatedCommands,
];

/** Every command by its lower-case name, subcommands as `config|get`. */
export const commandTable: CommandTable = new Map(rows.map((row) => [row.name, row]));
