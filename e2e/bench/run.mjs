/** `npm run bench`: the figures of Keyspace, each beside its reference in the same run. */
console.error('No benchmark is written yet, so nothing was measured.');
process.exitCode = 1;
