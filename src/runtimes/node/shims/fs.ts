/** Stands in for the part of Node's `fs` that examples use: a small disk with the lesson's files. */
import { Buffer } from 'buffer/';
import { HOME } from '../home.ts';
import { systemError } from './system-error.ts';

const disk = new Map<string, Uint8Array>();

type Options = string | { readonly encoding?: string } | undefined;

const pathOf = (name: string | URL): string => new URL(String(name), `file://${HOME}/`).pathname;

export function existsSync(name: string): boolean {
  return disk.has(pathOf(name));
}

export function readFileSync(name: string, options?: Options): string | Uint8Array {
  const bytes = disk.get(pathOf(name));
  if (!bytes) throw missing('open', name);
  const encoding = typeof options === 'string' ? options : options?.encoding;
  return encoding ? Buffer.from(bytes).toString(encoding as 'utf8') : Buffer.from(bytes);
}

export function writeFileSync(name: string, data: string | Uint8Array): void {
  disk.set(pathOf(name), typeof data === 'string' ? Buffer.from(data) : data);
}

export function appendFileSync(name: string, data: string | Uint8Array): void {
  const before = disk.get(pathOf(name)) ?? new Uint8Array();
  writeFileSync(name, Buffer.concat([before, Buffer.from(data as string)]));
}

export function unlinkSync(name: string): void {
  if (!disk.delete(pathOf(name))) throw missing('unlink', name);
}

export const promises = {
  readFile: async (name: string, options?: Options) => readFileSync(name, options),
  writeFile: async (name: string, data: string | Uint8Array) => writeFileSync(name, data),
  appendFile: async (name: string, data: string | Uint8Array) => appendFileSync(name, data),
  unlink: async (name: string) => unlinkSync(name),
};

const missing = (syscall: string, path: string): Error =>
  Object.assign(new Error(`ENOENT: no such file or directory, ${syscall} '${path}'`), {
    ...systemError(syscall, 'ENOENT'),
    path,
  });

export default {
  ...{ existsSync, readFileSync, writeFileSync, appendFileSync, unlinkSync, promises },
};
