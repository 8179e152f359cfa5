/** What a host's shell knows of the Enterprise edition: stand-ins, each of which says so. */
import type { Program } from '../../shell/program.ts';
import type { OpsHost } from '../host.ts';
import { activeActive } from './active-active.ts';
import { directory } from './directory.ts';
import { partition } from './partition.ts';
import { proxy, rackCheck } from './proxy.ts';
import { vault } from './vault.ts';

export const enterprisePrograms = (host: OpsHost): Readonly<Record<string, Program>> => ({
  'active-active': activeActive(host),
  partition: partition(host),
  proxy: proxy(host),
  'rack-check': rackCheck,
  directory,
  vault,
});
