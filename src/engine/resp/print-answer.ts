import { printReply } from './print.ts';
import { printAs } from './print-formats.ts';
import type { Reply } from './reply.ts';

/**
 * What redis-cli prints for the reply to a command, without the last newline. A few commands answer
 * one text for people; redis-cli prints it as it is, and even the errors of these commands come
 * without their "(error)". Checked against redis-cli 7.0.15. The text is bytes: UTF-8 where the
 * server sent UTF-8.
 */
export function printAnswer(argv: readonly string[], reply: Reply): string {
  if (!answersText(argv)) return printReply(reply);
  return printAs('raw', reply).replaceAll('\r\n', '\n').replace(/\n$/, '');
}

/** Whether a command answers one text for people, which is printed as it is. */
export function answersText(argv: readonly string[]): boolean {
  const [command = '', sub = ''] = argv.map((word) => word.toLowerCase());
  if (command === 'info' || command === 'lolwut') return true;
  if (command === 'cluster' && argv.length > 2) return false;
  return Object.hasOwn(textual, command) && textual[command]?.includes(sub) === true;
}

const textual: Readonly<Record<string, readonly string[]>> = {
  client: ['list', 'info'],
  cluster: ['nodes', 'info'],
  debug: ['htstats', 'htstats-key'],
  latency: ['graph', 'doctor'],
  memory: ['doctor', 'malloc-stats'],
  proxy: ['info'],
};
