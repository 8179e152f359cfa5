/** Reads manifests: YAML or JSON into objects, strictly, with the errors of kubectl and of the server. */
import { LineCounter, parseAllDocuments, type YAMLError } from 'yaml';
import { ApiError } from './errors.ts';
import type { Manifest } from './objects.ts';
import { QUANTITY_RULE, readQuantity } from './quantity.ts';
import { fieldsOf } from './schema.ts';

/** What kubectl says before it asks the server. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

export interface Document {
  readonly object: Record<string, unknown>;
  /** The line that it begins in, from 1. */
  readonly line: number;
}

/** The documents of a file, empty ones left out. Throws a ManifestError; `file` is how it is called. */
export function readDocuments(text: string, file: string): Document[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const line = lines.linePos(document.range[0]).line;
    const [error] = document.errors;
    if (error) {
      const at = lines.linePos(error.pos[0]).line - line + 1;
      throw new ManifestError(
        `error parsing ${file}: error converting YAML to JSON: ${inGoYaml(error, at)}`,
      );
    }
    const object: unknown = document.toJS();
    if (object === null || object === undefined) return [];
    if (typeof object !== 'object' || Array.isArray(object)) {
      const found = Array.isArray(object) ? 'array' : typeof object;
      throw new ManifestError(
        `error parsing ${file}: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
      );
    }
    return [{ object: object as Record<string, unknown>, line }];
  });
}

/** What the parser of kubectl would say, as far as the causes can be told apart. */
function inGoYaml({ code, message }: YAMLError, line: number): string {
  const said = (text: string) => `yaml: line ${line}: ${text}`;
  if (code === 'DUPLICATE_KEY') {
    return `yaml: unmarshal errors:\n  line ${line}: mapping key already defined`;
  }
  if (code === 'TAB_AS_INDENT') return said('found character that cannot start any token');
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || /Nested mappings/.test(message)) {
    return said('mapping values are not allowed in this context');
  }
  if (/Implicit keys|Implicit map keys/.test(message)) return said("could not find expected ':'");
  if (code === 'BAD_ALIAS') return said('unknown anchor referenced');
  if (code === 'MISSING_CHAR' && /quote/i.test(message)) {
    return said('found unexpected end of stream');
  }
  if (code === 'MISSING_CHAR' || code === 'BAD_INDENT') return said('did not find expected key');
  return said((message.split('\n')[0] ?? '').replace(/ at line \d+.*$/, '').toLowerCase());
}

/** The objects of a file: each has a kind and an apiVersion. Throws a ManifestError. */
export function readManifests(text: string, file: string): Manifest[] {
  const found = readDocuments(text, file).flatMap(({ object }) =>
    object.kind === 'List' && Array.isArray(object.items)
      ? (object.items as Record<string, unknown>[])
      : [object],
  );
  return found.map((object) => {
    const missing = ['apiVersion', 'kind'].filter((name) => !isText(object[name]));
    if (missing.length > 0) {
      const what = missing.map((name) => `${name} not set`).join(', ');
      const list = missing.length > 1 ? `[${what}]` : what;
      throw new ManifestError(
        `error validating ${JSON.stringify(file)}: error validating data: ${list}; if you choose to ignore these errors, turn validation off with --validate=false`,
      );
    }
    return { metadata: {}, ...object } as Manifest;
  });
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Checks the types and the names of all fields, as the server does. Throws an ApiError. */
export function checkFields(manifest: Manifest): void {
  const unknown: string[] = [];
  const handled = `${manifest.kind} in version ${JSON.stringify(manifest.apiVersion.replace(/^.*\//, ''))} cannot be handled as a ${manifest.kind}`;
  const mismatch = (why: string): never => {
    throw new ApiError('BadRequest', `${handled}: ${why}`);
  };
  const { apiVersion: _, kind: __, ...rest } = manifest;
  new Walk(unknown, mismatch).object(rest, manifest.kind, '', '');
  if (unknown.length > 0) {
    const list = unknown.map((path) => `unknown field ${JSON.stringify(path)}`).join(', ');
    throw new ApiError('BadRequest', `${handled}: strict decoding error: ${list}`);
  }
}

type Wrong = (wanted: string, found?: unknown) => never;

class Walk {
  readonly #unknown: string[];
  readonly #mismatch: (why: string) => never;

  constructor(unknown: string[], mismatch: (why: string) => never) {
    this.#unknown = unknown;
    this.#mismatch = mismatch;
  }

  /** `path` is told with places in lists, `plain` without, as Go prints it. */
  object(value: Record<string, unknown>, type: string, path: string, plain: string): void {
    const fields = fieldsOf(type);
    if (!fields) return;
    for (const [name, each] of Object.entries(value)) {
      const wanted = fields.get(name);
      const dot = path === '' ? '' : '.';
      if (wanted === undefined) this.#unknown.push(`${path}${dot}${name}`);
      else this.#value(each, wanted, type, `${path}${dot}${name}`, `${plain}${dot}${name}`);
    }
  }

  #value(value: unknown, type: string, owner: string, path: string, plain: string): void {
    if (value === null || value === undefined || type === 'any') return;
    const wrong: Wrong = (wanted, found = value) =>
      this.#mismatch(
        `json: cannot unmarshal ${nameOf(found)} into Go struct field ${owner}.${plain} of type ${wanted}`,
      );
    if (type.startsWith('[]')) {
      const inner = type.slice(2);
      const list = Array.isArray(value) ? value : wrong(`[]${inGoType(inner)}`);
      list.forEach((each, i) => {
        this.#value(each, inner, owner, `${path}[${i}]`, plain);
      });
    } else if (type === 'map' || type === 'quantities') this.#map(value, type, wrong);
    else if (type === 'quantity') this.#quantity(value);
    else if (type === 'string' && typeof value !== 'string') wrong('string');
    else if (type === 'bool' && typeof value !== 'boolean') wrong('bool');
    else if (type === 'int' && !Number.isInteger(value)) wrong('int32');
    else if (type === 'intOrString' && typeof value !== 'string' && !Number.isInteger(value)) {
      wrong('intstr.IntOrString');
    } else if (/^[A-Z]/.test(type)) {
      this.object(isMap(value) ? value : wrong(inGoType(type)), type, path, plain);
    }
  }

  #map(value: unknown, type: string, wrong: Wrong): void {
    const name = type === 'map' ? 'map[string]string' : 'v1.ResourceList';
    for (const each of Object.values(isMap(value) ? value : wrong(name))) {
      if (type === 'quantities') this.#quantity(each);
      else if (typeof each !== 'string' && each !== null) wrong('string', each);
    }
  }

  #quantity(value: unknown): void {
    if (readQuantity(String(value)) === undefined) this.#mismatch(QUANTITY_RULE);
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
};

const inGoType = (type: string): string => (/^[A-Z]/.test(type) ? `v1.${type}` : type);
