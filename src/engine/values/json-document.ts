import { cloneJson, type Json, jsonBytes } from './json.ts';
import { parseJson } from './json-parse.ts';
import { printJson } from './json-print.ts';
import { ModuleValue } from './module-value.ts';

/** What a key of the JSON module holds. https://redis.io/docs/latest/develop/data-types/json/ */
export class JsonDocument extends ModuleValue {
  readonly type = 'ReJSON-RL';

  constructor(public root: Json) {
    super();
  }

  static load(text: string): JsonDocument {
    return new JsonDocument(parseJson(text));
  }

  get bytes(): number {
    return jsonBytes(this.root);
  }

  save(): string {
    return printJson(this.root);
  }

  copy(): JsonDocument {
    return new JsonDocument(cloneJson(this.root));
  }
}
