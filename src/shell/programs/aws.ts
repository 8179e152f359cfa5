import { absolute } from '../../engine/bytes/path.ts';
import type { Call, Program } from '../program.ts';

/** Where the objects of all buckets are on the disk of a host. */
const STORE = '/.s3';
/** A request, and how much goes through: those of a link to a region nearby. */
const REQUEST_MS = 80;
const BYTES_PER_MS = 50_000;

/** aws s3 cp|ls|rm|mb: an object store that is a folder of this host; AWS_S3_FAIL=1 has it fail. */
export const aws: Program = async (call) => {
  const [service, name = '', ...args] = call.args;
  const words = args.filter((word) => !word.startsWith('--'));
  const run = service === 's3' && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!run) {
    call.complain('aws: only s3 cp, s3 ls, s3 rm and s3 mb are simulated here\n');
    return 252;
  }
  await call.machine.sleep(REQUEST_MS, call.signal);
  return run(call, words);
};

type Run = (call: Call, words: readonly string[]) => Promise<number> | number;

const isObject = (word: string) => word.startsWith('s3://');
const pathOf = (word: string) => `${STORE}/${word.slice(5)}`;

const commands: Readonly<Record<string, Run>> = {
  async cp(call, [from = '', to = '']) {
    if (!isObject(from) && !isObject(to)) {
      call.complain(
        'usage: aws s3 cp <LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>\n',
      );
      return 252;
    }
    const source = isObject(from) ? pathOf(from) : absolute(from, call.folder);
    const name = source.slice(source.lastIndexOf('/') + 1);
    const target =
      to.endsWith('/') || /^s3:\/\/[^/]+$/.test(to) ? `${to.replace(/\/$/, '')}/${name}` : to;
    const what = isObject(to) ? (isObject(from) ? 'copy' : 'upload') : 'download';
    const shown = (word: string) => (isObject(word) ? word : `./${word.replace(/^\.?\/?/, '')}`);
    const about = `${what}: ${shown(from)} to ${shown(target === '.' ? name : target)}`;
    const bytes = call.machine.files.read(source);
    if (bytes === undefined) return missing(call, from, about);
    if (call.env.AWS_S3_FAIL) {
      const why = 'Could not connect to the endpoint URL: "https://s3.amazonaws.com/"';
      call.complain(`${about.replace(': ', ' failed: ')} ${why}\n`);
      return 1;
    }
    await call.machine.sleep(bytes.length / BYTES_PER_MS, call.signal);
    const place = target === '.' ? name : target;
    call.machine.files.write(isObject(place) ? pathOf(place) : absolute(place, call.folder), bytes);
    call.print(`${about}\n`);
    return 0;
  },
  ls(call, [where = 's3://']) {
    const prefix = pathOf(where);
    const found = call.machine.files.paths.filter((path) => path.startsWith(prefix));
    if (where === 's3://') {
      const buckets = new Set(found.map((path) => path.slice(STORE.length + 1).split('/')[0]));
      for (const bucket of buckets) call.print(`${stamp(call)} ${bucket}\n`);
      return 0;
    }
    const cut = prefix.lastIndexOf('/') + 1;
    for (const path of found) {
      const size = String(call.machine.files.read(path)?.length ?? 0).padStart(10);
      const key = path.slice(prefix.split('/').length > 3 ? cut : prefix.length).replace(/^\//, '');
      if (key !== '') call.print(`${stamp(call)} ${size} ${key}\n`);
    }
    return found.length > 0 ? 0 : 1;
  },
  rm(call, [where = '']) {
    call.machine.files.remove(pathOf(where));
    call.print(`delete: ${where}\n`);
    return 0;
  },
  mb(call, [where = '']) {
    call.print(`make_bucket: ${where.slice(5)}\n`);
    return 0;
  },
};

/** Objects have no time of their own here: it is now. */
const stamp = ({ machine }: Call) =>
  new Date(machine.now()).toISOString().slice(0, 19).replace('T', ' ');

function missing(call: Call, from: string, about: string): number {
  if (!isObject(from)) {
    call.complain(`\nThe user-provided path ${from} does not exist.\n`);
    return 255;
  }
  const why = 'An error occurred (404) when calling the HeadObject operation: Key does not exist';
  call.complain(`${about.replace(/: .*/, '')} failed: ${from} ${why}\n`);
  return 1;
}
