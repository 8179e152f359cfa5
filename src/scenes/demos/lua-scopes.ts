/** Which local variables of a Lua script can be seen where. */
import type { Token } from './lua-tokens.ts';

const openers = new Set(['do', 'then', 'repeat', 'function']);
const statements = new Set([
  ...['local', 'if', 'for', 'while', 'repeat', 'return', 'do', 'function', 'break'],
  ...['end', 'else', 'elseif', 'until'],
]);
const operators = new Set(['and', 'or', 'not', 'in', 'then', 'else', 'elseif', 'until', 'return']);

const isName = (text: string | undefined) =>
  text !== undefined && /^[A-Za-z_]/.test(text) && !statements.has(text) && !operators.has(text);

/** Follows a script word by word. */
export class Scopes {
  #scopes: string[][] = [[]];
  /** Names that are declared, and seen from the next statement on. */
  #pending: string[] = [];
  /** The variables of a `for` whose `do` has not come yet. */
  #forNames: readonly string[] = [];
  #before: Token | undefined;

  /** The names that can be seen now, innermost last, each once. */
  get visible(): readonly string[] {
    return [...new Set(this.#scopes.flat())];
  }

  /** To be called for each word in turn. */
  pass(tokens: readonly Token[], index: number): void {
    const { text } = tokens[index] as Token;
    if (this.#beginsStatement(text)) this.#declare();
    if (text === 'end' || text === 'until' || text === 'else' || text === 'elseif') {
      this.#scopes.pop();
    }
    if (openers.has(text) || text === 'else') this.#open(tokens, index);
    if (text === 'local') this.#declareLocal(tokens, index);
    if (text === 'for') this.#forNames = namesAfter(tokens, index);
    this.#before = tokens[index];
  }

  #open(tokens: readonly Token[], index: number): void {
    const { text } = tokens[index] as Token;
    const isLoop = text === 'do' && this.#forNames.length > 0;
    const scope =
      text === 'function' ? parametersAfter(tokens, index) : isLoop ? this.#forNames : [];
    if (isLoop) this.#forNames = [];
    this.#scopes.push([...scope]);
  }

  /** A local function sees itself; other names are seen once their statement is over. */
  #declareLocal(tokens: readonly Token[], index: number): void {
    const names = namesAfter(tokens, index);
    if (tokens[index + 1]?.text === 'function') this.#scopes.at(-1)?.push(...names);
    else this.#pending = names;
  }

  #declare(): void {
    this.#scopes.at(-1)?.push(...this.#pending);
    this.#pending = [];
  }

  /** A name right after the end of an expression can only begin the next statement. */
  #beginsStatement(text: string): boolean {
    if (text === ';' || (statements.has(text) && text !== 'function')) return true;
    return isName(text) && endsExpression(this.#before?.text);
  }
}

const endsExpression = (text: string | undefined): boolean =>
  text !== undefined &&
  (isName(text) || text === 'end' || /^([)\]}"'\d]|\[=*\[|\.\.\.$)/.test(text));

function namesAfter(tokens: readonly Token[], index: number): string[] {
  const isFunction = tokens[index + 1]?.text === 'function';
  const names: string[] = [];
  for (let at = index + (isFunction ? 2 : 1); isName(tokens[at]?.text); at += 2) {
    names.push((tokens[at] as Token).text);
    if (tokens[at + 1]?.text !== ',') break;
  }
  return names;
}

function parametersAfter(tokens: readonly Token[], index: number): string[] {
  let at = index + 1;
  while (at < tokens.length && tokens[at]?.text !== '(') at++;
  const names: string[] = [];
  for (at++; at < tokens.length && tokens[at]?.text !== ')'; at++) {
    const text = tokens[at]?.text;
    if (isName(text)) names.push(text as string);
  }
  return names;
}
