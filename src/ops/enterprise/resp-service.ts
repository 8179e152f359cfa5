/** A service that speaks RESP on a port of a host, as a server does. */
import { notSimulated, RedisError, redisError } from '../../engine/errors.ts';
import { ProtocolError, RequestDecoder } from '../../engine/resp/decode.ts';
import { encodeReply, type Protocol } from '../../engine/resp/encode.ts';
import { mapOf, ok, type Reply, Status } from '../../engine/resp/reply.ts';
import type { Accept } from '../host.ts';

/** Answers a command; a RedisError that it throws is the answer. */
export type RespHandler = (argv: readonly string[]) => Reply | Promise<Reply>;

const limits = () => ({ maxBulk: 512 * 1024 * 1024, authenticated: true });

/** Serves each connection's commands one after the other; HELLO, PING and the like by itself. */
export const serveResp =
  (handle: RespHandler): Accept =>
  (connection) => {
    const decoder = new RequestDecoder(limits);
    let protocol: Protocol = 2;
    let last = Promise.resolve();
    let isOpen = true;
    const answer = async (argv: readonly string[]) => {
      const wanted = protocolOf(argv);
      const reply = await replyTo(argv, handle, wanted ?? protocol);
      if (wanted !== undefined && !(reply instanceof RedisError)) protocol = wanted;
      if (!isOpen) return;
      connection.send(encodeReply(reply, protocol));
      if (argv[0]?.toLowerCase() === 'quit') connection.close();
    };
    const refuse = (error: ProtocolError) => {
      connection.send(encodeReply(redisError(`ERR Protocol error: ${error.message}`), protocol));
      connection.close();
    };
    return {
      onData(bytes) {
        decoder.push(bytes);
        try {
          for (let argv = decoder.next(); argv; argv = decoder.next()) {
            const command = argv;
            last = last.then(() => answer(command));
          }
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          last = last.then(() => refuse(error));
        }
      },
      onClose() {
        isOpen = false;
      },
    };
  };

function protocolOf(argv: readonly string[]): Protocol | undefined {
  if (argv[0]?.toLowerCase() !== 'hello') return undefined;
  return argv[1] === '3' ? 3 : argv[1] === '2' ? 2 : undefined;
}

async function replyTo(
  argv: readonly string[],
  handle: RespHandler,
  protocol: Protocol,
): Promise<Reply> {
  const own = greetings.get(argv[0]?.toLowerCase() ?? '');
  try {
    return own ? own(argv, protocol) : await handle(argv);
  } catch (error) {
    if (error instanceof RedisError) return error;
    return redisError(`ERR ${error instanceof Error ? error.message : String(error)}`);
  }
}

type Greeting = (argv: readonly string[], protocol: Protocol) => Reply;

const greetings: ReadonlyMap<string, Greeting> = new Map<string, Greeting>([
  [
    'hello',
    ([, wanted], proto) =>
      wanted === undefined || /^[23]$/.test(wanted)
        ? mapOf({ server: 'redis', proto, mode: 'standalone', role: 'master' })
        : redisError('NOPROTO unsupported protocol version'),
  ],
  ['ping', (argv) => argv[1] ?? new Status('PONG')],
  ['echo', (argv) => argv[1] ?? ''],
  [
    'client',
    ([, what = '']) => {
      if (/^(setname|setinfo)$/i.test(what)) return ok;
      throw notSimulated(`CLIENT ${what.toUpperCase()} at this endpoint`, 'answer it');
    },
  ],
  ['select', (argv) => (argv[1] === '0' ? ok : redisError('ERR only database 0 is here'))],
  ['quit', () => ok],
]);
