/**
 * Who may import whom: a folder may import itself and the folders on its line, nothing else in src.
 * `layers.test.ts` holds every import to it. Test files are free, and so is what they share
 * (`*.test-data.ts`): they may look at everything.
 */
const codec = ['engine/errors.ts', 'engine/bytes', 'engine/resp'];
const base = [...codec, 'engine/time'];
const core = [...base, 'engine/network', 'engine/values', 'engine/keyspace', 'engine/commands'];
const features = [
  'engine/scripting',
  'engine/persistence',
  'engine/replication',
  'engine/cluster',
  'engine/sentinel',
  'engine/modules',
];
const learning = ['quiz', 'progress', 'review', 'interview'];

const layers = {
  // The engine, bottom up. The features never import one another: the server introduces them.
  'engine/errors.ts': [],
  'engine/bytes': [],
  'engine/time': [],
  'engine/resp': ['engine/errors.ts', 'engine/bytes'],
  'engine/network': ['engine/time'],
  'engine/values': ['engine/errors.ts', 'engine/bytes', 'engine/time'],
  'engine/keyspace': [...base, 'engine/values'],
  'engine/commands': [...base, 'engine/values', 'engine/keyspace'],
  ...Object.fromEntries(features.map((feature) => [feature, core])),
  'engine/server': [...core, ...features],
  'engine/lab': [...core, 'engine/persistence', 'engine/server', 'transcript'],

  // Where the engine meets a platform, and where both meet a real Redis.
  transcript: ['ui'],
  hosts: ['engine', 'wire', 'shell', 'ops'],
  conformance: ['engine', 'hosts', 'lessons', 'quiz', 'shell', 'transcript', 'wire'],

  // The page: of the engine it knows the codec, everything else it asks in Redis over the wire.
  wire: codec,
  ui: [],
  editor: ['ui'],
  quiz: [...codec, 'wire', 'transcript', 'editor', 'ui'],
  progress: ['ui'],
  review: ['progress', 'ui'],
  // When the page is built it asks the engine what is there; the page has only the answer.
  coverage: ['engine/server', 'ui'],
  interview: ['progress', 'quiz', 'ui'],
  search: ['ui'],
  shell: [...codec, 'wire', 'transcript'],
  ops: [...codec, 'wire', 'shell'],
  runtimes: [...codec, 'wire', 'transcript', 'ui'],
  console: [...codec, 'wire', 'transcript', 'runtimes', 'shell', 'editor', 'ui'],
  scenes: [...codec, 'wire', 'runtimes', 'transcript', 'ops', 'ui'],
  reference: ['console', 'ui'],
  scratchpad: [...codec, 'runtimes', 'console', 'editor', 'transcript', 'wire', 'ui'],
  lessons: [
    ...codec,
    ...learning,
    ...['runtimes', 'console', 'scenes', 'scratchpad', 'editor', 'ui', 'transcript', 'wire'],
  ],
  app: [
    ...['lessons', ...learning, 'coverage', 'search', 'reference', 'scratchpad'],
    ...['runtimes', 'console', 'scenes', 'shell', 'ops', 'editor', 'ui', 'wire'],
  ],
};

const tests = '\\.test(-data)?\\.tsx?$';
const under = (names) => `^src/(${names.join('|').replaceAll('.', '\\.')})(/|$)`;

/** One line of the table as a rule; `allowed` are folders of src. */
const rule = ([name, allowed]) => ({
  name: `${name} imports only what its line in src/layers.cjs allows`,
  severity: 'error',
  from: { path: under([name]), pathNot: tests },
  to: { path: '^src/', pathNot: under([name, ...allowed]) },
});

/** Forbids importing the packages that `to` matches anywhere in src but in the files `only` matches. */
const packagesOnly = (name, to, only) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: `${only}|${tests}` },
  to,
});

const npm = (names) => ({ path: `node_modules/(${names})/` });

module.exports = {
  forbidden: [
    ...Object.entries(layers).map(rule),
    {
      name: 'every folder has a line in src/layers.cjs',
      severity: 'error',
      from: { path: '^src/', pathNot: `${under(Object.keys(layers))}|${tests}|^src/layers` },
      to: {},
    },
    {
      name: 'the engine uses no package but the Lua machines, in scripting',
      severity: 'error',
      from: { path: '^src/engine/', pathNot: `${tests}|^src/engine/scripting/` },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'] },
    },
    {
      name: 'scripting uses no package but the Lua machines',
      severity: 'error',
      from: { path: '^src/engine/scripting/', pathNot: tests },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'core'],
        pathNot: 'node_modules/(wasmoon-lua5\\.1|fengari-web)/',
      },
    },
    packagesOnly('React appears only in *.tsx', npm('react|react-dom|wouter'), '\\.tsx$'),
    packagesOnly(
      'stores are made only in store.ts, and wired only in app/stores.ts',
      npm('zustand'),
      '/store\\.ts$|^src/app/stores\\.ts$|\\.tsx$',
    ),
    packagesOnly(
      'Node appears only in the Node hosts, the conformance tests, the build plugins and set-up',
      { dependencyTypes: ['core'] },
      '^src/hosts/|^src/conformance/|[/-]plugin\\.ts$|/set-up\\.mjs$',
    ),
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    parser: 'tsc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
