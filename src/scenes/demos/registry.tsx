/** The demo widgets by name; each is fetched when it is first shown. See README.md. */
import type { ComponentType } from 'react';
import { later } from '../../ui/later.tsx';
import type { ParametersOf, WidgetName } from './parameters.ts';

type View<W extends WidgetName> = ComponentType<{ parameters: ParametersOf<W> }>;

const views: { readonly [W in WidgetName]: View<W> } = {
  throughput: later(() => import('./Throughput.tsx')),
  'lost-update': later(() => import('./LostUpdate.tsx')),
  roles: later(() => import('./Roles.tsx')),
  'key-life': later(() => import('./KeyLife.tsx')),
  structure: later(() => import('./Structure.tsx')),
  chat: later(() => import('./Chat.tsx')),
  toasts: later(() => import('./Toasts.tsx')),
  score: later(() => import('./Score.tsx')),
  services: later(() => import('./Services.tsx')),
  steps: later(() => import('./Steps.tsx')),
  'side-by-side': later(() => import('./SideBySide.tsx')),
  'service-map': later(() => import('./ServiceMap.tsx')),
  'lock-contention': later(() => import('./LockContention.tsx')),
  redlock: later(() => import('./Redlock.tsx')),
  'shard-growth': later(() => import('./ShardGrowth.tsx')),
  'optimistic-lock': later(() => import('./OptimisticLock.tsx')),
  'round-trips': later(() => import('./RoundTrips.tsx')),
  'reply-memory': later(() => import('./ReplyMemory.tsx')),
  'queued-read': later(() => import('./QueuedRead.tsx')),
  'rate-limiter': later(() => import('./RateLimiter.tsx')),
  'lua-bench': later(() => import('./LuaBench.tsx')),
  digest: later(() => import('./Digest.tsx')),
  crash: later(() => import('./Crash.tsx')),
  recovery: later(() => import('./Recovery.tsx')),
  'key-cost': later(() => import('./KeyCost.tsx')),
  eviction: later(() => import('./Eviction.tsx')),
  'busy-script': later(() => import('./BusyScript.tsx')),
  'queue-depth': later(() => import('./QueueDepth.tsx')),
  'monitor-cost': later(() => import('./MonitorCost.tsx')),
  'tuning-board': later(() => import('./TuningBoard.tsx')),
  'cold-start': later(() => import('./ColdStart.tsx')),
  'pool-simulator': later(() => import('./PoolSimulator.tsx')),
  'pool-health': later(() => import('./PoolHealth.tsx')),
  alerts: later(() => import('./Alerts.tsx')),
  observatory: later(() => import('./Observatory.tsx')),
  'probe-matrix': later(() => import('./ProbeMatrix.tsx')),
  reach: later(() => import('./Reach.tsx')),
  handshake: later(() => import('./Handshake.tsx')),
  checklist: later(() => import('./Checklist.tsx')),
  'break-in': later(() => import('./BreakIn.tsx')),
  'active-active': later(() => import('./ActiveActive.tsx')),
  availability: later(() => import('./Availability.tsx')),
  tiering: later(() => import('./Tiering.tsx')),
  autoscaler: later(() => import('./Autoscaler.tsx')),
  capacity: later(() => import('./Capacity.tsx')),
  slots: later(() => import('./SlotCalculator.tsx')),
};

/** A widget; the lesson's build has read its name and its parameters by their schemas. */
export function demoView(name: string): ComponentType<{ parameters: unknown }> | undefined {
  const known: Readonly<Record<string, unknown>> = views;
  return known[name] as ComponentType<{ parameters: unknown }> | undefined;
}
