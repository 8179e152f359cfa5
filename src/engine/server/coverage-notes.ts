/**
 * What commands of Redis 8.10 lack here, by the names of their rows. A command without a note does all
 * that it does in Redis 7.0, or in the version that it came with.
 */
export interface CoverageNote {
  /** What is missing or assumed, where the rest is there. */
  readonly partial?: string;
  /** Why nothing of it is there. */
  readonly missing?: string;
  /** Of what is missing though it has a row: a call that is answered with `is not simulated here`. */
  readonly example?: string;
}

const jsonFormat = 'FORMAT is not simulated.';
const modules =
  'Of the modules those that are here can be loaded, from /usr/local/lib/redis/modules.';
const sketchSize = 'What would take more than 256 MB is refused as for want of memory.';
const sketchDefaults =
  'The parameters bf-… and cf-… of CONFIG are not there: what they are by default holds.';
const topKLuck =
  'Which counters wear down follows from the sketch, so that replicas agree; the module throws dice.';
const searchLimits =
  'In a cluster searching is not simulated, nor are stems of other languages than English.';
const searchSettings = 'Of the settings there are those that matter to what is simulated.';
const hotKeys = 'The engine’s time is virtual: what a key costs in processor time is not measured.';
const backup =
  'The files of a backup in progress are not kept; BGSAVE and the append-only file are.';

const rings = 'What happens to what lies outside of a ring is known from examples.';
const arrayErrors = 'Written by documentation: the texts of some errors are assumed.';
const vectorFiles =
  'In RDB files vector sets are auxiliary fields, which a redis-server does not read.';
const filtered = 'FILTER-EF and EF limit nothing, as every element is looked at.';
const trimming =
  'ACKED with ~ works entry by entry; how much a real server leaves in a node is not known.';

export const coverageNotes: Readonly<Record<string, CoverageNote>> = {
  // Strings and hashes.
  delex: { partial: 'Written by documentation: the texts of some errors are assumed.' },
  msetex: { partial: 'Written by documentation: the texts of some errors are assumed.' },
  increx: { partial: 'Written by documentation: which of two errors comes first is assumed.' },
  'himport|set': {
    partial:
      'Imported hashes have the encoding, but not the memory, of templates; HSET never makes one.',
  },

  // Streams.
  xadd: {
    partial: `${trimming} What IDMP remembers is kept in append-only files, not in RDB files.`,
  },
  xtrim: { partial: trimming },
  xdelex: { partial: 'ACKED without any group keeps entries, as its page says.' },
  xcfgset: { partial: 'The setting is kept in append-only files, not in RDB files.' },
  xidmprecord: { partial: 'The texts of its errors are assumed.' },
  xnack: { partial: 'In RDB files entries that nobody has belong to a consumer without a name.' },
  xread: {
    partial: 'MAXSIZE counts ids, fields and values, not what the protocol puts around them.',
  },
  xreadgroup: {
    partial:
      'MAXSIZE counts ids, fields and values. The idle time of an entry that XNACK gave back is -1.',
  },
  'xinfo|stream': {
    partial: 'idmp- fields and nacked-count appear once they matter; consumers as of 7.0.',
  },
  'xinfo|consumers': { partial: 'As of 7.0: without the field inactive.' },

  // Arrays.
  arset: { partial: arrayErrors },
  armset: { partial: arrayErrors },
  argetrange: { partial: 'Of a key that is not there it gives nil for each index: assumed.' },
  arlen: { partial: 'An array that reaches beyond index 2^63-2 has no length here.' },
  arinsert: { partial: 'Beyond index 2^63-1 it does not answer.' },
  arnext: { partial: 'Beyond index 2^63-1 it does not answer.' },
  arring: { partial: `${rings} ${arrayErrors}` },
  arlastitems: { partial: arrayErrors },
  arscan: { partial: 'Indexes beyond 2^63-1 are not given. Pairs are nested, as in the examples.' },
  argrep: {
    partial: 'Expressions are POSIX’s with the usual shorthands; the texts of errors are assumed.',
  },
  arop: { partial: 'Values that are no numbers are passed over by AND, OR and XOR: assumed.' },
  arinfo: { partial: 'FULL, and arrays wider than 8 million places, are not simulated.' },

  // Vector sets.
  vadd: { partial: `The graph is one that a perfect search would make. ${vectorFiles}` },
  vsim: {
    partial: `The search is exact. ${filtered} EPSILON is a distance from 0 to 2, as in 8.0.`,
  },
  vlinks: { partial: 'Links are the nearest elements of each level, not those of a built graph.' },
  vinfo: { partial: 'vset-uid counts by database; levels come by chance, as they do in Redis.' },
  vrange: { partial: 'The text of its error is assumed.' },
  dump: { partial: 'Vector sets and arrays are refused.' },
  restore: { partial: 'Payloads of types newer than 7.2 are refused, but for JSON.' },

  // Modules.
  'json.get': { partial: `${jsonFormat} The ends of texts about broken paths are our own.` },
  'json.arrpop': { partial: jsonFormat },
  'json.debug|memory': { partial: 'The bytes are reckoned, not measured.' },
  'ts.info': { partial: 'memoryUsage is reckoned; chunks are full when Gorilla’s bits fill them.' },
  'ts.read': { partial: 'In a transaction BLOCK does not wait; the module refuses it.' },

  'bf.reserve': { partial: `${sketchDefaults} ${sketchSize}` },
  'cf.reserve': { partial: `${sketchDefaults} ${sketchSize}` },
  'cms.initbydim': { partial: sketchSize },
  'cms.initbyprob': { partial: sketchSize },
  'topk.reserve': { partial: sketchSize },
  'topk.add': { partial: topKLuck },
  'topk.incrby': { partial: topKLuck },
  'tdigest.create': { partial: sketchSize },

  'ft.create': {
    partial: `${searchLimits} Nor are PHONETIC, TEMPORARY, GEOSHAPE, SVS-VAMANA, vectors of other types than FLOAT32 and FLOAT64. The keys that are there are indexed at once.`,
  },
  'ft.search': {
    partial: `${searchLimits} EXPLAINSCORE is not simulated; with HNSW every vector is compared; nothing takes long enough for TIMEOUT.`,
  },
  'ft.aggregate': { partial: `${searchLimits} Groups come in the order of their first rows.` },
  'ft.explain': { partial: 'Errors in deeply nested queries may be told at another offset.' },
  'ft.info': { partial: 'Room in memory, averages and times are not measured: 0 and nan.' },
  'ft.config|get': { partial: searchSettings },
  'ft.config|set': { partial: searchSettings },
  'ft.config|help': { partial: `${searchSettings} The words are our own.` },
  'ft.profile': {
    missing: 'What the parts of a query cost is not measured.',
    example: 'FT.PROFILE i SEARCH QUERY x',
  },
  'ft.hybrid': {
    missing: 'Searches are not joined into one ranking.',
    example: 'FT.HYBRID i SEARCH x VSIM @v $q',
  },
  'ft.sugget': { partial: 'What is exact is so letter by letter; the module looks at half of it.' },
  'ft.spellcheck': { partial: 'Words that are equally frequent come in the order of their bytes.' },

  // What a server in a page cannot do.
  'module|load': { partial: modules },
  'module|loadex': { partial: `${modules} What CONFIG and ARGS say is passed over.` },
  'hotkeys|start': { missing: hotKeys, example: 'HOTKEYS START METRICS 1 CPU' },
  'hotkeys|stop': { missing: hotKeys, example: 'HOTKEYS STOP' },
  'hotkeys|get': { missing: hotKeys, example: 'HOTKEYS GET' },
  'hotkeys|reset': { missing: hotKeys, example: 'HOTKEYS RESET' },
  'backup|start': { missing: backup, example: 'BACKUP START' },
  'backup|seal': { missing: backup, example: 'BACKUP SEAL' },
  'backup|abort': { missing: backup, example: 'BACKUP ABORT' },
  'backup|cleanup': { missing: backup, example: 'BACKUP CLEANUP' },
  'backup|status': { missing: backup, example: 'BACKUP STATUS' },
  'backup|list': { missing: backup, example: 'BACKUP LIST' },
  trimslots: {
    missing: 'Nodes of a cluster say it to each other when slots move as a whole.',
    example: 'TRIMSLOTS RANGES 1 0 1',
  },
  'slowlog|get': {
    partial: 'Of commands that are one step, those that share a pipeline are not listed.',
  },
  info: {
    partial: 'Commands that are one step, and share a pipeline, have the mean of their times.',
  },
  'latency|doctor': {
    partial: 'Judging spikes is not simulated; what it says without any is.',
  },
  'cluster|syncslots': { missing: 'Nodes say it to each other when slots move as a whole.' },
  'cluster|migration': {
    missing: 'Slots move key by key, with CLUSTER SETSLOT and MIGRATE.',
    example: 'CLUSTER MIGRATION CANCEL ALL',
  },
  lolwut: { partial: 'The pictures of VERSION 5 and 6 are not drawn.' },
  'script|debug': {
    partial:
      'It does not stop inside pcall, coroutines, metamethods and iterators, nor inside EXEC. On replicas and in clusters there is only SYNC.',
  },
  debug: {
    partial:
      'What shows the layout of memory is not simulated (HTSTATS), nor faults of the cluster bus, nor what ends a process.',
  },
  migrate: { partial: 'In a script or a transaction it is not simulated.' },
};
