import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { Machine } from '../lab/machine.ts';
import { LabSession } from '../lab/script.ts';

const JSON_MODULE = '/usr/local/lib/redis/modules/rejson.so';

function session(options: ConstructorParameters<typeof Lab>[0] = {}) {
  const lab = new LabSession(
    new Lab({ ...options, config: { 'enable-module-command': 'yes', ...options?.config } }),
  );
  return async (line: string) => (await lab.send('', [line])).reply ?? '';
}

test('all modules are there unless some are named; then their commands are, and no others', async () => {
  expect(await session()('TS.CREATE t')).toBe('OK');
  const run = session({ modules: [JSON_MODULE] });
  expect(await run('JSON.SET k $ 1')).toBe('OK');
  expect(await run('TS.CREATE t')).toMatch(/^\(error\) ERR unknown command 'TS\.CREATE'/);
  expect(await run('COMMAND DOCS ts.create')).toBe('(empty array)');
  expect(await run('ACL CAT')).not.toContain('timeseries');
  expect(await run('MODULE LIST')).toMatch(/"vectorset".*"ReJSON"/s);
  expect(await run('MODULE LIST')).not.toContain('timeseries');
});

test('a module can be loaded later, if it is one; those with types of their own cannot be unloaded', async () => {
  const run = session({ modules: [JSON_MODULE] });
  const failed = '(error) ERR Error loading the extension. Please check the server logs.';
  expect(await run('MODULE LOAD /nowhere/redistimeseries.so')).toBe(failed);
  expect(await run(`MODULE LOAD ${JSON_MODULE}`)).toBe(failed);
  expect(await run('MODULE LOAD /usr/local/lib/redis/modules/redistimeseries.so')).toBe('OK');
  expect(await run('TS.CREATE t')).toBe('OK');
  expect(await run('ACL CAT timeseries')).toContain('ts.create');
  const refused = '(error) ERR Error unloading module: ';
  expect(await run('MODULE UNLOAD nothing')).toBe(`${refused}no such module with that name`);
  expect(await run('MODULE UNLOAD vectorset')).toBe(`${refused}the module can't be unloaded`);
  expect(await run('MODULE UNLOAD ReJSON')).toBe(
    `${refused}the module exports one or more module-side data types, can't unload`,
  );
});

test('the probabilistic module is one file with five families and their categories', async () => {
  const run = session({ modules: ['/usr/local/lib/redis/modules/redisbloom.so'] });
  expect(await run('MODULE LIST')).toMatch(/"vectorset".*"bf"/s);
  expect(await run('TS.CREATE t')).toMatch(/^\(error\) ERR unknown command/);
  for (const [category, name] of [
    ['bloom', 'bf.add'],
    ['cuckoo', 'cf.del'],
    ['cms', 'cms.merge'],
    ['topk', 'topk.list'],
    ['tdigest', 'tdigest.cdf'],
  ]) {
    expect(await run(`ACL CAT ${category}`)).toContain(`"${name}"`);
  }
  await run('ACL SETUSER ann on nopass ~* +@bloom');
  expect(await run('ACL DRYRUN ann BF.ADD k a')).toBe('OK');
  expect(await run('ACL DRYRUN ann CF.ADD k a')).toContain('no permissions');
});

test('where clients and people look for modules they are listed', async () => {
  const run = session();
  expect(await run('INFO modules')).toContain('module:name=ReJSON,ver=81000,api=1');
  expect(await run('COMMAND LIST FILTERBY MODULE timeseries')).toContain('ts.range');
  expect(await run('COMMAND LIST FILTERBY MODULE timeseries')).not.toContain('json.set');
  expect(await run('COMMAND DOCS JSON.SET')).toMatch(/"module"\n +\d+\) "ReJSON"/);
});

test('loadmodule: a server does not start with a file that is missing or no module', () => {
  const lab = new Lab();
  const machine = new Machine(
    lab,
    lab.nodes[0]?.host ?? '',
    (_pid, _now, _level, message) => `${message}\n`,
  );
  const launch = (...args: string[]) => machine.launch(args, '/data');
  const missing = launch('--port', '7001', '--loadmodule', './x.so');
  expect(missing.running).toBeUndefined();
  expect(missing.output).toContain(
    'Module ./x.so failed to load: ./x.so: cannot open shared object file: No such file or directory',
  );
  expect(missing.output).toContain("Can't load module from ./x.so: server aborting");
  machine.disk.write('/data/x.so', 'no module');
  expect(launch('--port', '7001', '--loadmodule', '/data/x.so').output).toContain('file too short');
  const good = launch('--port', '7001', '--loadmodule', JSON_MODULE);
  expect(
    [...(good.running?.node.server.table.keys() ?? [])].filter((name) =>
      /^(json|ts)\.set|^ts\./.test(name),
    ),
  ).toEqual(['json.set']);
  expect(launch('--port', '7002', '--loadmodule').output).toContain(
    'Bad directive or wrong number of arguments',
  );
});
