/** Repositories of charts: which there are in this world, and which a host has added. */
import { parse, stringify } from 'yaml';
import type { Files } from '../../shell/program.ts';
import type { Chart } from './chart.ts';
import { redisChart } from './redis-chart.ts';

/** Where helm remembers the repositories that were added. */
const FILE = '/root/.config/helm/repositories.yaml';

/** Newest versions first. */
const world: ReadonlyMap<string, readonly Chart[]> = new Map([
  [
    'https://charts.bitnami.com/bitnami',
    [redisChart('20.6.3', '7.4.2'), redisChart('19.6.4', '7.2.5')],
  ],
]);

export interface Repository {
  readonly name: string;
  readonly url: string;
}

export class Repositories {
  readonly #files: Files;

  constructor(files: Files) {
    this.#files = files;
  }

  get all(): readonly Repository[] {
    const text = this.#files.read(FILE);
    const kept: unknown = text === undefined ? undefined : parse(text);
    const list = (kept as { repositories?: Repository[] } | undefined)?.repositories ?? [];
    return list.map(({ name, url }) => ({ name, url }));
  }

  set all(repositories: readonly Repository[]) {
    this.#files.write(FILE, stringify({ apiVersion: '', repositories }));
  }

  find(name: string): Repository | undefined {
    return this.all.find((each) => each.name === name);
  }

  /** The charts at an address; undefined when nobody answers there. */
  chartsAt(url: string): readonly Chart[] | undefined {
    return world.get(url.replace(/\/$/, ''));
  }

  /** The charts of all that were added, with what each is called. */
  get charts(): readonly { readonly name: string; readonly chart: Chart }[] {
    return this.all.flatMap(({ name, url }) =>
      (this.chartsAt(url) ?? []).map((chart) => ({ name: `${name}/${chart.name}`, chart })),
    );
  }
}

/** The chart that was installed, by what the release remembers. */
export function chartOf(name: string, version: string): Chart | undefined {
  return [...world.values()]
    .flat()
    .find((chart) => chart.name === name && chart.version === version);
}
