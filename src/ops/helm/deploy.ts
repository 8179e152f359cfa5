/** The verbs that change something: install, upgrade, rollback, uninstall. */

import { parse } from 'yaml';
import { utf8Decode } from '../../engine/bytes/bytes.ts';
import { absolute } from '../../engine/bytes/path.ts';
import type { ApiServer } from '../kubernetes/api.ts';
import { fromBase64 } from '../kubernetes/base64.ts';
import { suffix } from '../kubernetes/identity.ts';
import { parseDuration } from '../prometheus/duration.ts';
import type { Chart, ReleaseFacts, Values } from './chart.ts';
import { type HelmCommand, HelmError } from './command.ts';
import { printRelease } from './print.ts';
import { forget, keep, newestOf, type Release, realize, remove, revisionsOf } from './releases.ts';
import { Repositories } from './repositories.ts';
import { overlay, readSet } from './values.ts';

/** The chart that a word names, in the version that was asked for. Throws a HelmError. */
export function chartNamed({ call, flags }: HelmCommand, word: string): Chart {
  const [repository = '', name] = word.split('/');
  if (name === undefined || word.startsWith('oci:') || /^[./]/.test(word)) {
    throw new HelmError(
      `${word} is not simulated here; charts come from a repository, such as bitnami/redis`,
    );
  }
  const repositories = new Repositories(call.machine.files);
  const found = repositories.find(repository);
  if (!found) throw new HelmError(`repo ${repository} not found`);
  const charts = (repositories.chartsAt(found.url) ?? []).filter((chart) => chart.name === name);
  const version = flags.get('version');
  const chart = charts.find((each) => version === undefined || each.version === version);
  if (chart) return chart;
  const why =
    charts.length === 0 ? 'no chart name found' : `no chart version found for ${name}-${version}`;
  throw new HelmError(
    `chart ${JSON.stringify(name)} matching ${version ?? ''} not found in ${repository} index. (try 'helm repo update'): ${why}`,
  );
}

/** The values that the command gives: files first, then --set, as the real one does. */
export function givenValues({ call, flags }: HelmCommand): Values {
  let values: Values = {};
  for (const [, file] of flags.all(['values'])) {
    const bytes = call.machine.files.read(absolute(file, call.folder));
    if (bytes === undefined) throw new HelmError(`open ${file}: no such file or directory`);
    values = overlay(values, (parse(utf8Decode(bytes)) ?? {}) as Values);
  }
  for (const [name, text] of flags.all(['set', 'set-string'])) {
    try {
      values = overlay(values, readSet(text, name === 'set-string'));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new HelmError(`failed parsing --${name} data: ${why}`);
    }
  }
  return values;
}

export interface Draft {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly given: Values;
  readonly nowMs: number;
  readonly description: string;
}

/** A release as it would be. Throws a ChartError. */
export function drafted(api: ApiServer, chart: Chart, draft: Draft): Release {
  const { name, namespace, revision, given } = draft;
  const values = overlay(chart.values, given);
  const facts: ReleaseFacts = { name, namespace, password: passwordOf(api, draft) };
  return {
    ...{ name, namespace, revision, given, status: 'deployed' as const },
    ...{ chart: chart.name, version: chart.version, appVersion: chart.appVersion },
    rendered: chart.render(values, facts),
    notes: chart.notes(values, facts),
    updatedMs: draft.nowMs,
    description: draft.description,
  };
}

/** The password of the secret that is there, else a new one. */
function passwordOf(api: ApiServer, { name, namespace, nowMs }: Draft): string {
  for (const each of [name, `${name}-redis`]) {
    const kept = api.find('Secret', each, namespace)?.data?.['redis-password'];
    if (kept !== undefined) return fromBase64(kept);
  }
  return suffix(`${name} ${namespace} ${nowMs}`, 10);
}

/** Says during what a mistake was made. */
async function during<T>(what: string, task: () => Promise<T> | T): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof Error && /Error$/.test(error.name) && error.name !== 'TypeError') {
      throw new HelmError(`${what}: ${error.message}`);
    }
    throw error;
  }
}

export async function install(command: HelmCommand): Promise<void> {
  const [name, chartName, ...rest] = command.words;
  if (name === undefined || chartName === undefined || rest.length > 0) {
    throw new HelmError(
      'INSTALLATION FAILED: must either provide a name or specify --generate-name',
    );
  }
  await during('INSTALLATION FAILED', () => installAs(command, name, chartName));
}

async function installAs(command: HelmCommand, name: string, chartName: string): Promise<void> {
  const { cluster, namespace, flags, call } = command;
  if (!/^[a-z0-9]([-a-z0-9.]{0,51}[a-z0-9])?$/.test(name)) {
    throw new HelmError(
      `release name ${JSON.stringify(name)}: invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53`,
    );
  }
  const chart = chartNamed(command, chartName);
  const given = givenValues(command);
  const release = cluster.enter((api) => {
    if (revisionsOf(api, namespace, name).length > 0) {
      throw new HelmError('cannot re-use a name that is still in use');
    }
    openNamespace(api, namespace, flags.has('create-namespace'));
    const nowMs = call.machine.now();
    const description = 'Install complete';
    const made = drafted(api, chart, { name, namespace, revision: 1, given, nowMs, description });
    realize(api, made, [], true);
    keep(api, made);
    return made;
  });
  await waitFor(command, release);
  printRelease(command, release);
}

function openNamespace(api: ApiServer, namespace: string, mayCreate: boolean): void {
  if (api.find('Namespace', namespace)) return;
  if (!mayCreate) {
    throw new HelmError(
      `create: failed to create: namespaces ${JSON.stringify(namespace)} not found`,
    );
  }
  api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
}

export async function upgrade(command: HelmCommand): Promise<void> {
  const { cluster, namespace, flags, words } = command;
  const [name, chartName] = words;
  if (name === undefined || chartName === undefined) {
    throw new HelmError(
      '"helm upgrade" requires 2 arguments\n\nUsage:  helm upgrade [RELEASE] [CHART] [flags]',
    );
  }
  const all = cluster.enter((api) => revisionsOf(api, namespace, name));
  if (all.length === 0 && flags.has('install')) {
    command.print(`Release ${JSON.stringify(name)} does not exist. Installing it now.\n`);
    return during('INSTALLATION FAILED', () => installAs(command, name, chartName));
  }
  await during('UPGRADE FAILED', async () => {
    if (all.length === 0) throw new HelmError(`${JSON.stringify(name)} has no deployed releases`);
    const chart = chartNamed(command, chartName);
    const release = cluster.enter((api) => upgradeTo(api, command, chart, all));
    await waitFor(command, release);
    command.print(`Release ${JSON.stringify(name)} has been upgraded. Happy Helming!\n`);
    printRelease(command, release);
  });
}

/** As the real one: values given before are kept when none are given now. */
function upgradeTo(
  api: ApiServer,
  command: HelmCommand,
  chart: Chart,
  all: readonly Release[],
): Release {
  const { flags, namespace, call } = command;
  const last = all.at(-1) as Release;
  const now = givenValues(command);
  const isSilent = Object.keys(now).length === 0;
  const keeps = flags.has('reuse-values') || (isSilent && !flags.has('reset-values'));
  const draft: Draft = {
    ...{ name: last.name, namespace, revision: last.revision + 1 },
    given: keeps ? overlay(last.given, now) : now,
    nowMs: call.machine.now(),
    description: 'Upgrade complete',
  };
  const release = drafted(api, chart, draft);
  const before = all.findLast(({ status }) => status === 'deployed') ?? last;
  return carryOut(api, release, before);
}

/** What fails is kept as failed. */
function carryOut(api: ApiServer, release: Release, before: Release): Release {
  try {
    realize(api, release, before.rendered, false);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const description = `Upgrade ${JSON.stringify(release.name)} failed: ${why}`;
    keep(api, { ...release, status: 'failed', description });
    throw error;
  }
  keep(api, release);
  return release;
}

export async function rollback(command: HelmCommand): Promise<void> {
  const { cluster, namespace, words, call } = command;
  const [name = '', wanted] = words;
  const release = cluster.enter((api) => {
    const all = revisionsOf(api, namespace, name);
    const last = all.at(-1);
    if (!last) throw new HelmError('release: not found');
    const number = wanted === undefined || wanted === '0' ? last.revision - 1 : Number(wanted);
    const target = all.find(({ revision }) => revision === number);
    if (!target)
      throw new HelmError(wanted === undefined ? 'release has no 0 version' : 'release: not found');
    const again: Release = {
      ...target,
      revision: last.revision + 1,
      status: 'deployed',
      updatedMs: call.machine.now(),
      description: `Rollback to ${target.revision}`,
    };
    return carryOut(api, again, last);
  });
  await waitFor(command, release);
  command.print('Rollback was a success! Happy Helming!\n');
}

export function uninstall({ cluster, namespace, words, print }: HelmCommand): void {
  if (words.length === 0) throw new HelmError('"helm uninstall" requires at least 1 argument');
  for (const name of words) {
    cluster.enter((api) => {
      const release = newestOf(revisionsOf(api, namespace, name))[0];
      if (!release) {
        throw new HelmError(`uninstall: Release not loaded: ${name}: release: not found`);
      }
      remove(api, release);
      forget(api, namespace, name);
    });
    print(`release ${JSON.stringify(name)} uninstalled\n`);
  }
}

const POLL_MS = 200;

/** With --wait: until all pods are ready, five minutes at most unless said. */
async function waitFor(command: HelmCommand, release: Release): Promise<void> {
  const { flags, call, cluster } = command;
  if (!flags.has('wait')) return;
  const limit = call.machine.now() + msOf(flags.get('timeout') ?? '5m');
  while (!cluster.enter((api) => isUp(api, release))) {
    if (call.machine.now() >= limit) {
      cluster.enter((api) => keep(api, { ...release, status: 'failed' }));
      throw new HelmError('context deadline exceeded');
    }
    await call.machine.sleep(POLL_MS, call.signal);
  }
}

function isUp(api: ApiServer, { rendered, namespace }: Release): boolean {
  return rendered
    .filter(({ manifest }) => manifest.kind === 'StatefulSet')
    .every(({ manifest }) => {
      const set = api.find('StatefulSet', manifest.metadata.name ?? '', namespace);
      if (!set || set.status?.observedGeneration !== set.metadata.generation) return false;
      const { replicas } = set.spec;
      return set.status.readyReplicas === replicas && set.status.updatedReplicas === replicas;
    });
}

/** "5m", "90s", "1h30m". */
function msOf(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new HelmError(`invalid argument ${JSON.stringify(text)} for "--timeout" flag`);
}
