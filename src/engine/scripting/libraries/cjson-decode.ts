/** JSON text as Lua values, with lua-cjson's leniencies and error messages. */
import { type LuaApi, type LuaState, raise } from '../lua-api.ts';
import { type CjsonSettings, MAX_DEPTH } from './cjson-settings.ts';
import { Tokens } from './cjson-tokens.ts';

/** Pushes what a JSON text says. */
export function pushParsed(api: LuaApi, L: LuaState, text: string, settings: CjsonSettings): void {
  if (text.length >= 2 && (text[0] === '\0' || text[1] === '\0')) {
    raise(api, L, 'JSON parser does not support UTF-16 or UTF-32');
  }
  new Parser(api, L, text, settings).push();
}

class Parser {
  readonly #api: LuaApi;
  readonly #L: LuaState;
  readonly #tokens: Tokens;
  readonly #maxDepth: number;
  #depth = 0;

  constructor(api: LuaApi, L: LuaState, text: string, settings: CjsonSettings) {
    this.#api = api;
    this.#L = L;
    this.#tokens = new Tokens(text, settings.decodeInvalidNumbers === 1);
    this.#maxDepth = Math.min(settings.decodeMaxDepth, MAX_DEPTH);
  }

  push(): void {
    this.#tokens.next();
    this.#pushValue();
    if (this.#tokens.next() !== 'T_END') this.#fail('the end');
  }

  /** Pushes the value that starts with the current token. */
  #pushValue(): void {
    const { type, value } = this.#tokens;
    if (type === 'T_STRING') this.#api.pushString(this.#L, String(value));
    else if (type === 'T_NUMBER') this.#api.pushNumber(this.#L, Number(value));
    else if (type === 'T_BOOLEAN') this.#api.pushBoolean(this.#L, value === true);
    else if (type === 'T_NULL') this.#api.pushNull(this.#L);
    else if (type === 'T_OBJ_BEGIN') this.#pushObject();
    else if (type === 'T_ARR_BEGIN') this.#pushArray();
    else this.#fail('value');
  }

  #pushObject(): void {
    const tokens = this.#tokens;
    this.#descend();
    if (tokens.next() !== 'T_OBJ_END') {
      do {
        if (tokens.type !== 'T_STRING') this.#fail('object key string');
        this.#api.pushString(this.#L, String(tokens.value));
        if (tokens.next() !== 'T_COLON') this.#fail('colon');
        tokens.next();
        this.#pushValue();
        this.#api.rawSet(this.#L, -3);
      } while (this.#hasAnother('T_OBJ_END', 'comma or object end'));
    }
    this.#depth--;
  }

  #pushArray(): void {
    this.#descend();
    if (this.#tokens.next() !== 'T_ARR_END') {
      let position = 1;
      do {
        this.#pushValue();
        this.#api.rawSetAt(this.#L, -2, position++);
      } while (this.#hasAnother('T_ARR_END', 'comma or array end'));
    }
    this.#depth--;
  }

  /** After an element: true and past the comma, or false at the end. */
  #hasAnother(end: string, expected: string): boolean {
    const type = this.#tokens.next();
    if (type === end) return false;
    if (type !== 'T_COMMA') this.#fail(expected);
    this.#tokens.next();
    return true;
  }

  #descend(): void {
    this.#depth++;
    if (this.#depth > this.#maxDepth || !this.#api.checkStack(this.#L, 3)) {
      const place = `(${this.#depth}) at character ${this.#tokens.position}`;
      raise(this.#api, this.#L, `Found too many nested data structures ${place}`);
    }
    this.#api.newTable(this.#L, 0, 0);
  }

  #fail(expected: string): never {
    const { found, start } = this.#tokens;
    const place = `at character ${start + 1}`;
    return raise(this.#api, this.#L, `Expected ${expected} but found ${found} ${place}`);
  }
}
