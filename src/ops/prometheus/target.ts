import type { Relabel, ScrapeJob } from './config.ts';
import { type Labels, labelsOf } from './series.ts';

/** A page that is fetched again and again. */
export interface Target {
  readonly job: ScrapeJob;
  /** What every one of its series carries: `job`, `instance` and others. */
  readonly labels: Labels;
  /** host:port. */
  readonly address: string;
  /** With the query. */
  readonly path: string;
  health: 'unknown' | 'up' | 'down';
  lastError: string;
  /** When it was scraped last, ms; 0 is never. */
  lastScrapeAt: number;
  /** How many samples have come, all scrapes together. */
  scrapes: number;
}

/** The targets of a job, relabelled. */
export function targetsOf(job: ScrapeJob): Target[] {
  return job.targets.map((target) => {
    const given = new Map<string, string>([
      ...Object.entries(target.labels),
      ...job.parameters.map(([name, value]) => [`__param_${name}`, value] as const),
      ['__address__', target.address],
      ['job', job.name],
    ]);
    for (const relabel of job.relabel) rewrite(given, relabel);
    const address = given.get('__address__') ?? '';
    if (!given.has('instance')) given.set('instance', address);
    const query = new URLSearchParams();
    for (const [name, value] of given) {
      if (name.startsWith('__param_')) query.set(name.slice('__param_'.length), value);
    }
    const text = query.toString();
    return {
      job,
      address: address.includes(':') ? address : `${address}:80`,
      path: text === '' ? job.path : `${job.path}?${text}`,
      labels: labelsOf(Object.fromEntries([...given].filter(([name]) => !name.startsWith('__')))),
      ...{ health: 'unknown' as const, lastError: '', lastScrapeAt: 0, scrapes: 0 },
    };
  });
}

/** One step of relabelling, `replace`. */
function rewrite(labels: Map<string, string>, relabel: Relabel): void {
  const { sources, separator, regex, target, replacement } = relabel;
  const joined = sources.map((source) => labels.get(source) ?? '').join(separator);
  const found = new RegExp(`^(?:${regex})$`, 's').exec(joined);
  if (!found) return;
  const value = replacement.replace(/\$(?:(\d+)|\{(\d+)\})/g, (_, plain, braced) => {
    return found[Number(plain ?? braced)] ?? '';
  });
  if (value === '') labels.delete(target);
  else labels.set(target, value);
}
