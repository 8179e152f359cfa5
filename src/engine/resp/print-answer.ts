import { RedisError } from '../errors.ts';
import { printReply } from './print.ts';
import { Many, type Reply, Status, Verbatim } from './reply.ts';

/**
 * What redis-cli prints for the reply to a command, without the last newline. A few commands answer
 * one text for people; redis-cli prints it as it is, and even the errors of these commands come
 * without their "(error)". Checked against redis-cli 7.0.15. The text is bytes: UTF-8 where the
 * server sent UTF-8.
 */
export function printAnswer(argv: readonly string[], reply: Reply): string {
  return isText(argv) ? printRaw(reply) : printReply(reply);
}

function isText(argv: readonly string[]): boolean {
  const [command = '', sub = ''] = argv.map((word) => word.toLowerCase());
  if (command === 'info' || command === 'lolwut') return true;
  if (command === 'cluster' && argv.length > 2) return false;
  return textual[command]?.includes(sub) ?? false;
}

const textual: Readonly<Record<string, readonly string[]>> = {
  client: ['list', 'info'],
  cluster: ['nodes', 'info'],
  debug: ['htstats', 'htstats-key'],
  latency: ['graph', 'doctor'],
  memory: ['doctor', 'malloc-stats'],
  proxy: ['info'],
};

function printRaw(reply: Reply): string {
  if (typeof reply === 'string') return asLines(reply);
  if (reply instanceof Verbatim) return asLines(reply.text);
  if (reply instanceof Status) return reply.text;
  if (reply instanceof RedisError) return reply.message;
  if (reply instanceof Many) return reply.replies.map(printRaw).join('\n');
  return printReply(reply);
}

const asLines = (text: string) => text.replaceAll('\r\n', '\n').replace(/\n$/, '');
