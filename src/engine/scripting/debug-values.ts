/** Values as the debugger shows them: those of Lua, and replies of commands. */
import { printGeneral } from '../bytes/numbers.ts';
import { quote } from '../resp/print.ts';
import { type LuaApi, type LuaState, LuaType } from './lua-api.ts';

/** Tables within tables are shown so deep. */
const MAX_DEPTH = 10;
const TOO_DEEP = '<max recursion level reached! Nested table?>';

/** The value at `index`, counted from the top: -1 and below. */
export function showValue(api: LuaApi, L: LuaState, index: number, depth = 0): string {
  if (depth === MAX_DEPTH) return TOO_DEEP;
  switch (api.type(L, index)) {
    case LuaType.nil:
      return 'nil';
    case LuaType.boolean:
      return String(api.toBoolean(L, index));
    case LuaType.number:
      return shortNumber(api.toNumber(L, index));
    case LuaType.string:
      return quote(api.toString(L, index) ?? '');
    case LuaType.table:
      return showTable(api, L, index, depth);
    default:
      return `"${api.display(L, index).replace(': 0x', '@0x')}"`;
  }
}

/** `{a; b}` where the keys are 1, 2, 3 ..., else `{[key]=value; ...}`. */
function showTable(api: LuaApi, L: LuaState, index: number, depth: number): string {
  const values: string[] = [];
  const fields: string[] = [];
  let isList = true;
  api.checkStack(L, TABLE_SLOTS);
  api.pushNil(L);
  while (api.next(L, index - 1)) {
    const isNext = api.type(L, -2) === LuaType.number && api.toNumber(L, -2) === values.length + 1;
    isList &&= isNext;
    const value = showValue(api, L, -1, depth + 1);
    values.push(value);
    fields.push(`[${showValue(api, L, -2, depth + 1)}]=${value}`);
    api.setTop(L, -2);
  }
  return `{${(isList ? values : fields).join('; ')}}`;
}

const TABLE_SLOTS = 8;

/** A number as C prints it with %g. */
export const shortNumber = (value: number): string => printGeneral(value, 6);

/** A reply, given as the bytes of RESP2 or RESP3, on one line. */
export function showReply(bytes: string): string {
  return new ReplyReader(bytes).next();
}

class ReplyReader {
  #at = 0;

  constructor(private readonly bytes: string) {}

  next(): string {
    const line = this.#line();
    const rest = line.slice(1);
    switch (line[0]) {
      case ':':
        return rest;
      case '$':
        return rest === '-1' ? 'NULL' : quote(this.#take(Number(rest)));
      case '+':
      case '-':
        return quote(line);
      case '*':
        return rest === '-1' ? 'NULL' : `[${this.#items(Number(rest)).join(',')}]`;
      case '~':
        return `~(${this.#items(Number(rest)).join(',')})`;
      case '%':
        return `{${this.#entries(Number(rest)).join(',')}}`;
      case '_':
        return '(null)';
      case '#':
        return rest === 't' ? '#true' : '#false';
      case ',':
        return `(double) ${rest}`;
      default:
        return quote(line);
    }
  }

  #items(count: number): string[] {
    return Array.from({ length: count }, () => this.next());
  }

  #entries(count: number): string[] {
    return Array.from({ length: count }, () => `${this.next()} => ${this.next()}`);
  }

  #line(): string {
    const end = this.bytes.indexOf('\r\n', this.#at);
    const line = this.bytes.slice(this.#at, end);
    this.#at = end + 2;
    return line;
  }

  #take(length: number): string {
    const text = this.bytes.slice(this.#at, this.#at + length);
    this.#at += length + 2;
    return text;
  }
}
