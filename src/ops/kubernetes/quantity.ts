/** Amounts as manifests write them: "500m", "256Mi", "1e3". */

const suffixes: ReadonlyMap<string, number> = new Map([
  ['m', 1e-3],
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['Ki', 1024],
  ['Mi', 1024 ** 2],
  ['Gi', 1024 ** 3],
  ['Ti', 1024 ** 4],
]);

export const QUANTITY_RULE =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** The number that a quantity is; undefined when it is none. */
export function readQuantity(text: string): number | undefined {
  const parts = /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?)(Ki|Mi|Gi|Ti|[mkMGT]?)$/.exec(text.trim());
  const factor = suffixes.get(parts?.[2] ?? '');
  return parts && factor !== undefined ? Number(parts[1]) * factor : undefined;
}

/** The sum of a resource over the requests of containers. */
export const amountOf = (text: string | undefined): number =>
  text === undefined ? 0 : (readQuantity(text) ?? 0);
