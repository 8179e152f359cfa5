/** The JSON module. https://redis.io/docs/latest/develop/data-types/json/ */
import { jsonArrayCommands } from './json-array.ts';
import { jsonGetCommands } from './json-get.ts';
import { jsonScalarCommands } from './json-scalar.ts';
import { jsonSetCommands } from './json-set.ts';

export const jsonCommands = [
  ...jsonSetCommands,
  ...jsonGetCommands,
  ...jsonScalarCommands,
  ...jsonArrayCommands,
];
