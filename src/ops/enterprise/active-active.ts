/** active-active: makes an Active-Active database of hosts, and shows what its regions have done. */
import type { Reply } from '../../engine/resp/reply.ts';
import type { Call, Program } from '../../shell/program.ts';
import { Client } from '../../wire/client.ts';
import type { OpsHost } from '../host.ts';
import { areConcurrent, type Operation } from './crdt.ts';
import { startRegion } from './region-server.ts';

export const REGION_PORT = 12_000;

const usage = `usage: active-active create HOST HOST ...    a region on each of the hosts, port ${REGION_PORT}
       active-active log HOST               what a region has carried out
       active-active check HOST HOST ...    whether the servers hold the same
A program of this page. The product's own are called crdb-cli and rladmin.
`;

/** The program, as it runs on a host. */
export const activeActive =
  (host: OpsHost): Program =>
  async (call) => {
    const [verb = '', ...hosts] = call.args;
    const run = verbs.get(verb);
    if (!run || hosts.length === 0) {
      call.complain(usage);
      return 1;
    }
    return run(call, hosts, host);
  };

type Verb = (call: Call, hosts: readonly string[], own: OpsHost) => Promise<number>;

const create: Verb = async (call, names, own) => {
  const hosts = names.map((name) => [name, own.peer(name)] as const);
  const unknown = hosts.find(([, host]) => !host);
  if (unknown) return fail(call, `${unknown[0]}: no such host`);
  const started: (() => void)[] = [];
  for (const [name, host] of hosts) {
    const others = names.filter((other) => other !== name);
    const peers = others.map((other) => `${other}:${REGION_PORT}`);
    const stop = host && startRegion(host, { port: REGION_PORT, peers });
    if (!stop) {
      for (const each of started) each();
      return fail(call, `${name}: port ${REGION_PORT} is taken`);
    }
    started.push(stop);
  }
  const list = names.map((name) => `${name}:${REGION_PORT}`).join(', ');
  call.print(`${names.length} regions (simulated): ${list}\n`);
  return 0;
};

const log: Verb = async (call, [name = '']) => {
  const reply = await ask(call, name, REGION_PORT, 'ACTIVE-ACTIVE', 'LOG');
  if (typeof reply !== 'string') return fail(call, `${name}: no region answers there`);
  call.print(printLog(JSON.parse(reply) as Operation[]));
  return 0;
};

const check: Verb = async (call, names) => {
  const digests: string[] = [];
  for (const name of names) {
    const digest = await ask(call, name, 6379, 'DEBUG', 'DIGEST');
    digests.push(digest instanceof Error ? `? ${digest.message}` : textOf(digest));
  }
  names.forEach((name, at) => {
    call.print(`${name} ${digests[at]}\n`);
  });
  const areEqual = new Set(digests).size === 1 && digests[0]?.startsWith('?') === false;
  call.print(areEqual ? 'equal\n' : 'different\n');
  return areEqual ? 0 : 1;
};

const verbs: ReadonlyMap<string, Verb> = new Map([
  ['create', create],
  ['log', log],
  ['check', check],
]);

/** One line for each operation, with those that neither knew of the other. */
export function printLog(operations: readonly Operation[]): string {
  return operations.map((each) => `${lineOf(each, operations)}\n`).join('');
}

function lineOf(operation: Operation, all: readonly Operation[]): string {
  const { region, number, command } = operation;
  const rivals = all.filter((each) => each.key === operation.key && areConcurrent(each, operation));
  const names = rivals.map((rival) => `${rival.region}#${rival.number}`);
  const note = names.length === 0 ? '' : `   concurrent with ${names.join(', ')}`;
  return `${region}#${number} ${command.join(' ')}${note}`;
}

async function ask(
  call: Call,
  host: string,
  port: number,
  ...argv: string[]
): Promise<Reply | Error> {
  const client = new Client(call.machine.dial, `${host}:${port}`, { protocol: 2 });
  const reply = await client.send(argv).catch((error: unknown) => error as Error);
  client.close();
  return reply;
}

const textOf = (reply: Reply): string =>
  typeof reply === 'object' && reply !== null && 'text' in reply
    ? String(reply.text)
    : String(reply);

function fail(call: Call, problem: string): number {
  call.complain(`active-active: ${problem}\n`);
  return 1;
}
