import { absolute } from '../../engine/bytes/path.ts';
import type { Call, Program } from '../program.ts';

/** tail [-n lines | -c bytes] [-f] [file ...]: the end of files; -f goes on with what is added. */
export const tail: Program = async (call) => {
  const { lines, bytes, follows, names } = readTail(call.args);
  if (names.length === 0) {
    call.print(endOf(call.stdin ?? '', lines, bytes));
    return 0;
  }
  let status = 0;
  const seen = new Map<string, number>();
  for (const name of names) {
    const content = read(call, name);
    if (content === undefined) {
      call.complain(`tail: cannot open '${name}' for reading: No such file or directory\n`);
      status = 1;
      continue;
    }
    if (names.length > 1) call.print(`${seen.size > 0 ? '\n' : ''}==> ${name} <==\n`);
    call.print(endOf(content, lines, bytes));
    seen.set(name, content.length);
  }
  if (follows && seen.size > 0) await follow(call, seen);
  return status;
};

const read = (call: Call, name: string) =>
  name === '-' ? (call.stdin ?? '') : call.machine.files.read(absolute(name, call.folder));

function readTail(args: readonly string[]) {
  let lines: string = '10';
  let bytes: string | undefined;
  let follows = false;
  const names: string[] = [];
  const left = [...args];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [, flag, joined] = /^-([nc])(.*)$/.exec(word) ?? [];
    if (flag === 'n') lines = joined || (left.shift() ?? '10');
    else if (flag === 'c') bytes = joined || (left.shift() ?? '0');
    else if (/^-\d+f?$/.test(word)) {
      lines = word.replace(/\D/g, '');
      follows ||= word.endsWith('f');
    } else if (/^-[fFq]+$|^--follow$/.test(word)) follows ||= /[fF]/.test(word);
    else names.push(word);
  }
  return { lines, bytes, follows, names };
}

/** The last so many; from that line or byte on, when the number begins with a plus. */
function endOf(content: string, lines: string, bytes: string | undefined): string {
  const count = Number.parseInt((bytes ?? lines).replace(/^[+-]/, ''), 10) || 0;
  if (bytes !== undefined) {
    return bytes.startsWith('+')
      ? content.slice(count - 1)
      : content.slice(-count || content.length);
  }
  const all = content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return (
    lines.startsWith('+') ? all.slice(Math.max(count - 1, 0)) : all.slice(-count || all.length)
  ).join('');
}

const LOOK_EVERY_MS = 200;

/** Until Ctrl-C. A file that was made anew is read from its beginning. */
async function follow(call: Call, seen: Map<string, number>): Promise<void> {
  for (;;) {
    await call.machine.sleep(LOOK_EVERY_MS, call.signal);
    for (const [name, length] of seen) {
      const content = read(call, name) ?? '';
      if (content.length < length) call.complain(`tail: ${name}: file truncated\n`);
      call.print(content.slice(content.length < length ? 0 : length));
      seen.set(name, content.length);
    }
  }
}
