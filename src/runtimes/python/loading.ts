/** Loads Python's files and counts the bytes, also of those that Pyodide fetches by itself. */

export interface CountedFiles {
  import<T>(name: string): Promise<T>;
  json<T>(name: string): Promise<T>;
  /** All is there: nothing is counted any more. */
  done(): void;
}

type Sizes = Readonly<Record<string, number>>;

/** `files.json` at `base` tells the size of each file, as it is when unpacked. */
export async function counting(
  base: string,
  progress: (loaded: number, total: number) => void,
): Promise<CountedFiles> {
  const plain = self.fetch.bind(self);
  const sizes: Sizes = await (await plain(`${base}files.json`)).json();
  if (!('redis-py.json' in sizes)) {
    throw new Error(
      'redis-py is missing from this copy of Keyspace: it could not be had when it was set up.',
    );
  }
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  let loaded = 0;
  const count = (bytes: number) => {
    loaded += bytes;
    progress(Math.min(loaded, total), total);
  };
  self.fetch = async (input, init) => counted(await plain(input, init), count);
  const get = async (name: string) => {
    const response = await self.fetch(`${base}${name}`);
    if (!response.ok) throw new Error(`Python could not be loaded: ${name} (${response.status})`);
    return response;
  };
  return {
    async import<T>(name: string): Promise<T> {
      // Fetched first to be counted; the import then finds them in the browser's cache.
      const scripts = Object.keys(sizes).filter((each) => each.endsWith('.mjs'));
      await Promise.all(scripts.map(async (each) => (await get(each)).arrayBuffer()));
      return (await import(/* @vite-ignore */ `${base}${name}`)) as T;
    },
    json: async (name) => (await get(name)).json(),
    done: () => {
      self.fetch = plain;
      progress(total, total);
    },
  };
}

function counted(response: Response, count: (bytes: number) => void): Response {
  if (!response.body) return response;
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        count(chunk.length);
        controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}
