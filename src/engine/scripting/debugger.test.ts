import { describe, expect, test } from 'vitest';
import { openLua } from '../../hosts/lua-file.ts';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { shortNumber } from './debug-values.ts';

/** A client that debugs, and one that looks on. What the real one says: src/conformance. */
function startLab(config: Record<string, string> = {}) {
  const lab = new Lab({ openLua, config });
  const session = new LabSession(lab);
  const send = async (client: string, line: string) => session.send(client, [line]);
  return {
    debug: async (line: string) => (await send('D', line)).reply,
    look: async (line: string) => (await send('', line)).reply,
    close: () => session.steer({ name: 'close', args: ['D'] }),
    advance: async (ms: number) =>
      (await session.steer({ name: 'advance', args: [`${ms}ms`] })).arrivals,
  };
}

const counting = `EVAL "redis.call('SET', 'k', 1)\\nredis.call('INCR', 'k')\\nreturn 3" 0`;
const at = (line: number, text: string, reason = 'step over') =>
  `1) * Stopped at ${line}, stop reason = ${reason}\n2) -> ${line}   ${text}`;

describe('the Lua debugger', () => {
  test('in a copy of the server others go on, and what the script writes is nowhere', async () => {
    const { debug, look } = startLab();
    expect(await debug('SCRIPT DEBUG YES')).toBe('OK');
    expect(await debug(counting)).toBe(at(1, "redis.call('SET', 'k', 1)"));
    expect(await look('SET other 1')).toBe('OK');
    expect(await debug('s')).toContain('<redis> SET k 1');
    expect(await debug('r get k')).toContain('<reply> "1"');
    expect(await debug('r exists other')).toContain('<reply> 0');
    expect(await look('EXISTS k')).toBe('(integer) 0');
    expect(await debug('c')).toMatch(/^1\) <endsession>\n\(integer\) 3\n/);
    expect(await look('EXISTS k')).toBe('(integer) 0');
    expect(await look('CLIENT LIST')).not.toContain('script');
  });

  test('in sync mode others wait, and what it writes stays', async () => {
    const { debug, look } = startLab();
    await debug('SCRIPT DEBUG SYNC');
    await debug(counting);
    expect(await look('GET k')).toBeUndefined();
    await debug('s');
    expect(await debug('c')).toMatch(/^1\) <endsession>\n\(integer\) 3\n/);
    expect(await look('GET k')).toBe('"2"');
  });

  test('a client that goes leaves a script that runs to its end', async () => {
    const { debug, look, close } = startLab();
    await debug('SCRIPT DEBUG SYNC');
    await debug(counting);
    await debug('b 2');
    await close();
    expect(await look('GET k')).toBe('"2"');
  });

  test('one without an end is stopped after busy-reply-threshold', async () => {
    const { debug, look, advance } = startLab();
    await look('CONFIG SET busy-reply-threshold 100');
    await debug('SCRIPT DEBUG YES');
    await debug('EVAL "local i = 0\\nwhile true do\\n  i = i + 1\\nend" 0');
    expect(await debug('c')).toBeUndefined();
    const [arrival] = await advance(5000);
    expect(arrival?.text).toContain('stop reason = timeout reached, infinite loop?');
    expect(await debug('p')).toMatch(/^1\) <value> i = \d+/);
    expect(await debug('a')).toContain('(error) ERR script aborted for user request');
  });

  test('what it cannot do it says', async () => {
    const { debug } = startLab();
    await debug('SCRIPT DEBUG YES');
    await debug('EVAL "local function f()\\n  return 1\\nend\\nreturn pcall(f)" 0');
    await debug('s');
    expect(await debug('s')).toContain('is not simulated here');
    await debug('SCRIPT DEBUG YES');
    await debug('MULTI');
    await debug('EVAL "return 1" 0');
    expect(await debug('EXEC')).toContain('inside EXEC is not simulated here');
    for (const config of [{ replicaof: '10.0.0.2 6379' }, { 'cluster-enabled': 'yes' }]) {
      const { debug: debugHere } = startLab(config);
      await debugHere('SCRIPT DEBUG YES');
      expect(await debugHere(counting)).toContain('that others belong to is not simulated here');
      expect(await debugHere('SCRIPT DEBUG SYNC')).toBe('OK');
    }
  });
});

test('numbers have six digits', () => {
  const shown = [1 / 3, 123456, 1234567, 1e-4, 1e-5, -0, 100, 0.5, Infinity].map(shortNumber);
  expect(shown).toEqual([
    '0.333333',
    '123456',
    '1.23457e+06',
    '0.0001',
    '1e-05',
    '-0',
    '100',
    '0.5',
    'inf',
  ]);
});
