import { cloneJson, type Json, jsonBytes } from './json.ts';
import { parseJson } from './json-parse.ts';
import { printJson } from './json-print.ts';
import { ModuleValue } from './module-value.ts';

/** What a key of the JSON module holds. https://redis.io/docs/latest/develop/data-types/json/ */
export class JsonDocument extends ModuleValue {
  readonly type = 'ReJSON-RL';

  /** The document as text, as long as nothing has changed. */
  #text: string | undefined;

  constructor(public root: Json) {
    super();
  }

  /** To be called when something in it has changed. */
  touch(): void {
    this.#text = undefined;
  }

  static load(text: string): JsonDocument {
    return new JsonDocument(parseJson(text));
  }

  get bytes(): number {
    return jsonBytes(this.root);
  }

  save(): string {
    this.#text ??= printJson(this.root);
    return this.#text;
  }

  copy(): JsonDocument {
    return new JsonDocument(cloneJson(this.root));
  }
}
