import { RedisError } from '../../engine/errors.ts';
import { RequestDecoder } from '../../engine/resp/decode.ts';
import type { Call } from '../program.ts';
import { Link } from './link.ts';
import type { Options } from './options.ts';

/** --pipe: sends what is piped in as it is, and counts the replies. */
export async function sendPipe(call: Call, options: Options): Promise<number> {
  const link = await Link.open(call, options);
  const commands = commandsIn(call.stdin ?? '');
  let errors = 0;
  const replies = commands.map(async (argv) => {
    const reply = await link.send(argv);
    if (!(reply instanceof RedisError)) return;
    errors++;
    call.complain(`${reply.message}\n`);
  });
  call.print('All data transferred. Waiting for the last reply...\n');
  await Promise.all(replies);
  call.print('Last reply received from server.\n');
  call.print(`errors: ${errors}, replies: ${commands.length}\n`);
  return errors > 0 ? 1 : 0;
}

/** What the server will find in these bytes: whole commands, as RESP or as lines. */
function commandsIn(bytes: string): readonly string[][] {
  const decoder = new RequestDecoder(() => ({
    maxBulk: Number.MAX_SAFE_INTEGER,
    authenticated: true,
  }));
  decoder.push(bytes);
  const commands: string[][] = [];
  for (let argv = decoder.next(); argv !== undefined; argv = decoder.next()) commands.push(argv);
  return commands;
}
