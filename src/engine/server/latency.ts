import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { container } from '../commands/help.ts';
import { notSimulated, redisError } from '../errors.ts';
import { MapReply, mapOf, type Reply, Verbatim } from '../resp/reply.ts';
import { subcommandsOf } from './command-info.ts';
import type { Histogram } from './histogram.ts';
import type { CommandTable } from './lookup.ts';
import type { Settings } from './settings.ts';
import { sparkline } from './sparkline.ts';
import type { Stats } from './stats.ts';

/** So many spikes are remembered of each event. */
const REMEMBERED = 160;

interface Spikes {
  /** Oldest first: seconds since 1970 and milliseconds, at most one for each second. */
  readonly samples: { readonly at: number; ms: number }[];
  worstMs: number;
}

/**
 * The latency monitor: what took longer than latency-monitor-threshold, by kind of event.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor/
 */
export class LatencyMonitor {
  readonly #events = new Map<string, Spikes>();

  constructor(private readonly settings: Settings) {}

  get events(): ReadonlyMap<string, Spikes> {
    return this.#events;
  }

  /** Whether something that took so long is kept. */
  isSpike(usec: number): boolean {
    const threshold = this.settings.latencyMonitorThreshold;
    return threshold > 0 && Math.floor(usec / 1000) >= threshold;
  }

  /** Something took so long. It is kept if that is as long as the threshold, or longer. */
  note(event: string, usec: number, nowMs: number): void {
    if (!this.isSpike(usec)) return;
    const ms = Math.floor(usec / 1000);
    const known = this.#events.get(event) ?? { samples: [], worstMs: 0 };
    this.#events.set(event, known);
    known.worstMs = Math.max(known.worstMs, ms);
    const at = Math.floor(nowMs / 1000);
    const last = known.samples.at(-1);
    if (last?.at === at) last.ms = Math.max(last.ms, ms);
    else known.samples.push({ at, ms });
    if (known.samples.length > REMEMBERED) known.samples.shift();
  }

  /** Forgets these events, or all. Returns how many there were. */
  reset(events: readonly string[]): number {
    const chosen = events.length > 0 ? events : [...this.#events.keys()];
    return chosen.filter((event) => this.#events.delete(event)).length;
  }
}

interface Needs {
  readonly now: number;
  readonly server: {
    readonly latency: LatencyMonitor;
    readonly settings: Settings;
    readonly stats: Stats;
    readonly table: CommandTable;
  };
}

const tips = ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'];
const row = {
  group: 'server',
  since: '2.8.13',
  complexity: 'O(1)',
  flags: ['admin', 'loading', 'noscript', 'stale'],
} as const;

export const latencyCommands = container<Needs>(
  'LATENCY',
  {
    since: '2.8.13',
    helpSince: '2.8.13',
    group: 'server',
    summary: 'A container for latency diagnostics commands.',
  },
  [
    command<Needs>('LATENCY|DOCTOR', {
      ...row,
      summary: 'Says what the spikes of latency may come from.',
      tips,
      run: ({ server }) => new Verbatim(doctor(server)),
    }),
    command<Needs>('LATENCY|GRAPH event', {
      ...row,
      summary: 'Draws the spikes of an event.',
      tips,
      run: graph,
    }),
    command<Needs>('LATENCY|HISTOGRAM [command [command ...]]', {
      ...row,
      summary: 'Returns how long commands took, as counts up to doubling durations.',
      since: '7.0.0',
      complexity:
        'O(N) where N is the number of commands with latency information being retrieved.',
      tips,
      run: histograms,
    }),
    command<Needs>('LATENCY|HISTORY event', {
      ...row,
      summary: 'Returns the spikes of an event with their times.',
      tips,
      run: ({ server }, args) =>
        (server.latency.events.get(args.string())?.samples ?? []).map(({ at, ms }) => [at, ms]),
    }),
    command<Needs>('LATENCY|LATEST', {
      ...row,
      summary: 'Returns the latest spike of each event.',
      tips,
      run: ({ server }) =>
        [...server.latency.events].map(([event, { samples, worstMs }]) => {
          const last = samples.at(-1);
          return [event, last?.at ?? 0, last?.ms ?? 0, worstMs];
        }),
    }),
    command<Needs>('LATENCY|RESET [event [event ...]]', {
      ...row,
      summary: 'Forgets the spikes of events, or all.',
      tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
      run: ({ server }, args) => server.latency.reset(args.rest()),
    }),
  ],
);

/** Redis's own words, where it has nothing to judge. */
function doctor({ latency, settings }: Needs['server']): string {
  if (settings.latencyMonitorThreshold === 0) {
    return "I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis instance. You may use \"CONFIG SET latency-monitor-threshold <milliseconds>.\" in order to enable it. If we weren't in a deep space mission I'd suggest to take a look at https://redis.io/topics/latency-monitor.\n";
  }
  if (latency.events.size > 0) {
    throw notSimulated('judging spikes', 'say what they may come from; see LATENCY LATEST');
  }
  return 'Dave, no latency spike was observed during the lifetime of this Redis instance, not in the slightest bit. I honestly think you ought to sit down calmly, take a stress pill, and think things over.\n';
}

function graph({ server, now: nowMs }: Needs, args: Args): Reply {
  const event = args.string();
  const spikes = server.latency.events.get(event);
  if (!spikes) throw redisError(`ERR No samples available for event '${event}'`);
  const { samples, worstMs } = spikes;
  const all = samples.map(({ ms }) => ms);
  const [high, low] = [Math.max(...all), Math.min(...all)];
  const now = Math.floor(nowMs / 1000);
  const points = samples.map(({ at, ms }) => ({ value: ms, label: age(now - at) }));
  const head = `${event} - high ${high} ms, low ${low} ms (all time high ${worstMs} ms)`;
  return new Verbatim(`${head}\n${'-'.repeat(80)}\n${sparkline(points)}`);
}

/** How long ago, in the largest unit that is not zero. */
function age(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

function histograms({ server: { stats, table } }: Needs, args: Args): Reply {
  const names = args.done ? [...stats.commands.keys()] : args.rest().flatMap(expand(table));
  return new MapReply(
    names.flatMap((name) => {
      const histogram = stats.commands.get(name)?.histogram;
      return histogram ? [[name, histogramReply(histogram)] as const] : [];
    }),
  );
}

/** A container stands for its subcommands. */
const expand = (table: CommandTable) => (word: string) => {
  const found = table.get(word.toLowerCase());
  if (!found) return [];
  const subcommands = subcommandsOf(table, found);
  return subcommands.length > 0 ? subcommands.map(({ name }) => name) : [found.name];
};

const histogramReply = (histogram: Histogram): Reply =>
  mapOf({
    calls: histogram.total,
    histogram_usec: new MapReply(histogram.doubling()),
  });
