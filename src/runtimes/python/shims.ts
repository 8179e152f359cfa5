/**
 * Packages that old snippets import and that no longer exist, or are too small to load: stand-ins by
 * the same name. Each says so when it is imported.
 */
import labNote from './shims/lab_note.py?raw';
import redisCluster from './shims/rediscluster.py?raw';
import redisTimeSeries from './shims/redistimeseries.py?raw';
import rejson from './shims/rejson.py?raw';
import schedule from './shims/schedule.py?raw';

/** By their names in site-packages. */
export const shims: Readonly<Record<string, string>> = {
  'lab_note.py': labNote,
  'rediscluster/__init__.py': redisCluster,
  'rejson/__init__.py': rejson,
  'redistimeseries/__init__.py': '',
  'redistimeseries/client.py': redisTimeSeries,
  'schedule/__init__.py': schedule,
};
