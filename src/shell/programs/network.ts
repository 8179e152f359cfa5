import { fromUint8, toUint8 } from '../../engine/bytes/bytes.ts';
import { absolute } from '../../engine/bytes/path.ts';
import type { Ask, Call, Program } from '../program.ts';

/** Programs that try the network: ping, nc, curl. */

/** What a packet takes on a host itself, and on a line without delay. Milliseconds. */
const LEAST_MS = 0.03;
const LOST_AFTER_MS = 10_000;

/** ping [-c count] [-i seconds] host: how long the lab's network takes there and back. */
export const ping: Program = async (call) => {
  const { count, interval, host } = readPing(call.args);
  if (host === undefined) {
    call.complain('ping: usage error: Destination address required\n');
    return 1;
  }
  const first = call.machine.host.route(host);
  if (!first) {
    call.complain(`ping: ${host}: Name or service not known\n`);
    return 2;
  }
  const { machine, signal } = call;
  call.print(`PING ${host} (${first.address}) 56(84) bytes of data.\n`);
  const times: number[] = [];
  const start = machine.now();
  let sent = 0;
  try {
    while (sent < count) {
      if (sent > 0) await machine.sleep(interval * 1000, signal);
      const ms = machine.host.route(host)?.roundTripMs;
      sent++;
      if (ms === undefined) continue;
      await machine.sleep(ms, signal);
      times.push(Math.max(ms, LEAST_MS));
      const time = (times.at(-1) as number).toPrecision(3);
      call.print(`64 bytes from ${first.address}: icmp_seq=${sent} ttl=64 time=${time} ms\n`);
    }
    if (times.length === 0) await machine.sleep(LOST_AFTER_MS, signal);
  } finally {
    call.print(statistics(host, sent, times, Math.round(machine.now() - start)));
  }
  return times.length > 0 ? 0 : 1;
};

function readPing(args: readonly string[]) {
  const after = (flag: string) => {
    const at = args.indexOf(flag);
    return at < 0 ? undefined : Number(args[at + 1]);
  };
  const host = args.find(
    (word, at) => !word.startsWith('-') && !['-c', '-i', '-W', '-w'].includes(args[at - 1] ?? ''),
  );
  return { count: after('-c') ?? Number.POSITIVE_INFINITY, interval: after('-i') ?? 1, host };
}

function statistics(host: string, sent: number, times: readonly number[], elapsed: number): string {
  const lost = Math.round((100 * (sent - times.length)) / Math.max(sent, 1));
  const head = `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${times.length} received, ${lost}% packet loss, time ${elapsed}ms\n`;
  if (times.length === 0) return `${head}\n`;
  const average = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const spread = Math.sqrt(times.reduce((sum, ms) => sum + (ms - average) ** 2, 0) / times.length);
  const figures = [Math.min(...times), average, Math.max(...times), spread];
  return `${head}rtt min/avg/max/mdev = ${figures.map((ms) => ms.toFixed(3)).join('/')} ms\n`;
}

/** What one connection has brought when it is quiet, or has been closed. */
interface Talk {
  readonly received: string;
  /** There was no connection. */
  readonly isRefused: boolean;
  /** Nobody answered in the time that there was. */
  readonly isLate?: boolean;
}

/** How long a connection must be quiet until nothing more is waited for, in ms of the lab. */
const QUIET_MS = 200;

/** Sends bytes and takes what comes back, until `isDone` or until it is quiet. */
async function talk(
  call: Call,
  address: string,
  bytes: string,
  isDone: (received: string) => boolean = () => false,
  patienceMs = Number.POSITIVE_INFINITY,
): Promise<Talk> {
  const giveUpAt = call.machine.now() + patienceMs;
  const line = { received: '', state: 'dialling' as LineState, wake: () => {} };
  const become = (state: LineState) => {
    line.state = state;
    line.wake();
  };
  const socket = call.machine.dial(address, {
    onOpen: () => become('open'),
    onData: (chunk) => {
      line.received += fromUint8(chunk);
      line.wake();
    },
    onClose: (reason) => become(reason === 'refused' || reason === 'timeout' ? reason : 'closed'),
  });
  if (bytes !== '') socket.send(toUint8(bytes));
  for (let isOver = false; !isOver; ) {
    const before = line.received.length;
    const heard = new Promise<void>((resolve) => {
      line.wake = resolve;
    });
    await Promise.race([heard, call.machine.sleep(QUIET_MS, call.signal)]);
    if (line.state === 'dialling' && call.machine.now() >= giveUpAt) line.state = 'timeout';
    const isQuiet = line.received.length === before && (bytes === '' || before > 0);
    isOver = line.state === 'open' ? isQuiet || isDone(line.received) : line.state !== 'dialling';
  }
  socket.close();
  const isLate = line.state === 'timeout';
  return { received: line.received, isRefused: isLate || line.state === 'refused', isLate };
}

type LineState = 'dialling' | 'open' | 'closed' | 'refused' | 'timeout';

/** nc [-z] [-v] [-w seconds] host port: whether somebody listens; or sends standard input, prints what comes. */
export const nc: Program = async (call) => {
  const flags = call.args.filter((word) => word.startsWith('-')).join('');
  const [host, port] = call.args.filter((word) => !word.startsWith('-')).slice(-2);
  if (host === undefined || port === undefined || !/^\d+$/.test(port)) {
    call.complain('usage: nc [-Nvz] [-w timeout] [destination] [port]\n');
    return 1;
  }
  const address = `${host}:${port}`;
  const isProbe = flags.includes('z');
  const seconds = Number(call.args[call.args.indexOf('-w') + 1]);
  const patienceMs = call.args.includes('-w') ? seconds * 1000 : Number.POSITIVE_INFINITY;
  const { received, isRefused, isLate }: Talk =
    call.ask && call.stdin === undefined && !isProbe
      ? { received: '', isRefused: !(await converse(call, address, call.ask)) }
      : await talk(call, address, isProbe ? '' : (call.stdin ?? ''), undefined, patienceMs);
  const isLoud = flags.includes('v');
  if (isRefused) {
    if (isLoud) {
      const why = isLate ? 'timed out: Operation now in progress' : 'failed: Connection refused';
      call.complain(`nc: connect to ${host} port ${port} (tcp) ${why}\n`);
    }
    return 1;
  }
  if (isLoud) {
    const service = port === '6379' ? 'redis' : '*';
    call.complain(`Connection to ${host} ${port} port [tcp/${service}] succeeded!\n`);
  }
  if (!isProbe) call.print(received);
  return 0;
};

/** Sends what is typed, and prints what comes, until either side has enough; false when refused. */
function converse({ machine, print, signal }: Call, address: string, ask: Ask): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = machine.dial(address, {
      onOpen: () => void type(),
      onData: (bytes) => print(fromUint8(bytes)),
      onClose: (reason) => resolve(reason === 'closed' || reason === 'reset'),
    });
    const type = async () => {
      for (;;) {
        const line = await ask('');
        if (line === undefined || signal.aborted) break;
        socket.send(toUint8(`${line}\n`));
      }
      socket.close();
      resolve(true);
    };
  });
}

interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly string[];
  readonly body: string;
  readonly flags: ReadonlySet<string>;
  readonly file: string | undefined;
}

/** curl [-s] [-i] [-I] [-f] [-X method] [-H header] [-d data] [-o file] url: plain HTTP in the lab. */
export const curl: Program = async (call) => {
  const request = readRequest(call.args);
  const match = /^(?:http:\/\/)?([^/:]+)(?::(\d+))?(\/.*)?$/.exec(request.url);
  if (!match) return fail(call, 1, 'only http is simulated here', request);
  const [, host = '', port = '80', path = '/'] = match;
  if (!call.machine.host.route(host)) {
    return fail(call, 6, `Could not resolve host: ${host}`, request);
  }
  const { received, isRefused } = await talk(
    call,
    `${host}:${port}`,
    text(request, host, port, path),
    isWhole,
  );
  if (isRefused) {
    const where = `${host} port ${port} after 0 ms`;
    return fail(call, 7, `Failed to connect to ${where}: Couldn't connect to server`, request);
  }
  if (received === '') return fail(call, 52, 'Empty reply from server', request);
  const status = /^HTTP\/1\.[01] (\d+)/.exec(received)?.[1];
  if (status === undefined) return fail(call, 1, 'Received HTTP/0.9 when not allowed', request);
  const end = received.indexOf('\r\n\r\n') + 4;
  if (request.flags.has('f') && Number(status) >= 400) {
    return fail(call, 22, `The requested URL returned error: ${status}`, request);
  }
  const isHead = request.flags.has('I');
  const shown = isHead
    ? received.slice(0, end)
    : request.flags.has('i')
      ? received
      : received.slice(end);
  if (request.file === undefined) call.print(shown);
  else call.machine.files.write(absolute(request.file, call.folder), shown);
  return 0;
};

function text(
  { method, headers, body }: Request,
  host: string,
  port: string,
  path: string,
): string {
  const length = body === '' ? [] : [`Content-Length: ${body.length}`];
  const own = [`Host: ${host}:${port}`, 'User-Agent: curl/8', 'Accept: */*', 'Connection: close'];
  return `${[`${method} ${path} HTTP/1.1`, ...own, ...length, ...headers].join('\r\n')}\r\n\r\n${body}`;
}

/** Whether the body is as long as its header says. */
function isWhole(received: string): boolean {
  const end = received.indexOf('\r\n\r\n');
  const length = /^content-length: *(\d+)/im.exec(received)?.[1];
  return end >= 0 && length !== undefined && received.length >= end + 4 + Number(length);
}

function readRequest(args: readonly string[]): Request {
  const left = [...args];
  const flags = new Set<string>();
  const headers: string[] = [];
  let [url, method, body, file]: (string | undefined)[] = [];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '-X' || word === '--request') method = left.shift();
    else if (word === '-H' || word === '--header') headers.push(left.shift() ?? '');
    else if (/^(-d|--data|--data-binary)$/.test(word)) body = left.shift();
    else if (word === '-o' || word === '--output') file = left.shift();
    else if (/^-\w+$/.test(word)) for (const letter of word.slice(1)) flags.add(letter);
    else if (word.startsWith('--'))
      flags.add({ '--silent': 's', '--fail': 'f', '--head': 'I' }[word] ?? word);
    else url = word;
  }
  const usual = body !== undefined ? 'POST' : flags.has('I') ? 'HEAD' : 'GET';
  return { url: url ?? '', method: method ?? usual, headers, body: body ?? '', flags, file };
}

function fail(call: Call, status: number, message: string, { flags }: Request): number {
  if (!flags.has('s') || flags.has('S')) call.complain(`curl: (${status}) ${message}\n`);
  return status;
}
