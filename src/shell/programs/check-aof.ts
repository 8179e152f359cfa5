import { absolute } from '../../engine/bytes/path.ts';
import { splitArgs } from '../../engine/resp/split.ts';
import type { Call, Program } from '../program.ts';
import { report } from './check-rdb.ts';
import { AofWalk } from './walk-aof.ts';

const USAGE =
  'Usage: redis-check-aof [--fix|--truncate-to-timestamp $timestamp] <file.manifest|file.aof>\n';

/** What is to be done with a file beside looking at it. */
interface Task {
  readonly call: Call;
  readonly fixes: boolean;
  /** Seconds since 1970 after which nothing is kept. */
  readonly until: number | undefined;
}

/** Said, and the end of it. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}

/**
 * redis-check-aof: whether an append-only file is whole; cuts off what is not, or what is too new.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
export const redisCheckAof: Program = async (call) => {
  const read = readArgs(call.args);
  if (read === undefined) {
    call.print(USAGE);
    return 1;
  }
  const { file, fixes, until } = read;
  if (Number.isNaN(until)) {
    call.print('Invalid timestamp, aborting...\n');
    return 1;
  }
  try {
    checkFile({ call, fixes, until }, file);
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    call.print(`${error.message}\n`);
    return 1;
  }
};

function readArgs(args: readonly string[]) {
  const [first = '', second = '', third = ''] = args;
  if (args.length === 1) return { file: first, fixes: false, until: undefined };
  if (args.length === 2 && first === '--fix')
    return { file: second, fixes: true, until: undefined };
  if (args.length === 3 && first === '--truncate-to-timestamp') {
    return { file: third, fixes: false, until: /^\d+$/.test(second) ? Number(second) : Number.NaN };
  }
  return undefined;
}

function checkFile(task: Task, path: string): void {
  const { call } = task;
  const bytes = call.machine.files.read(absolute(path, call.folder));
  if (bytes === undefined) throw new Refusal(`Cannot open file ${path}: No such file or directory`);
  const isManifest = /^(#.*\n)*file/.test(bytes);
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
  if (isManifest) {
    checkParts(task, folder, bytes);
    return;
  }
  call.print('Start checking Old-Style AOF\n');
  checkOne(task, {
    folder,
    name: path.slice(path.lastIndexOf('/') + 1),
    label: 'AOF',
    isLast: true,
  });
}

function checkParts(task: Task, folder: string, manifest: string): void {
  const { call } = task;
  const parts = manifest.split('\n').flatMap((line) => {
    const words = splitArgs(line) ?? [];
    const of = (name: string) => words[words.indexOf(name) + 1];
    return words[0] === 'file' ? [{ name: of('file') ?? '', type: of('type') }] : [];
  });
  const used = parts.filter(({ type }) => type !== 'h');
  const bases = used.filter(({ type }) => type === 'b');
  const increments = used.filter(({ type }) => type === 'i');
  call.print('Start checking Multi Part AOF\n');
  for (const { name } of bases) {
    const isSnapshot = call.machine.files
      .read(absolute(`${folder}/${name}`, call.folder))
      ?.startsWith('REDIS');
    call.print(`Start to check BASE AOF (${isSnapshot ? 'RDB' : 'RESP'} format).\n`);
    checkOne(task, { folder, name, label: 'BASE AOF', isLast: used.length === 1 });
  }
  if (increments.length > 0) call.print('Start to check INCR files.\n');
  for (const { name } of increments) {
    checkOne(task, { folder, name, label: 'INCR AOF', isLast: name === used.at(-1)?.name });
  }
  call.print('All AOF files and manifest are valid\n');
}

interface Part {
  readonly folder: string;
  readonly name: string;
  readonly label: string;
  /** Only the last one may be cut off. */
  readonly isLast: boolean;
}

function checkOne(task: Task, part: Part): void {
  const { call, until } = task;
  const { name, folder } = part;
  const path = absolute(`${folder}/${name}`, call.folder);
  const bytes = call.machine.files.read(path);
  if (bytes === undefined) {
    const shown = `${folder}/${name}`;
    throw new Refusal(`Cannot open file ${shown}: No such file or directory, aborting...`);
  }
  if (bytes === '') {
    call.print(`${part.label} ${name} is empty\n`);
    return;
  }
  const walk = new AofWalk(bytes, passSnapshot(call, part, bytes), name, until);
  walk.run();
  if (walk.tooNew !== undefined) {
    cutAtTime(task, part, { path, bytes, at: walk.tooNew });
    return;
  }
  if (walk.problem !== undefined) call.print(`${walk.problem}\n`);
  const [size, end] = [bytes.length, walk.end];
  if (size === end && until !== undefined) {
    call.print(`Truncate nothing in AOF ${name} to timestamp ${until}\n`);
  } else {
    const figures = `size=${size}, ok_up_to=${end}, ok_up_to_line=${walk.line}, diff=${size - end}`;
    call.print(`AOF analyzed: filename=${name}, ${figures}\n`);
  }
  if (size > end) cutOff(task, part, { path, bytes, end });
  else call.print(`${part.label} ${name} is valid\n`);
}

/** Where the commands begin: behind a snapshot, when the file begins with one. */
function passSnapshot(call: Call, { name }: Part, bytes: string): number {
  if (!bytes.startsWith('REDIS')) return 0;
  const check = call.machine.checkSnapshot(bytes);
  call.print(`[offset 0] Checking RDB file ${name}\n`);
  if (!report(call, check)) throw new Refusal('RDB preamble of AOF file is not sane, aborting.');
  call.print('RDB preamble is OK, proceeding with AOF tail...\n');
  return check.end;
}

function cutAtTime(
  { call, until }: Task,
  { name, isLast }: Part,
  { path, bytes, at }: { readonly path: string; readonly bytes: string; readonly at: number },
): void {
  if (at === 0) throw new Refusal(`AOF ${name} has nothing before timestamp ${until}, aborting...`);
  if (!isLast) {
    throw new Refusal(
      `Failed to truncate AOF ${name} to timestamp ${until} to offset ${at} because it is not the last file.\n` +
        'If you insist, please delete all files after this file according to the manifest file and delete the corresponding records in manifest file manually. Then re-run redis-check-aof.',
    );
  }
  call.machine.files.write(path, bytes.slice(0, at));
  call.print(`Successfully truncated AOF ${name} to timestamp ${until}\n`);
}

function cutOff(
  { call, fixes }: Task,
  { name, isLast }: Part,
  { path, bytes, end }: { readonly path: string; readonly bytes: string; readonly end: number },
): void {
  if (!fixes) {
    throw new Refusal(`AOF ${name} is not valid. Use the --fix option to try fixing it.`);
  }
  if (!isLast) {
    throw new Refusal(`Failed to truncate AOF ${name} because it is not the last file`);
  }
  const lost = bytes.length - end;
  call.print(
    `This will shrink the AOF ${name} from ${bytes.length} bytes, with ${lost} bytes, to ${end} bytes\n`,
  );
  call.print('Continue? [y/N]: ');
  if (!/^y/i.test(call.stdin ?? '')) throw new Refusal('Aborting...');
  call.machine.files.write(path, bytes.slice(0, end));
  call.print(`Successfully truncated AOF ${name}\n`);
}
