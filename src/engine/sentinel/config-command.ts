/** SENTINEL CONFIG: what concerns Sentinel as a whole. */
import { matches } from '../bytes/glob.ts';
import type { Args } from '../commands/args.ts';
import { redisError } from '../errors.ts';
import { mapOf, ok, type Reply } from '../resp/reply.ts';
import type { SentinelConf } from './conf.ts';
import type { SentinelState } from './state.ts';

interface Option {
  get(conf: SentinelConf): string;
  /** False for a value that it does not take. */
  set(conf: SentinelConf, value: string): boolean;
}

/** In the order in which GET shows them. */
const options: ReadonlyMap<string, Option> = new Map<string, Option>([
  ['resolve-hostnames', yesOrNo('resolvesHostnames')],
  ['announce-hostnames', yesOrNo('announcesHostnames')],
  ['announce-ip', text('announceIp')],
  [
    'announce-port',
    {
      get: ({ announcePort = 0 }) => String(announcePort),
      set: (conf, value) => {
        const isPort = /^\d{1,5}$/.test(value) && Number(value) <= 65_535;
        if (isPort) conf.announcePort = Number(value);
        return isPort;
      },
    },
  ],
  ['sentinel-user', text('user')],
  ['sentinel-pass', text('password')],
]);

export function showGlobal({ conf }: SentinelState, args: Args): Reply {
  const pattern = args.string();
  const found = [...options].filter(([name]) => matches(pattern, name, { nocase: true }));
  return mapOf(Object.fromEntries(found.map(([name, option]) => [name, option.get(conf)])));
}

export function changeGlobal(
  state: SentinelState,
  args: Args,
  redact: (index: number) => void,
): Reply {
  const [name = '', value = ''] = args.rest();
  const option = options.get(name.toLowerCase());
  if (!option) throw redisError(`ERR Invalid argument '${name}' to SENTINEL CONFIG SET`);
  const isLogin = name.toLowerCase().startsWith('sentinel-');
  if (isLogin) redact(4);
  if (!option.set(state.conf, value)) {
    throw redisError(`ERR Invalid value '${value}' to SENTINEL CONFIG SET '${name}'`);
  }
  const problem = state.save();
  if (problem !== undefined) throw redisError(`ERR Failed to save config file: ${problem}`);
  if (isLogin) reconnectPeers(state);
  return ok;
}

function reconnectPeers({ primaries }: SentinelState): void {
  for (const { sentinels } of primaries.values()) {
    for (const peer of sentinels.values()) peer.disconnect();
  }
}

function yesOrNo(field: 'resolvesHostnames' | 'announcesHostnames'): Option {
  return {
    get: (conf) => (conf[field] ? 'yes' : 'no'),
    set: (conf, value) => {
      const isWord = /^(yes|no)$/i.test(value);
      if (isWord) conf[field] = /^yes$/i.test(value);
      return isWord;
    },
  };
}

function text(field: 'announceIp' | 'user' | 'password'): Option {
  return {
    get: (conf) => conf[field] ?? '',
    set: (conf, value) => {
      if (value === '' && field !== 'announceIp') delete conf[field];
      else conf[field] = value;
      return true;
    },
  };
}
