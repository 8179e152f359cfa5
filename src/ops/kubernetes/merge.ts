/** How `kubectl apply` merges: what was applied last, what is there, what is wanted. */

type Map = Record<string, unknown>;

/** Lists whose items are told apart by a field are merged item by item, as the real server does. */
const keys: ReadonlyMap<string, string> = new Map([
  ['containers', 'name'],
  ['initContainers', 'name'],
  ['volumes', 'name'],
  ['env', 'name'],
  ['volumeMounts', 'mountPath'],
  ['ports', ''],
]);

const isMap = (value: unknown): value is Map =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object that results: what is wanted, and of the rest all that was not applied before. */
export function merge(live: unknown, last: unknown, wanted: unknown, field = ''): unknown {
  if (Array.isArray(live) && Array.isArray(wanted)) {
    return mergeLists(live, Array.isArray(last) ? last : [], wanted, field);
  }
  if (!isMap(live) || !isMap(wanted)) return wanted;
  const before = isMap(last) ? last : {};
  const result: Map = {};
  for (const [name, value] of Object.entries(live)) {
    const isDropped = Object.hasOwn(before, name) && !Object.hasOwn(wanted, name);
    if (!isDropped && !Object.hasOwn(wanted, name)) result[name] = value;
  }
  for (const [name, value] of Object.entries(wanted)) {
    if (value === null) continue;
    result[name] = Object.hasOwn(live, name) ? merge(live[name], before[name], value, name) : value;
  }
  return result;
}

function mergeLists(
  live: readonly unknown[],
  last: readonly unknown[],
  wanted: readonly unknown[],
  field: string,
): unknown[] {
  const key = keys.get(field);
  if (key === undefined || ![...live, ...wanted].every(isMap)) return [...wanted];
  const idOf = (item: unknown): unknown => {
    const map = item as Map;
    return key === '' ? (map.containerPort ?? map.port) : map[key];
  };
  const find = (list: readonly unknown[], id: unknown) => list.find((each) => idOf(each) === id);
  const ids = wanted.map(idOf);
  const kept = live.filter((item) => !ids.includes(idOf(item)) && !find(last, idOf(item)));
  const merged = wanted.map((item) => {
    const known = find(live, idOf(item));
    return known ? merge(known, find(last, idOf(item)), item) : item;
  });
  return [...merged, ...kept];
}

/** Whether two values are the same, whatever the order of their fields. */
export function equals(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, i) => equals(each, b[i]));
  }
  if (!isMap(a) || !isMap(b)) return a === b;
  const names = Object.keys(a).filter((name) => a[name] !== undefined);
  const others = Object.keys(b).filter((name) => b[name] !== undefined);
  return names.length === others.length && names.every((name) => equals(a[name], b[name]));
}
