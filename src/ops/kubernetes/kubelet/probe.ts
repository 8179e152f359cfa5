/**
 * Probes, carried out in the lab's time: a command of those that are simulated here, a connection, a
 * page. https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */

import { ReplyDecoder } from '../../../engine/resp/decode-reply.ts';
import { encodeCommand } from '../../../engine/resp/encode.ts';
import { printAs } from '../../../engine/resp/print-formats.ts';
import { splitArgs } from '../../../engine/resp/split.ts';
import { type Options, parseOptions, UsageError } from '../../../shell/redis-cli/options.ts';
import type { Infrastructure, PodHost } from '../infrastructure.ts';
import type { Container, Probe } from '../objects.ts';
import type { Environment } from './environment.ts';

/** Undefined when all is well; otherwise what the kubelet says of it. */
export type Verdict = string | undefined;

export interface Probing {
  readonly infrastructure: Infrastructure;
  readonly host: PodHost;
  readonly container: Container;
  readonly env: Environment;
  /** The address of the node, from which the kubelet connects. */
  readonly nodeAddress: string;
}

/** Carries out a probe; tells the verdict once, at the latest when its time is over. */
export function carryOut(probe: Probe, probing: Probing, tell: (verdict: Verdict) => void): void {
  let isTold = false;
  const once = (verdict: Verdict) => {
    if (isTold) return;
    isTold = true;
    stop();
    forget();
    tell(verdict);
  };
  let stop = () => {};
  const seconds = probe.timeoutSeconds ?? 1;
  const late = probe.exec
    ? `command timed out: ${JSON.stringify((probe.exec.command ?? []).join(' '))} timed out after ${seconds}s`
    : 'i/o timeout';
  const forget = probing.infrastructure.after(seconds * 1000, () => once(late));
  if (probe.exec) stop = runCommand(probe.exec.command, probing, once);
  else stop = knock(probe, probing, once);
}

function knock(probe: Probe, probing: Probing, tell: (verdict: Verdict) => void): () => void {
  const { infrastructure, host, nodeAddress } = probing;
  const { tcpSocket, httpGet } = probe;
  const wanted = tcpSocket?.port ?? httpGet?.port ?? 0;
  const address = `${host.address}:${portOf(wanted, probing.container)}`;
  let received = '';
  const page = `Get ${JSON.stringify(`http://${address}${httpGet?.path ?? '/'}`)}`;
  return infrastructure.connect(address, nodeAddress, {
    onOpen(send) {
      if (!httpGet) tell(undefined);
      else send(`GET ${httpGet.path ?? '/'} HTTP/1.1\r\nHost: ${address}\r\n\r\n`);
    },
    onData(bytes) {
      received += bytes;
      const status = Number(/^HTTP\/1\.\d (\d+)/.exec(received)?.[1]);
      if (Number.isNaN(status))
        tell(`${page}: net/http: HTTP/1.x transport connection broken: malformed HTTP response`);
      else tell(status < 400 ? undefined : `HTTP probe failed with statuscode: ${status}`);
    },
    onClose: () => tell(httpGet ? `${page}: EOF` : undefined),
    onFail: () => tell(`dial tcp ${address}: connect: connection refused`),
  });
}

const portOf = (port: number | string, { ports = [] }: Container): number | string => {
  if (typeof port === 'number') return port;
  return ports.find(({ name }) => name === port)?.containerPort ?? port;
};

/** Commands that a probe may run here: redis-cli, test -f, cat, true and false, also in `sh -c`. */
function runCommand(
  given: readonly string[],
  probing: Probing,
  tell: (verdict: Verdict) => void,
): () => void {
  const shell = /^(\/bin\/)?(sh|bash)$/.test(given[0] ?? '') && /^-\w*c$/.test(given[1] ?? '');
  const script = shell ? (given[2] ?? '') : undefined;
  const parts = /^\s*(?:exec\s+)?(.*?)(?:\s*\|\s*grep\s+(?:-\w+\s+)*(\S+))?\s*$/s.exec(
    script ?? '',
  );
  const wanted = parts?.[2]?.replace(/^(['"])(.*)\1$/, '$2');
  const words = script === undefined ? given : wordsOf(parts?.[1] ?? '', probing.env);
  const [name = '', ...args] = words ?? [];
  const file = (path: string | undefined) => probing.host.read(path ?? '') !== undefined;
  if (/^(.*\/)?redis-cli$/.test(name)) return ask(args, probing, wanted, tell);
  if (name === 'true') tell(undefined);
  else if (name === 'false') tell('');
  else if (name === 'cat') {
    tell(file(args[0]) ? undefined : `cat: can't open '${args[0]}': No such file or directory`);
  } else if (name === 'test' || name === '[') tell(file(args[1]) ? undefined : '');
  else tell(`this probe's command is not simulated here: ${given.join(' ')}`);
  return () => {};
}

/** The words of a simple command, with its variables; undefined when it is not that simple. */
function wordsOf(text: string, env: Environment): readonly string[] | undefined {
  if (/[;&`<>]|\$\(/.test(text)) return undefined;
  const filled = text.replace(/\$\{?(\w+)\}?/g, (_, name: string) =>
    Object.hasOwn(env, name) ? (env[name] as string) : '',
  );
  return splitArgs(filled);
}

/** redis-cli with a command; it ends well when there is an answer, whatever that is. */
function ask(
  args: readonly string[],
  { infrastructure, host, env }: Probing,
  wanted: string | undefined,
  tell: (verdict: Verdict) => void,
): () => void {
  const options = readOptions(args, env);
  if (typeof options === 'string') {
    tell(options);
    return () => {};
  }
  const name = options.host === 'localhost' ? '127.0.0.1' : options.host;
  const address = `${name}:${options.port}`;
  const refused = `Could not connect to Redis at ${address}: Connection refused`;
  const decoder = new ReplyDecoder();
  const before = options.password === undefined ? [] : [authOf(options)];
  let awaited = before.length + 1;
  return infrastructure.connect(address, host.address, {
    onOpen: (send) => send([...before, options.words].map((argv) => encodeCommand(argv)).join('')),
    onData(bytes) {
      decoder.push(bytes);
      for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) {
        if (--awaited > 0) continue;
        const text = printAs('raw', reply);
        const isWell =
          wanted === undefined
            ? !options.failsOnError || !/^[A-Z]+ /.test(text)
            : text.includes(wanted);
        tell(isWell ? undefined : text);
      }
    },
    onClose: () => tell('Error: Server closed the connection'),
    onFail: () => tell(refused),
  });
}

const authOf = ({ user, password = '' }: Options): readonly string[] =>
  user === undefined ? ['AUTH', password] : ['AUTH', user, password];

function readOptions(args: readonly string[], env: Environment): Options | string {
  try {
    return parseOptions(args, { env, isTerminal: false });
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}
