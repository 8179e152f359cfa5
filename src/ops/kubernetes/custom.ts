/** Kinds that a CustomResourceDefinition adds, and the checks of what is given of them. */
import { ApiError, type FieldProblem, invalidObject } from './errors.ts';
import { groupOf, type KindInfo } from './kinds.ts';
import type { CustomResourceDefinition, CustomSchema, CustomVersion, Manifest } from './objects.ts';

/** The version that is kept. */
export const versionOf = ({ spec: { versions } }: CustomResourceDefinition): CustomVersion =>
  versions.find(({ storage }) => storage) ?? (versions[0] as CustomVersion);

export function customKindOf(definition: CustomResourceDefinition): KindInfo {
  const { group, names, scope } = definition.spec;
  return {
    kind: names.kind,
    apiVersion: `${group}/${versionOf(definition).name}`,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    isNamespaced: scope !== 'Cluster',
    isInAll: (names.categories ?? []).includes('all'),
  };
}

/** Checks a custom resource against the schema of its definition. Throws an ApiError. */
export function checkCustom(manifest: Manifest, version: CustomVersion): void {
  const { kind, apiVersion, metadata } = manifest;
  const schema = version.schema?.openAPIV3Schema;
  const { apiVersion: _, kind: __, metadata: ___, ...rest } = manifest;
  const found: Findings = { unknown: [], problems: [] };
  if (schema) look(rest, schema, '', found, true);
  if (found.unknown.length > 0) {
    const list = found.unknown.map((path) => `unknown field ${JSON.stringify(path)}`).join(', ');
    throw new ApiError(
      'BadRequest',
      `${kind} in version ${JSON.stringify(version.name)} cannot be handled as a ${kind}: strict decoding error: ${list}`,
    );
  }
  if (found.problems.length === 0) return;
  throw invalidObject(`${kind}.${groupOf(apiVersion)}`, metadata.name ?? '', found.problems);
}

interface Findings {
  readonly unknown: string[];
  readonly problems: FieldProblem[];
}

function look(
  value: unknown,
  schema: CustomSchema,
  path: string,
  found: Findings,
  isTop = false,
): void {
  const { type, problems } = { type: schema.type, problems: found.problems };
  if (type && !isOfType(value, type)) {
    const shown = typeof value === 'object' ? typeName(value) : JSON.stringify(value);
    problems.push({
      path,
      problem: `Invalid value: ${JSON.stringify(typeName(value))}: ${path} in body must be of type ${type}: ${JSON.stringify(shown)}`,
    });
    return;
  }
  if (schema.enum && !schema.enum.includes(value)) {
    const supported = schema.enum.map((each) => JSON.stringify(each)).join(', ');
    problems.push({
      path,
      problem: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`,
    });
  }
  if (typeof value === 'number') lookAtNumber(value, schema, path, problems);
  if (Array.isArray(value)) {
    value.forEach((each, i) => {
      if (schema.items) look(each, schema.items, `${path}[${i}]`, found);
    });
  } else if (typeof value === 'object' && value !== null) {
    lookAtObject(value as Record<string, unknown>, schema, path, found, isTop);
  }
}

function lookAtNumber(
  value: number,
  { minimum, maximum }: CustomSchema,
  path: string,
  problems: FieldProblem[],
): void {
  if (minimum !== undefined && value < minimum) {
    problems.push({
      path,
      problem: `Invalid value: ${value}: ${path} in body should be greater than or equal to ${minimum}`,
    });
  }
  if (maximum !== undefined && value > maximum) {
    problems.push({
      path,
      problem: `Invalid value: ${value}: ${path} in body should be less than or equal to ${maximum}`,
    });
  }
}

function lookAtObject(
  value: Record<string, unknown>,
  schema: CustomSchema,
  path: string,
  found: Findings,
  isTop: boolean,
): void {
  for (const name of schema.required ?? []) {
    if (value[name] === undefined && !(isTop && name === 'metadata')) {
      found.problems.push({ path: joined(path, name), problem: 'Required value' });
    }
  }
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  for (const [name, each] of Object.entries(value)) {
    const properties = schema.properties ?? {};
    const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const others = schema.additionalProperties;
    if (inner) look(each, inner, joined(path, name), found);
    else if (typeof others === 'object') look(each, others, joined(path, name), found);
    else if (!isOpen && others !== true && schema.properties && !(isTop && name === 'status')) {
      found.unknown.push(joined(path, name));
    }
  }
}

const joined = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (Number.isInteger(value)) return 'integer';
  return typeof value;
}

const isOfType = (value: unknown, type: string): boolean =>
  typeName(value) === type || (type === 'number' && typeof value === 'number');

/** Fills in what the schema says where a custom resource is silent. */
export function fillCustom(manifest: Manifest, version: CustomVersion): void {
  const schema = version.schema?.openAPIV3Schema;
  if (schema) fill(manifest, schema);
}

function fill(value: unknown, schema: CustomSchema): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const each of value) fill(each, schema.items);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const map = value as Record<string, unknown>;
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    if (map[name] === undefined && inner.default !== undefined) {
      map[name] = structuredClone(inner.default);
    }
    fill(map[name], inner);
  }
}
