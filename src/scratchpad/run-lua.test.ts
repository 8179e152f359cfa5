import { expect, test } from 'vitest';
import { LabWire } from '../conformance/lab-wire.ts';
import { Lab } from '../engine/lab/lab.ts';
import { ReplyDecoder } from '../engine/resp/decode-reply.ts';
import type { Reply } from '../engine/resp/reply.ts';
import { openLua } from '../hosts/lua-file.ts';
import { noWords } from '../runtimes/lua-text.ts';
import { runLua } from './run-lua.ts';

function send(protocol = '3') {
  const wire = new LabWire(new Lab({ openLua }));
  wire.run('HELLO', protocol);
  return async (argv: readonly string[]): Promise<Reply> => {
    const decoder = new ReplyDecoder();
    decoder.push(wire.run(...argv).raw);
    return decoder.next() as Reply;
  };
}

test('a script sees its keys and arguments', async () => {
  const words = { keys: 'a "b c"', args: '1' };
  const shown = await runLua("return {KEYS[2], ARGV[1], #KEYS, 'é'}", words, send());
  expect(shown).toBe('1) "b c"\n2) "1"\n3) (integer) 2\n4) "\\xc3\\xa9"');
  await expect(runLua('return nosuch', noWords, send())).rejects.toThrow('user_script:1:');
  await expect(runLua('return 1', { keys: '"', args: '' }, send())).rejects.toThrow('not closed');
});

test('of a library every function is called', async () => {
  const library = `#!lua name=limiter
redis.register_function('hit', function(keys, args)
  return redis.call('INCRBY', keys[1], args[1])
end)
redis.register_function('fail', function() return redis.error_reply('ERR no') end)`;
  for (const protocol of ['2', '3']) {
    expect(await runLua(library, { keys: 'k', args: '5' }, send(protocol))).toBe(
      'Loaded "limiter"\n> FCALL fail 1 k 5\n(error) ERR no\n> FCALL hit 1 k 5\n(integer) 5',
    );
  }
  const quoted = { keys: ' "a b"', args: '' };
  expect(await runLua(library, quoted, send())).toContain('> FCALL fail 1 "a b"\n');
  const broken = '#!lua name=x\nredis.register_function(';
  await expect(runLua(broken, noWords, send())).rejects.toThrow('user_function:2:');
});
