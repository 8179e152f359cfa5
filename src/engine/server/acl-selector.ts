import { matches } from '../bytes/glob.ts';
import { type Command, categories } from '../commands/command.ts';
import { findKeys } from '../commands/key-positions.ts';
import type { CommandTable } from './lookup.ts';

/** Why a rule is none; the words stand after "Error in ACL SETUSER modifier '…': ". */
export class AclError extends Error {
  override readonly name = 'AclError';

  constructor(
    message: string,
    readonly isUnknownCommand = false,
  ) {
    super(message);
  }
}

export const aclSyntaxError = () => new AclError('Syntax error');
const unknownCommand = () => new AclError('Unknown command or category name in ACL', true);

/** What a command was refused for. */
export interface Denial {
  readonly reason: 'command' | 'key' | 'channel';
  /** The command, the key or the channel. */
  readonly object: string;
  /** The index of the argument; 0 is the command. */
  readonly index: number;
}

interface KeyPattern {
  readonly glob: string;
  readonly read: boolean;
  readonly write: boolean;
}

/**
 * Which commands may be run, on which keys and channels. A user has one of these, and may have more:
 * whatever one of them allows as a whole is allowed.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/#selectors
 */
export class Selector {
  #allKeys = false;
  #allChannels: boolean;
  /** The last of +@all and -@all, which also holds for commands that do not exist yet. */
  #allByDefault = false;
  /** What was said since, in order: +get, -@write, +config|get. */
  #rules: string[] = [];
  #allowed: Set<string>;
  /** Arguments with which a command is allowed that otherwise is not: +select|0. */
  #firstArguments = new Map<string, Set<string>>();
  #keys: KeyPattern[] = [];
  #channels: string[] = [];

  constructor(
    private readonly table: CommandTable,
    allChannels = false,
  ) {
    this.#allChannels = allChannels;
    this.#allowed = new Set();
  }

  /** Everything is allowed. */
  get isOpen(): boolean {
    return this.#allKeys && this.#allChannels && this.#allByDefault && this.#rules.length === 0;
  }

  copy(): Selector {
    const copy = new Selector(this.table, this.#allChannels);
    copy.#allKeys = this.#allKeys;
    copy.#allByDefault = this.#allByDefault;
    copy.#rules = [...this.#rules];
    copy.#allowed = new Set(this.#allowed);
    copy.#firstArguments = new Map(
      [...this.#firstArguments].map(([name, args]) => [name, new Set(args)]),
    );
    copy.#keys = [...this.#keys];
    copy.#channels = [...this.#channels];
    return copy;
  }

  /** Changes what is allowed by one rule, such as +get or ~cache:*. Throws an AclError. */
  apply(rule: string): void {
    const name = rule.toLowerCase();
    const word = Object.hasOwn(plainRules, name) ? plainRules[name] : undefined;
    if (word !== undefined) this.#applyWord(word);
    else if (/^[~%]/.test(rule)) this.#addKeys(rule);
    else if (rule.startsWith('&')) this.#addChannel(rule.slice(1));
    else if (/^[+-]@/.test(rule))
      this.#setCategory(rule.slice(2).toLowerCase(), rule.startsWith('+'));
    else if (rule.startsWith('+')) this.#allow(rule.slice(1).toLowerCase(), rule.slice(1));
    else if (rule.startsWith('-')) this.#forbid(rule.slice(1).toLowerCase());
    else throw aclSyntaxError();
  }

  /** The rules for keys as ACL GETUSER prints them. */
  get keyRules(): string {
    if (this.#allKeys) return '~*';
    return this.#keys
      .map(({ glob, read, write }) => (read && write ? '~' : read ? '%R~' : '%W~') + glob)
      .join(' ');
  }

  get channelRules(): string {
    return this.#allChannels ? '&*' : this.#channels.map((glob) => `&${glob}`).join(' ');
  }

  get commandRules(): string {
    return [this.#allByDefault ? '+@all' : '-@all', ...this.#rules].join(' ');
  }

  /** All rules, as ACL LIST prints them. */
  toString(): string {
    const channels = this.#allChannels ? '&*' : `resetchannels ${this.channelRules}`.trimEnd();
    return [this.keyRules, channels, this.commandRules].filter((text) => text !== '').join(' ');
  }

  /** Why this does not allow a command, or undefined. */
  refuse(command: Command<never>, argv: readonly string[]): Denial | undefined {
    if (!this.#allows(command, argv)) {
      return { reason: 'command', object: command.name, index: 0 };
    }
    return this.#refuseKeys(command, argv) ?? this.#refuseChannels(command, argv);
  }

  /** Whether every channel and pattern of a subscriber is still allowed. */
  allowsChannels(channels: Iterable<string>, patterns: Iterable<string>): boolean {
    if (this.#allChannels) return true;
    return (
      [...channels].every((channel) => this.#mayHear(channel, false)) &&
      [...patterns].every((pattern) => this.#mayHear(pattern, true))
    );
  }

  #applyWord(word: PlainRule): void {
    if (word === 'allkeys' || word === 'resetkeys') {
      this.#allKeys = word === 'allkeys';
      this.#keys = [];
    } else if (word === 'allchannels' || word === 'resetchannels') {
      this.#allChannels = word === 'allchannels';
      this.#channels = [];
    } else {
      this.#allByDefault = word === 'allcommands';
      this.#rules = [];
      this.#firstArguments.clear();
      this.#allowed = new Set(this.#allByDefault ? this.table.keys() : []);
    }
  }

  #addKeys(rule: string): void {
    const pattern = /^%[RW]+$/i.test(rule) ? `${rule}~` : rule;
    const [, marks = 'RW', glob] = /^(?:%([RW]+))?~(.*)$/is.exec(pattern) ?? [];
    if (this.#allKeys) {
      throw new AclError(
        "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns",
      );
    }
    const isTwice = /(.).*\1/i.test(marks);
    if (glob === undefined || isTwice || /[\s\0]/.test(glob)) throw aclSyntaxError();
    const old = this.#keys.find((each) => each.glob === glob);
    const read = /r/i.test(marks) || (old?.read ?? false);
    const write = /w/i.test(marks) || (old?.write ?? false);
    if (old) this.#keys[this.#keys.indexOf(old)] = { glob, read, write };
    else this.#keys.push({ glob, read, write });
  }

  #addChannel(glob: string): void {
    if (this.#allChannels) {
      throw new AclError(
        "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels",
      );
    }
    if (/[\s\0]/.test(glob)) throw aclSyntaxError();
    if (!this.#channels.includes(glob)) this.#channels.push(glob);
  }

  #setCategory(name: string, allowed: boolean): void {
    const category = categories.find((each) => each === name);
    if (!category) throw unknownCommand();
    for (const command of this.table.values()) {
      if (command.categories.includes(category)) this.#setCommand(command, allowed);
    }
    this.#note(`@${name}`, allowed);
  }

  #allow(name: string, asWritten: string): void {
    const at = name.lastIndexOf('|');
    const command = this.table.get(at < 0 ? name : name.slice(0, at));
    if (!command) throw unknownCommand();
    const word = at < 0 ? undefined : asWritten.slice(at + 1);
    if (word !== undefined && command.words > 1) {
      throw new AclError('Allowing first-arg of a subcommand is not supported');
    }
    if (word === '') throw aclSyntaxError();
    if (word !== undefined && !command.isContainer) {
      const known = this.#firstArguments.get(command.name) ?? new Set();
      this.#firstArguments.set(command.name, known.add(word.toLowerCase()));
    } else {
      const named = this.table.get(name);
      if (!named) throw unknownCommand();
      this.#setCommand(named, true);
    }
    this.#note(name, true);
  }

  #forbid(name: string): void {
    const command = this.table.get(name);
    if (!command) throw unknownCommand();
    this.#setCommand(command, false);
    this.#note(name, false);
  }

  /** A container stands for all its subcommands. */
  #setCommand(command: Command<never>, allowed: boolean): void {
    const names = [command.name];
    if (command.isContainer) {
      names.push(...[...this.table.keys()].filter((name) => name.startsWith(`${command.name}|`)));
    }
    for (const name of names) {
      this.#firstArguments.delete(name);
      if (allowed) this.#allowed.add(name);
      else this.#allowed.delete(name);
    }
  }

  /** A rule replaces what was said of the same thing, and of its parts, before. */
  #note(name: string, allowed: boolean): void {
    this.#rules = this.#rules.filter((rule) => {
      const said = rule.slice(1);
      return said !== name && !said.startsWith(`${name}|`);
    });
    this.#rules.push((allowed ? '+' : '-') + name);
  }

  #allows(command: Command<never>, argv: readonly string[]): boolean {
    if (this.#allowed.has(command.name) || command.flags.has('no_auth')) return true;
    const first = argv[1]?.toLowerCase();
    return first !== undefined && (this.#firstArguments.get(command.name)?.has(first) ?? false);
  }

  #refuseKeys(command: Command<never>, argv: readonly string[]): Denial | undefined {
    if (this.#allKeys) return undefined;
    for (const { index, use } of findKeys(command, argv) ?? []) {
      const object = argv[index] as string;
      if (!this.#mayUse(object, use)) return { reason: 'key', object, index };
    }
    return undefined;
  }

  #mayUse(key: string, use: string): boolean {
    const reads = /\baccess\b/.test(use);
    const writes = /\b(insert|delete|update)\b/.test(use);
    return this.#keys.some(
      ({ glob, read, write }) => (read || !reads) && (write || !writes) && matches(glob, key),
    );
  }

  #refuseChannels({ name }: Command<never>, argv: readonly string[]): Denial | undefined {
    const last = channelCommands[name];
    if (last === undefined || this.#allChannels) return undefined;
    const isPattern = name === 'psubscribe';
    for (let index = 1; index < Math.min(argv.length, last + 1); index++) {
      const object = argv[index] as string;
      if (!this.#mayHear(object, isPattern)) return { reason: 'channel', object, index };
    }
    return undefined;
  }

  /** A pattern must be one of the user's own; a channel must match one. */
  #mayHear(channel: string, isPattern: boolean): boolean {
    return this.#channels.some((glob) => (isPattern ? glob === channel : matches(glob, channel)));
  }
}

/** The commands that name channels, and up to which argument. */
const channelCommands: Readonly<Record<string, number>> = {
  publish: 1,
  spublish: 1,
  subscribe: Infinity,
  ssubscribe: Infinity,
  psubscribe: Infinity,
};

type PlainRule =
  | 'allkeys'
  | 'resetkeys'
  | 'allchannels'
  | 'resetchannels'
  | 'allcommands'
  | 'nocommands';

const plainRules: Readonly<Record<string, PlainRule>> = {
  allkeys: 'allkeys',
  '~*': 'allkeys',
  resetkeys: 'resetkeys',
  allchannels: 'allchannels',
  '&*': 'allchannels',
  resetchannels: 'resetchannels',
  allcommands: 'allcommands',
  '+@all': 'allcommands',
  nocommands: 'nocommands',
  '-@all': 'nocommands',
};
