/** What a host's shell knows of the Enterprise edition: stand-ins, each of which says so. */
import type { Program } from '../../shell/program.ts';
import type { OpsHost } from '../host.ts';
import { activeActive } from './active-active.ts';
import { partition } from './partition.ts';

export const enterprisePrograms = (host: OpsHost): Readonly<Record<string, Program>> => ({
  'active-active': activeActive(host),
  partition: partition(host),
});
