/** The verbs that only tell: repositories, charts, releases. */

import { type HelmCommand, HelmError } from './command.ts';
import { chartNamed, drafted, givenValues } from './deploy.ts';
import {
  dayOf,
  manifestText,
  momentOf,
  printColumns,
  printRelease,
  valuesText,
  yamlOf,
} from './print.ts';
import { newestOf, type Release, revisionsOf } from './releases.ts';
import { chartOf, Repositories } from './repositories.ts';
import { overlay } from './values.ts';

export function repo(command: HelmCommand): void {
  const [verb, ...words] = command.words;
  const repositories = new Repositories(command.call.machine.files);
  if (verb === 'add') addRepository(command, repositories, words);
  else if (verb === 'update') updateRepositories(command, repositories);
  else if (verb === 'list' || verb === 'ls') {
    if (repositories.all.length === 0) throw new HelmError('no repositories to show');
    const rows = repositories.all.map(({ name, url }) => [name, url]);
    command.print(printColumns([['NAME', 'URL'], ...rows]));
  } else if (verb === 'remove' || verb === 'rm') removeRepository(command, repositories, words);
  else throw new HelmError('helm repo: add, list, remove and update are simulated here');
}

function addRepository(
  { print, flags }: HelmCommand,
  repositories: Repositories,
  [name, url]: readonly string[],
): void {
  if (name === undefined || url === undefined) {
    throw new HelmError(
      '"helm repo add" requires 2 arguments\n\nUsage:  helm repo add [NAME] [URL] [flags]',
    );
  }
  const known = repositories.find(name);
  if (known && !flags.has('force-update')) {
    if (known.url !== url) {
      throw new HelmError(
        `repository name (${name}) already exists, please specify a different name`,
      );
    }
    print(`${JSON.stringify(name)} already exists with the same configuration, skipping\n`);
    return;
  }
  if (!repositories.chartsAt(url)) {
    throw new HelmError(
      `looks like ${JSON.stringify(url)} is not a valid chart repository or cannot be reached: here only https://charts.bitnami.com/bitnami is`,
    );
  }
  const others = repositories.all.filter((each) => each.name !== name);
  repositories.all = [...others, { name, url }];
  print(`${JSON.stringify(name)} has been added to your repositories\n`);
}

function updateRepositories({ print }: HelmCommand, { all }: Repositories): void {
  if (all.length === 0)
    throw new HelmError('no repositories found. You must add one before updating');
  print('Hang tight while we grab the latest from your chart repositories...\n');
  for (const { name } of all) {
    print(`...Successfully got an update from the ${JSON.stringify(name)} chart repository\n`);
  }
  print('Update Complete. ⎈Happy Helming!⎈\n');
}

function removeRepository(
  { print }: HelmCommand,
  repositories: Repositories,
  names: readonly string[],
): void {
  for (const name of names) {
    if (!repositories.find(name))
      throw new HelmError(`no repo named ${JSON.stringify(name)} found`);
    repositories.all = repositories.all.filter((each) => each.name !== name);
    print(`${JSON.stringify(name)} has been removed from your repositories\n`);
  }
}

export function searchRepo({ words, flags, call, print }: HelmCommand): void {
  const [where, text = ''] = words;
  if (where !== 'repo') throw new HelmError('helm search: only repo is simulated here');
  const repositories = new Repositories(call.machine.files);
  if (repositories.all.length === 0) throw new HelmError('no repositories configured');
  const found = repositories.charts.filter(({ name, chart }) =>
    `${name} ${chart.description}`.toLowerCase().includes(text.toLowerCase()),
  );
  const newest = new Map(found.toReversed().map((each) => [each.name, each]));
  const shown = flags.has('versions') ? found : [...newest.values()];
  if (shown.length === 0) {
    print('No results found\n');
    return;
  }
  const rows = shown.map(({ name, chart: { version, appVersion, description } }) => [
    ...[name, version, appVersion, description],
  ]);
  print(printColumns([['NAME', 'CHART VERSION', 'APP VERSION', 'DESCRIPTION'], ...rows]));
}

export function list({ cluster, namespace, flags, print }: HelmCommand): void {
  const where = flags.has('all-namespaces') ? undefined : namespace;
  const rows = cluster
    .enter((api) => newestOf(revisionsOf(api, where)))
    .map((each) => [
      ...[each.name, each.namespace, String(each.revision), momentOf(each.updatedMs), each.status],
      ...[`${each.chart}-${each.version}`, each.appVersion],
    ]);
  const heads = ['NAME', 'NAMESPACE', 'REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION'];
  print(printColumns([heads, ...rows]));
}

/** A release by its name; that of --revision, or the newest. Throws a HelmError. */
function releaseNamed(
  { cluster, namespace, flags }: HelmCommand,
  name: string | undefined,
): Release {
  const wanted = flags.get('revision');
  const all = cluster.enter((api) => revisionsOf(api, namespace, name ?? ''));
  const found =
    wanted === undefined ? all.at(-1) : all.find(({ revision }) => revision === Number(wanted));
  if (!found) throw new HelmError('release: not found');
  return found;
}

export function status(command: HelmCommand): void {
  printRelease(command, releaseNamed(command, command.words[0]));
}

export function history({ cluster, namespace, words, print }: HelmCommand): void {
  const all = cluster.enter((api) => revisionsOf(api, namespace, words[0] ?? ''));
  if (all.length === 0) throw new HelmError('release: not found');
  const rows = all.map((each) => [
    ...[String(each.revision), dayOf(each.updatedMs), each.status],
    ...[`${each.chart}-${each.version}`, each.appVersion, each.description],
  ]);
  const heads = ['REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION', 'DESCRIPTION'];
  print(printColumns([heads, ...rows]));
}

export function getRelease(command: HelmCommand): void {
  const [what, name] = command.words;
  const release = releaseNamed(command, name);
  if (what === 'values') {
    const chart = chartOf(release.chart, release.version);
    if (command.flags.has('all') && chart) {
      command.print(`COMPUTED VALUES:\n${yamlOf(overlay(chart.values, release.given))}`);
    } else command.print(`USER-SUPPLIED VALUES:\n${valuesText(release.given)}`);
  } else if (what === 'manifest') command.print(`${manifestText(release)}\n`);
  else if (what === 'notes') command.print(`NOTES:\n${release.notes}\n`);
  else throw new HelmError('helm get: values, manifest and notes are simulated here');
}

export function template(command: HelmCommand): void {
  const [first = '', second] = command.words;
  const [name, chartName] = second === undefined ? ['release-name', first] : [first, second];
  const chart = chartNamed(command, chartName);
  const { cluster, namespace, call } = command;
  const draft = {
    ...{ name, namespace, revision: 1, given: givenValues(command) },
    ...{ nowMs: call.machine.now(), description: '' },
  };
  command.print(manifestText(cluster.enter((api) => drafted(api, chart, draft))));
}

export function show(command: HelmCommand): void {
  const [what, chartName = ''] = command.words;
  const chart = chartNamed(command, chartName);
  const { name, version, appVersion, description } = chart;
  const about = { apiVersion: 'v2', appVersion, description, name, version };
  if (what === 'values') command.print(yamlOf(chart.values));
  else if (what === 'chart') command.print(yamlOf(about));
  else throw new HelmError('helm show: chart and values are simulated here');
}
