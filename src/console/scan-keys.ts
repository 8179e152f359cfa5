import type { Reply } from '../engine/resp/reply.ts';

/** Enough for a list that a reader looks through. */
const MAX_KEYS = 50;
/** How many steps of SCAN a Tab may cost on a large database. */
const MAX_STEPS = 20;

/** Some keys that begin with `prefix`, found by SCAN: never all keys at once, as KEYS would. */
export async function scanKeys(
  ask: (argv: readonly string[]) => Promise<Reply | undefined>,
  prefix: string,
): Promise<string[]> {
  const pattern = `${prefix.replace(/[*?[\]\\]/g, '\\$&')}*`;
  const keys: string[] = [];
  let cursor = '0';
  for (let step = 0; step < MAX_STEPS && keys.length < MAX_KEYS; step++) {
    const reply = await ask(['SCAN', cursor, 'MATCH', pattern, 'COUNT', '200']);
    const [next, found] = Array.isArray(reply) ? (reply as readonly Reply[]) : [];
    if (typeof next !== 'string' || !Array.isArray(found)) break;
    keys.push(...found.filter((key): key is string => typeof key === 'string'));
    if (next === '0') break;
    cursor = next;
  }
  return keys.slice(0, MAX_KEYS);
}
