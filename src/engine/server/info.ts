import { command } from '../commands/command.ts';
import { Verbatim } from '../resp/reply.ts';
import { type Field, sections, sectionsOfSentinel } from './info-sections.ts';
import type { Server } from './server.ts';

/** What the server tells of itself. https://redis.io/docs/latest/commands/info/ */
interface Needs {
  readonly server: Server;
}

export const infoCommands = [
  command<Needs>('INFO [section [section ...]]', {
    summary: 'Returns what the server is and has done: all usual sections, or those named.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(1)',
    flags: ['loading', 'stale'],
    override: { categories: ['dangerous'] },
    tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
    history: [['7.0.0', 'Several sections at once.']],
    run: ({ server }, args) => {
      const text = info(server, args.rest());
      return server.sentinel ? text : new Verbatim(text);
    },
  }),
];

/** Every section but these is shown when none is named, and by `default`. */
const unusual = new Set(['Commandstats', 'Latencystats']);

function info(server: Server, given: readonly string[]): string {
  const words = given.map((word) => word.toLowerCase());
  const all = words.includes('all') || words.includes('everything');
  const usual = words.length === 0 || words.includes('default');
  return Object.entries(server.sentinel ? sectionsOfSentinel : sections)
    .filter(([name]) => all || (usual && !unusual.has(name)) || words.includes(name.toLowerCase()))
    .map(([name, fields]) => sectionText(name, fields(server)))
    .join('\r\n');
}

const sectionText = (name: string, fields: readonly Field[]): string =>
  `# ${name}\r\n${fields.map(([field, value]) => `${field}:${value}\r\n`).join('')}`;
