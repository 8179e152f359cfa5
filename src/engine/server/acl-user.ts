import { sha256Hex } from '../bytes/sha256.ts';
import type { Command } from '../commands/command.ts';
import { AclError, aclSyntaxError, type Denial, Selector } from './acl-selector.ts';
import type { CommandTable } from './lookup.ts';

/** Who may log in with which password, and then do what. */
export class User {
  isOn = false;
  /** Any password is right. */
  noPassword = false;
  /** SHA-256 of the passwords that are right. */
  passwords: readonly string[] = [];
  /** Whether what the user RESTOREs is looked at closely; undefined as configured. */
  sanitizes: boolean | undefined;
  root: Selector;
  selectors: readonly Selector[] = [];

  constructor(
    readonly name: string,
    private readonly table: CommandTable,
    /** acl-pubsub-default: whether a new user hears all channels. */
    private readonly hearsAll: boolean,
  ) {
    this.root = new Selector(table, hearsAll);
  }

  /** Everything is allowed: nothing needs to be looked up. */
  get isUnrestricted(): boolean {
    return this.root.isOpen || this.selectors.some(({ isOpen }) => isOpen);
  }

  /** A user of this name with the same rules. */
  copy(): User {
    const copy = new User(this.name, this.table, this.hearsAll);
    copy.become(this);
    return copy;
  }

  /** Takes over the rules of another. */
  become(other: User): void {
    this.isOn = other.isOn;
    this.noPassword = other.noPassword;
    this.passwords = other.passwords;
    this.sanitizes = other.sanitizes;
    this.root = other.root.copy();
    this.selectors = other.selectors.map((selector) => selector.copy());
  }

  /** Changes the user by one rule of ACL SETUSER. Throws an AclError. */
  apply(rule: string): void {
    const word = rule.toLowerCase();
    if (Object.hasOwn(words, word)) words[word]?.(this);
    else if (word === 'reset') this.#reset();
    else if (/^[>#<!]/.test(rule)) this.#applyPassword(rule[0] as string, rule.slice(1));
    else if (rule.startsWith('(')) this.#addSelector(rule);
    else this.root.apply(rule);
  }

  hasPassword(password: string): boolean {
    return this.noPassword || this.passwords.includes(sha256Hex(password));
  }

  /** Why the user may not run a command: the refusal that came furthest. Undefined when he may. */
  refuse(command: Command<never>, argv: readonly string[]): Denial | undefined {
    if (this.isUnrestricted) return undefined;
    let worst: Denial | undefined;
    for (const selector of [this.root, ...this.selectors]) {
      const denial = selector.refuse(command, argv);
      if (!denial) return undefined;
      if (!worst || isFurther(denial, worst)) worst = denial;
    }
    return worst;
  }

  /** The flags as ACL GETUSER lists them. */
  get flags(): string[] {
    const flags = [this.isOn ? 'on' : 'off'];
    if (this.noPassword) flags.push('nopass');
    if (this.sanitizes !== undefined) {
      flags.push(this.sanitizes ? 'sanitize-payload' : 'skip-sanitize-payload');
    }
    return flags;
  }

  /** The user as ACL LIST and ACL files write it. */
  toString(): string {
    return [
      `user ${this.name}`,
      ...this.flags,
      ...this.passwords.map((hash) => `#${hash}`),
      String(this.root),
      ...this.selectors.map((selector) => `(${selector})`),
    ].join(' ');
  }

  #reset(): void {
    this.become(new User(this.name, this.table, this.hearsAll));
    this.sanitizes = true;
  }

  #addSelector(rule: string): void {
    if (!rule.endsWith(')')) throw aclSyntaxError();
    const selector = new Selector(this.table, this.hearsAll);
    const rules = rule.slice(1, -1).split(' ');
    for (const each of rules) if (each !== '') selector.apply(each);
    this.selectors = [...this.selectors, selector];
  }

  #applyPassword(mark: string, text: string): void {
    const isHash = mark === '#' || mark === '!';
    if (isHash && !/^[0-9a-f]{64}$/.test(text)) {
      throw new AclError(
        'The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters',
      );
    }
    const hash = isHash ? text : sha256Hex(text);
    const isKnown = this.passwords.includes(hash);
    if (mark === '>' || mark === '#') {
      if (!isKnown) this.passwords = [...this.passwords, hash];
      this.noPassword = false;
    } else if (isKnown) {
      this.passwords = this.passwords.filter((each) => each !== hash);
    } else {
      throw new AclError('The password you are trying to remove from the user does not exist');
    }
  }
}

const words: Readonly<Record<string, (user: User) => void>> = {
  on: (user) => {
    user.isOn = true;
  },
  off: (user) => {
    user.isOn = false;
  },
  nopass: (user) => {
    user.noPassword = true;
    user.passwords = [];
  },
  resetpass: (user) => {
    user.noPassword = false;
    user.passwords = [];
  },
  'sanitize-payload': (user) => {
    user.sanitizes = true;
  },
  'skip-sanitize-payload': (user) => {
    user.sanitizes = false;
  },
  clearselectors: (user) => {
    user.selectors = [];
  },
};

const depth = { command: 1, key: 2, channel: 3 } as const;

const isFurther = (a: Denial, b: Denial): boolean =>
  depth[a.reason] > depth[b.reason] || (a.reason === b.reason && a.index > b.index);

/** Arguments from one that opens a parenthesis to one that closes it are one rule. */
export function joinSelectors(rules: readonly string[]): {
  readonly rules: string[];
  /** The first argument of a parenthesis that was never closed. */
  readonly unmatched: string | undefined;
} {
  const joined: string[] = [];
  let open: string | undefined;
  for (const rule of rules) {
    if (open !== undefined) open += ` ${rule}`;
    else if (rule.startsWith('(') && !rule.endsWith(')')) open = rule;
    else joined.push(rule);
    if (open?.endsWith(')')) {
      joined.push(open);
      open = undefined;
    }
  }
  return { rules: joined, unmatched: open?.split(' ')[0] };
}
