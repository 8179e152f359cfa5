/**
 * Values of modules. What the keyspace must know of them is only how much room they take and how they
 * are saved; everything else is between a module's commands and its own class.
 * https://redis.io/docs/latest/develop/reference/modules/modules-native-types/
 */
import { Used } from './used.ts';

/** The names of module types: nine characters each, as TYPE prints them. */
export type ModuleType = 'ReJSON-RL' | 'TSDB-TYPE' | 'trietype0' | SketchType;

/** Those of the probabilistic module. */
export type SketchType = 'MBbloom--' | 'MBbloomCF' | 'CMSk-TYPE' | 'TopK-TYPE' | 'TDIS-TYPE';

export abstract class ModuleValue extends Used {
  abstract readonly type: ModuleType;
  /** What OBJECT ENCODING says of all values of modules. */
  readonly encoding = 'raw';
  /** About so many bytes of the memory of a Redis process. */
  abstract readonly bytes: number;

  /** All of it in one string, as `load` of its type reads it. */
  abstract save(): string;
}

/** What a filter or sketch may take; a real server asks its machine for as much as is wanted. */
export const MAX_SKETCH_BYTES = 256 * 1024 * 1024;
