/** The time series module. https://redis.io/docs/latest/develop/data-types/timeseries/ */
import { tsInfoCommands } from './ts-info.ts';
import { tsRangeCommands } from './ts-range.ts';
import { tsRuleCommands } from './ts-rules.ts';
import { tsWriteCommands } from './ts-write.ts';

export const timeSeriesCommands = [
  ...tsWriteCommands,
  ...tsRuleCommands,
  ...tsRangeCommands,
  ...tsInfoCommands,
];
