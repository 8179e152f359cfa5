/** SENTINEL SET: how a primary is monitored. */
import type { Args } from '../commands/args.ts';
import { redisError } from '../errors.ts';
import type { MonitoredConf } from './conf.ts';
import type { Primary } from './instance.ts';
import type { SentinelState } from './state.ts';

/** Changes one option after the other; what was changed before a mistake stays changed, and saved. */
export function change(
  state: SentinelState,
  primary: Primary,
  args: Args,
  redact: (index: number) => void,
): void {
  let hasChanged = false;
  while (!args.done) {
    try {
      changeOne(state, primary, args, redact);
      hasChanged = true;
    } catch (error) {
      if (hasChanged) state.save();
      throw error;
    }
  }
}

function changeOne(
  state: SentinelState,
  primary: Primary,
  args: Args,
  redact: (index: number) => void,
): void {
  const option = args.string();
  const name = option.toLowerCase();
  const number = numbers.get(name);
  const words = name === 'rename-command' ? 2 : 1;
  if (args.left < words || !(number || others.has(name))) throw unknown(option);
  const first = args.argv.length - args.left;
  const values = args.take(words);
  const [value = ''] = values;
  if (/script$/.test(name)) throw refusedScript(state, name, value);
  if (number) setNumber(primary.conf, option, number, value);
  else if (name === 'rename-command') rename(primary.conf, option, values);
  else setLogin(primary, name, value);
  const isSecret = name === 'auth-pass';
  if (isSecret) redact(first);
  const told = isSecret ? '******' : values.join(' ');
  state.tell('+set', primary, ` ${option} ${told}`);
}

interface NumberOption {
  readonly field: 'downAfter' | 'failoverTimeout' | 'parallelSyncs' | 'quorum' | 'rebootDownAfter';
  readonly min: number;
}

const numbers: ReadonlyMap<string, NumberOption> = new Map([
  ['down-after-milliseconds', { field: 'downAfter', min: 1 }],
  ['failover-timeout', { field: 'failoverTimeout', min: 1 }],
  ['parallel-syncs', { field: 'parallelSyncs', min: 1 }],
  ['quorum', { field: 'quorum', min: 1 }],
  ['master-reboot-down-after-period', { field: 'rebootDownAfter', min: 0 }],
]);

const others = new Set([
  ...['auth-pass', 'auth-user', 'rename-command', 'notification-script'],
  'client-reconfig-script',
]);

const unknown = (option: string) =>
  redisError(`ERR Unknown option or number of arguments for SENTINEL SET '${option}'`);

const invalid = (value: string, option: string) =>
  redisError(`ERR Invalid argument '${value}' for SENTINEL SET '${option}'`);

function setNumber(
  conf: MonitoredConf,
  option: string,
  { field, min }: NumberOption,
  value: string,
): void {
  const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min)) throw invalid(value, option);
  conf[field] = number;
}

function rename(
  { renames }: MonitoredConf,
  option: string,
  [from = '', to = '']: readonly string[],
) {
  if (from === '') throw invalid(from, option);
  if (to === '') throw invalid(to, option);
  const usual = from.toLowerCase();
  if (usual === to.toLowerCase()) renames.delete(usual);
  else renames.set(usual, to);
}

/** Who logs in otherwise from now on does so at once. */
function setLogin(primary: Primary, name: string, value: string): void {
  const field = name === 'auth-pass' ? 'authPass' : 'authUser';
  if (value === '') delete primary.conf[field];
  else primary.conf[field] = value;
  primary.disconnect();
  for (const replica of primary.replicas.values()) replica.disconnect();
}

/** Nothing can be executed here, so a script of one's own would never be called. */
function refusedScript({ conf }: SentinelState, name: string, value: string) {
  if (conf.deniesScriptsReconfig) {
    return redisError(
      'ERR Reconfiguration of scripts path is denied for security reasons. Check the deny-scripts-reconfig configuration directive in your Sentinel configuration',
    );
  }
  return invalid(value, name);
}
