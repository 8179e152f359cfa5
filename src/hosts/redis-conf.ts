import { quote } from '../engine/resp/print.ts';
import { splitArgs } from '../engine/resp/split.ts';
import type { ConfigTexts } from '../engine/server/config.ts';
import { findDirective } from '../engine/server/config.ts';
import { ConfigError } from '../engine/server/config-kinds.ts';

/**
 * What a redis-server is told when it starts: redis.conf, and `--directive value` after it.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/config/
 */

/** A line that a server does not start with. `line` counts from 1, the command line's after the file's. */
export class ConfFileError extends Error {
  override readonly name = 'ConfFileError';

  constructor(
    readonly line: number,
    readonly text: string,
    readonly reason: string,
  ) {
    super(reason);
  }

  /** As redis-server prints it before it exits. */
  report(version: string): string {
    return [
      '',
      `*** FATAL CONFIG FILE ERROR (Redis ${version}) ***`,
      `Reading the configuration file, at line ${this.line}`,
      `>>> '${this.text}'`,
      this.reason,
    ].join('\n');
  }
}

/** The lines that the arguments of a command line stand for: `--port 7000` is `port "7000"`. */
export function optionLines(args: readonly string[]): string {
  const lines: string[] = [];
  for (const arg of args) {
    if (arg.startsWith('--')) lines.push(arg.slice(2));
    else lines.push(`${lines.pop() ?? ''} ${quote(arg)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** The directives of a redis.conf, each checked. Throws a ConfFileError at the first mistake. */
export function readConf(text: string): ConfigTexts {
  const texts: Record<string, string> = {};
  for (const [index, row] of text.split('\n').entries()) {
    const line = row.trim();
    if (line === '' || line.startsWith('#')) continue;
    try {
      readLine(line, texts);
    } catch (error) {
      if (error instanceof ConfigError) throw new ConfFileError(index + 1, line, error.message);
      throw error;
    }
  }
  return texts;
}

/** Adds one directive to what has been read. */
function readLine(line: string, texts: Record<string, string>): void {
  const words = splitArgs(line);
  if (!words) throw new ConfigError('Unbalanced quotes in configuration line');
  const [name = '', ...values] = words;
  const directive = findDirective(name);
  if (!directive) throw new ConfigError('Bad directive or wrong number of arguments');
  if (values.length === 0 || (values.length > 1 && !directive.isMulti)) {
    throw new ConfigError('wrong number of arguments');
  }
  const before = texts[directive.name];
  const value = values.join(' ');
  const reading = directive.read(value, before ?? directive.default);
  // Lines of `save` add up, until an empty one starts anew.
  const adds = directive.name === 'save' && before !== undefined && value !== '';
  texts[directive.name] = adds ? `${before} ${reading.text}`.trim() : reading.text;
}
