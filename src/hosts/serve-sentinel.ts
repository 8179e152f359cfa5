import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { utf8Encode } from '../engine/bytes/bytes.ts';
import { Lab, type Node } from '../engine/lab/lab.ts';
import type { Dial } from '../engine/network/network.ts';
import { quote } from '../engine/resp/print.ts';
import { ConfFileError, optionLines, readSentinelFile } from '../engine/server/conf-file.ts';
import { sentinelTable } from '../engine/server/sentinel-table.ts';
import { terminate } from '../engine/server/shutdown.ts';
import {
  greet,
  NEEDS_FILE,
  tellEnd,
  tellMode,
  tellNotListening,
} from '../engine/server/startup.ts';
import { REDIS_VERSION } from '../engine/server/version.ts';
import { FolderDisk, reasonOf } from './folder-disk.ts';
import { bugReport, createLog } from './log.ts';
import { catchUp } from './pace.ts';
import { listenAddress } from './redis-conf.ts';
import { TcpHost } from './tcp.ts';

/**
 * A redis-sentinel behind a real port: `npm run serve -- /path/sentinel.conf --sentinel`. It watches
 * real servers and talks to real Sentinels. The names in its file are looked
 * up when it starts.
 */

const log = createLog((line) => process.stdout.write(line), process.pid, 'X');

export async function serveSentinel(args: readonly string[]): Promise<void> {
  const [file, ...rest] = args;
  if (file === undefined || file.startsWith('-')) return quit(NEEDS_FILE);
  const options = optionLines(rest.map(utf8Encode));
  const text = `${readFile(file)}\n${options}`;
  const names = await addressesIn(text);
  const { texts } = readConf(text, names);
  const port = Number(texts.port);
  greet(log, process.pid, true);
  tellMode(log, port, 'sentinel');
  const host = listenAddress(texts);
  const dir = texts.dir === undefined ? `dir ${quote(process.cwd())}\n` : '';
  const plan = { host, port, config: {}, configFile: resolve(file), options: `${dir}${options}` };
  const dial: Dial = (to, listener) => tcp.dial(to, listener);
  const leave = async () => {
    await tcp.close();
    tellEnd(log, true);
    process.exit(0);
  };
  const lab = new Lab({
    adapt: ({ name }) => ({ name, ...plan, sentinelConf: '' }),
    outside: dial,
    names,
    disk: new FolderDisk(),
    log,
    processId: process.pid,
    stopwatch: () => performance.now() * 1000,
    start: Date.now(),
    seed: Date.now() + process.pid,
    onShutdown: () => void leave(),
  });
  const tcp = new TcpHost(lab, (error) => log('warning', bugReport(error)));
  catchUp(lab.clock);
  const { server, accept } = lab.nodes[0] as Node;
  await tcp.listen(accept, { host, port }).catch((error: unknown) => {
    tellNotListening(log, port, 'TCP', reasonOf(error));
    process.exit(1);
  });
  for (const signal of ['sigint', 'sigterm'] as const) {
    process.on(signal.toUpperCase(), () => terminate(server, signal));
  }
}

/** The addresses of all hosts that a sentinel.conf names, as far as they have any. */
async function addressesIn(text: string): Promise<ReadonlyMap<string, string>> {
  const lines = text.matchAll(/^\s*sentinel\s+(?:monitor|known-\w+)\s+\S+\s+([^\s"]+)/gim);
  const names = new Map<string, string>();
  for (const [, name = ''] of lines) {
    const found = await lookup(name, 4).catch(() => undefined);
    if (found) names.set(name, found.address);
  }
  return names;
}

function readConf(text: string, names: ReadonlyMap<string, string>) {
  const resolveName = (name: string) => names.get(name);
  try {
    return readSentinelFile(text, { table: sentinelTable, include: () => [] }, resolveName);
  } catch (error) {
    if (!(error instanceof ConfFileError)) throw error;
    console.error(error.report(REDIS_VERSION));
    process.exit(1);
  }
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    return quit(`Fatal error, can't open config file '${resolve(file)}': ${reasonOf(error)}`);
  }
}

function quit(why: string): never {
  log('warning', why);
  process.exit(1);
}
