/** What is asked of six nodes, of ours and of real ones: `2> GET a` is for the second node. */
import { splitArgs } from '../engine/resp/split.ts';
import type { Nodes } from './cluster-rig.ts';
import { printFrame } from './frame.ts';

/**
 * Runs the lines of a trace, and gives back each with its reply. ID1 to ID6 in a line stand for the
 * nodes, PORT1 to PORT6 for where they are; replies name them so. `?> INFO` is no step of a trace:
 * what depends on when it is asked is left out of replies (instants, counts of messages).
 */
export async function runTrace(nodes: Nodes, trace: string): Promise<string[]> {
  const told: string[] = [];
  for (const line of trace.trim().split('\n')) {
    const [, node = '', command = ''] = /^(\d)> (.*)$/.exec(line.trim()) ?? [];
    const argv = splitArgs(expand(nodes, command)) ?? [];
    const wire = nodes.wires[Number(node) - 1];
    if (!wire || argv.length === 0) throw new Error(`no step: ${line}`);
    const reply = printFrame(await wire.run(...argv));
    told.push(`${line.trim()}\n${neutral(nodes, reply, argv)}`);
  }
  return told;
}

const expand = (nodes: Nodes, command: string): string =>
  command
    .replace(/\bID(\d)\b/g, (_, digit) => nodes.ids[Number(digit) - 1] ?? '')
    .replace(/\bPORT(\d)\b/g, (_, digit) => String(nodes.ports[Number(digit) - 1]));

/** A reply without what differs from one run to another. */
function neutral(nodes: Nodes, reply: string, argv: readonly string[]): string {
  let text = reply;
  for (const [i, id] of nodes.ids.entries()) text = text.replaceAll(id, `ID${i + 1}`);
  for (const [i, port] of nodes.ports.entries()) {
    text = text.replace(new RegExp(`\\b${port}\\b`, 'g'), `PORT${i + 1}`);
  }
  for (const [i, port] of nodes.busPorts.entries()) {
    text = text.replace(new RegExp(`\\b${port}\\b`, 'g'), `BUS${i + 1}`);
  }
  const subcommand = argv[1]?.toUpperCase() ?? '';
  if (argv[0]?.toUpperCase() !== 'CLUSTER') return text;
  if (subcommand === 'INFO') return text.replace(/cluster_stats_messages.*received:\d+/s, '…');
  if (subcommand === 'NODES' || subcommand === 'REPLICAS') return sortedNodes(text);
  if (subcommand === 'SLOTS' || subcommand === 'SHARDS' || subcommand === 'LINKS') {
    return sortedItems(text);
  }
  return text;
}

/** The lines of CLUSTER NODES in order, without their instants. */
const sortedNodes = (text: string): string =>
  text
    .replace(/^"|"$/g, '')
    .split(/\\n"?\n?|\n/)
    .map((line) => line.replace(/ \d+ \d+ (\d+) (dis)?connected/, ' # # $1 $2connected'))
    .sort()
    .join('\n');

/** The items of a reply whose order means nothing, in one that does. */
const sortedItems = (text: string): string =>
  text
    .split(/\n(?=\s?\d+\) )/)
    .map((item) => item.replace(/^\s*\d+\) /, ''))
    .map((item) =>
      item.replace(/("(create-time|send-buffer-\w+|replication-offset)"\n[^\n]*\) )\d+/g, '$1#'),
    )
    .sort()
    .join('\n');
