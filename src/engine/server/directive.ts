/** What a directive is, and the short forms in which config-rows.ts declares them. */
import { bool, choice, integer, type Kind, memory, type Range, string } from './config-kinds.ts';
import type { Settings } from './settings.ts';

/** One setting of the server, as redis.conf, CONFIG GET and CONFIG SET know it. */
export interface Directive {
  readonly name: string;
  /** Other names for it, which CONFIG GET lists too. */
  readonly aliases: readonly string[];
  /** What it is unless set, as CONFIG GET prints it. */
  readonly default: string;
  readonly changes: Changes;
  /** Only CONFIG GET by its full name shows it. */
  readonly isHidden: boolean;
  /** Its value is not shown in MONITOR, the slow log and the like. */
  readonly isSecret: boolean;
  /** Takes several words in redis.conf. */
  readonly isMulti: boolean;
  /** It can be read and set, and nothing here depends on it. */
  readonly isInert: boolean;
  /** Its value is put where the server reads it on every command. */
  readonly isStored: boolean;
  /** Having nothing is something, and CONFIG REWRITE says so. */
  readonly keepsEmpty: boolean;
  /** A text as it is written in redis.conf. */
  write(text: string): string;
  /** What a text means, `current` being what it says so far. Throws a ConfigError. */
  read(text: string, current: string): Reading;
}

/** `start` cannot be set while the server runs; `protected` needs enable-protected-configs. */
type Changes = 'any time' | 'start' | 'protected';

/** A text that was understood. */
export interface Reading {
  /** As CONFIG GET prints it. */
  readonly text: string;
  /** Puts the value where the server reads it. */
  store(settings: Settings): void;
}

interface Traits {
  readonly aliases?: readonly string[];
  readonly changes?: Changes;
  readonly hidden?: boolean;
  readonly secret?: boolean;
  readonly keepsEmpty?: boolean;
  /** The server asks for its text or listens to its changes, without a field of Settings. */
  readonly used?: boolean;
}

/** A directive of any kind. `store` puts its value where the server reads it on every command. */
export function directive<T>(
  name: string,
  text: string,
  kind: Kind<T>,
  traits: Traits & { readonly store?: (settings: Settings, value: T) => void } = {},
): Directive {
  return {
    name,
    aliases: traits.aliases ?? [],
    default: text,
    changes: traits.changes ?? 'any time',
    isHidden: traits.hidden ?? false,
    isSecret: traits.secret ?? false,
    isMulti: kind.isMulti ?? false,
    isInert: !traits.store && !traits.used,
    isStored: traits.store !== undefined,
    keepsEmpty: traits.keepsEmpty ?? false,
    write: kind.write ?? ((given) => given),
    read(given, current) {
      const value = kind.read(given, current);
      return { text: kind.print(value), store: (settings) => traits.store?.(settings, value) };
    },
  };
}

/** The fields of Settings that hold a T. */
type FieldOf<T> = { [F in keyof Settings]: T extends Settings[F] ? F : never }[keyof Settings];

/** `field` is where the server reads the value; a directive that the server does not use has none. */
type Options<T> = Traits & { readonly field?: FieldOf<T> };

export const yesNo = (name: string, text: 'yes' | 'no', options: Options<boolean> = {}) =>
  directive(name, text, bool, { ...options, ...storing(options.field, (value: boolean) => value) });

export const number = (
  name: string,
  text: string,
  range: Range = {},
  options: Options<number> = {},
) => directive(name, text, integer(range), { ...options, ...storing(options.field, Number) });

export const size = (
  name: string,
  text: string,
  range: Range = {},
  options: Options<number> = {},
) => directive(name, text, memory(range), { ...options, ...storing(options.field, Number) });

export const oneOf = (
  name: string,
  text: string,
  words: readonly string[],
  options: Options<string> = {},
) => directive(name, text, choice(words), { ...options, ...storing(options.field, String) });

export const text = (name: string, value: string, options: Options<string> = {}) =>
  directive(name, value, string(), { ...options, ...storing(options.field, String) });

/** Nothing, or how to put a value into a field, converted to what the field holds. */
function storing<T, F>(
  field: FieldOf<F> | undefined,
  convert: (value: T) => F,
): { store?: (settings: Settings, value: T) => void } {
  if (field === undefined) return {};
  return {
    store: (settings, value) => Object.assign(settings, { [field]: convert(value) }),
  };
}
