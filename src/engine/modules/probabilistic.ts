/** The probabilistic module, `bf`. https://redis.io/docs/latest/develop/data-types/probabilistic/ */
import { bloomCommands } from './bloom.ts';
import { countMinCommands } from './count-min.ts';
import { cuckooCommands } from './cuckoo.ts';
import { tDigestCommands } from './t-digest.ts';
import { topKCommands } from './top-k.ts';

export const probabilisticCommands = [
  ...bloomCommands,
  ...cuckooCommands,
  ...countMinCommands,
  ...topKCommands,
  ...tDigestCommands,
];
