/** What helm prints of releases. */
import { stringify } from 'yaml';
import type { Values } from './chart.ts';
import type { HelmCommand } from './command.ts';
import { inOrder, type Release } from './releases.ts';

/** What stands after an install, an upgrade and at `helm status`. */
export function printRelease({ print }: HelmCommand, release: Release): void {
  const { name, namespace, status, revision, updatedMs, notes } = release;
  print(
    [
      `NAME: ${name}`,
      `LAST DEPLOYED: ${dayOf(updatedMs)}`,
      `NAMESPACE: ${namespace}`,
      `STATUS: ${status}`,
      `REVISION: ${revision}`,
      'TEST SUITE: None',
      'NOTES:',
      notes,
      '',
    ].join('\n'),
  );
}

/** "Mon Nov 23 22:21:43 2026", in UTC. */
export function dayOf(ms: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(ms)
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${day} ${month} ${date.replace(/^0/, ' ')} ${time} ${year}`;
}

/** "2026-11-23 22:21:43.123 +0000 UTC" */
export const momentOf = (ms: number): string =>
  `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')} +0000 UTC`;

/** Columns with tabs between them, each as wide as its widest cell. */
export function printColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0));
  return rows.map((row) => `${line(row).join('\t')}\n`).join('');
}

export const yamlOf = (value: unknown): string => stringify(value, { lineWidth: 0 });

export const valuesText = (values: Values): string =>
  Object.keys(values).length === 0 ? 'null\n' : yamlOf(values);

/** All manifests, each after the name of its template. */
export const manifestText = ({ chart, rendered }: Pick<Release, 'chart' | 'rendered'>): string =>
  inOrder(rendered)
    .map(({ file, manifest }) => `---\n# Source: ${chart}/templates/${file}\n${yamlOf(manifest)}`)
    .join('');
