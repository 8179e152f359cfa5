/** The values of a few keys beside what changes them. */
import type { Stage } from './stage.ts';

export function KeyValues({
  keys,
  values,
}: {
  keys: readonly string[];
  values: readonly string[];
}) {
  return (
    <dl aria-live="polite" className="flex flex-col gap-1 text-ui">
      {keys.map((key, index) => (
        <div key={key} className="border-t border-line pt-1">
          <dt className="font-mono text-small text-ink-2">{key}</dt>
          <dd className="term">
            <span key={values[index]} className="just-changed">
              {values[index] ?? '–'}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What the reading command of its type prints of each key; of the server at that address. */
export async function readKeyValues(
  stage: Pick<Stage, 'client'>,
  keys: readonly string[],
  address?: string,
): Promise<string[]> {
  const client = stage.client(address);
  const values: string[] = [];
  for (const key of keys) {
    const command = readers.get(await client.run(`TYPE ${key}`));
    values.push(command === undefined ? '(nil)' : await client.run(command(key)));
  }
  client.close();
  return values;
}

const readers: ReadonlyMap<string, (key: string) => string> = new Map([
  ['string', (key: string) => `GET ${key}`],
  ['list', (key: string) => `LRANGE ${key} 0 -1`],
  ['set', (key: string) => `SMEMBERS ${key}`],
  ['hash', (key: string) => `HGETALL ${key}`],
  ['zset', (key: string) => `ZRANGE ${key} 0 -1 WITHSCORES`],
  ['stream', (key: string) => `XRANGE ${key} - +`],
]);
