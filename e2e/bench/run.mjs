/**
 * `npm run bench`: the figures of Keyspace, each beside its reference or its goal in the same run.
 * `npm run bench -- tcp`, `scale`, `lab`, `search`, `wire`, `load` or `runtimes` measures one part. Other work on the machine shows.
 */
import { spawnSync } from 'node:child_process';
import { measureLab, printLab } from './lab.mjs';
import { measureLoad, printLoad } from './load.mjs';
import { measureFollowing, measureWire } from './page.mjs';
import { measureRuntimes } from './runtimes.mjs';
import { measureScale, printScale } from './scale.mjs';
import { measureScene } from './scene.mjs';
import { measureSearch } from './search.mjs';
import { measureTcp, printTcp } from './tcp.mjs';

/** @type {Record<string, { title: string, measure: () => Promise<string[]> }>} */
const parts = {
  tcp: {
    title: 'Over TCP, redis-benchmark: ours beside redis-server',
    measure: async () => {
      const { error } = spawnSync('redis-benchmark', ['--version']);
      if (error) return ['not measured: no redis-server and redis-benchmark here'];
      return (await measureTcp()).map(printTcp);
    },
  },
  scale: {
    title: 'A million keys, a million members',
    measure: async () => {
      const { error } = spawnSync('redis-server', ['--version']);
      if (error) return ['not measured: no redis-server here'];
      return (await measureScale()).map(printScale);
    },
  },
  lab: {
    title: 'A data centre in itself, and in the page',
    measure: async () => {
      const figures = [...(await measureLab()), await measureFollowing(), await measureScene()];
      return figures.map(printLab);
    },
  },
  search: {
    title: 'Searching 100,000 hashes',
    measure: async () => (await measureSearch()).map(printLab),
  },
  wire: {
    title: 'In the page, through the worker boundary',
    measure: async () =>
      (await measureWire()).map(({ what, perSecond, goal }) => {
        const mark = perSecond >= goal ? 'ok ' : 'LOW';
        const [value, wanted] = [perSecond, goal].map((speed) => speed.toLocaleString('en'));
        return `${mark} ${what.padEnd(36)} ${value?.padStart(9)} /s, goal ${wanted}`;
      }),
  },
  load: {
    title: 'The built page, from an empty cache',
    measure: async () => (await measureLoad()).map(printLoad),
  },
  runtimes: {
    title: 'What runs beside the servers, in the built page',
    measure: async () => (await measureRuntimes()).map(printLoad),
  },
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !parts[name]);
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  process.exit(1);
}
for (const [name, { title, measure }] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const lines = await measure();
  console.log(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
