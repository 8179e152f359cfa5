import type { ArrayValue } from '../values/array.ts';
import type { BloomFilter } from '../values/bloom-filter.ts';
import type { CountMinSketch } from '../values/count-min-sketch.ts';
import type { CuckooFilter } from '../values/cuckoo-filter.ts';
import type { HashValue } from '../values/hash.ts';
import type { JsonDocument } from '../values/json-document.ts';
import type { ListValue } from '../values/list.ts';
import type { SetValue } from '../values/set.ts';
import type { SortedSetValue } from '../values/sorted-set.ts';
import type { StreamValue } from '../values/stream.ts';
import type { StringValue } from '../values/string.ts';
import type { Suggestions } from '../values/suggestions.ts';
import type { TDigest } from '../values/t-digest.ts';
import type { TimeSeries } from '../values/time-series.ts';
import type { TopK } from '../values/top-k.ts';
import type { VectorSetValue } from '../values/vector-set.ts';

/** Value types by the name that TYPE prints. */
export interface Values {
  string: StringValue;
  list: ListValue;
  set: SetValue;
  zset: SortedSetValue;
  hash: HashValue;
  stream: StreamValue;
  array: ArrayValue;
  vectorset: VectorSetValue;
  'ReJSON-RL': JsonDocument;
  'TSDB-TYPE': TimeSeries;
  trietype0: Suggestions;
  'MBbloom--': BloomFilter;
  MBbloomCF: CuckooFilter;
  'CMSk-TYPE': CountMinSketch;
  'TopK-TYPE': TopK;
  'TDIS-TYPE': TDigest;
}

export type Type = keyof Values;
export type Value = Values[Type];
