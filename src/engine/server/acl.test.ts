import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

const start = (config: Record<string, string> = {}) => {
  const lab = new Lab({ config });
  const session = new LabSession(lab);
  const send = async (client: string, ...commands: readonly string[]) =>
    (await session.send(client, commands)).reply?.split('\n').at(-1);
  return { lab, session, send };
};

test.each([
  ['+get +set +get', '-@all +set +get'],
  ['+@all -get +get', '+@all +get'],
  ['+config|get +config|set -config', '-@all -config'],
  ['+@read -@dangerous +keys', '-@all +@read -@dangerous +keys'],
  ['+get allcommands', '+@all'],
  ['+CONFIG|GET', '-@all +config|get'],
])('the rules %s are told as %s', async (rules, told) => {
  const { session } = start();
  await session.send('', [`ACL SETUSER a ${rules}`]);
  expect((await session.send('', ['ACL LIST'])).reply?.split('\n')[0]).toBe(
    `1) "user a off resetchannels ${told}"`,
  );
});

test.each(['nothing', 'constructor', '__proto__'])('%s is no rule', async (word) => {
  const { send } = start();
  expect(await send('', `ACL SETUSER a ${word}`)).toBe(
    `(error) ERR Error in ACL SETUSER modifier '${word}': Syntax error`,
  );
});

test('what is refused again within a minute is counted, later it is told anew', async () => {
  const { lab, session, send } = start();
  await send('', 'AUTH nobody x', 'AUTH nobody y');
  const counts = async () =>
    (await session.send('', ['ACL LOG'])).reply?.match(/"count"\n.*\(integer\) \d+/g)?.length;
  expect(await counts()).toBe(1);
  lab.clock.advance(61_000);
  await send('', 'AUTH nobody z');
  expect(await counts()).toBe(2);
});

test('requirepass in the configuration is the password of the default user', async () => {
  const { send } = start({ requirepass: 'secret' });
  expect(await send('', 'GET a')).toBe('(error) NOAUTH Authentication required.');
  expect(await send('', 'AUTH secret', 'GET a')).toBe('(nil)');
});

test('acl-pubsub-default decides which channels a new user hears', async () => {
  const { send } = start({ 'acl-pubsub-default': 'allchannels' });
  await send('', 'ACL SETUSER a on nopass +@all');
  expect(await send('', 'ACL DRYRUN a SUBSCRIBE news')).toBe('OK');
  const { send: other } = start();
  await other('', 'ACL SETUSER a on nopass +@all');
  expect(await other('', 'ACL DRYRUN a SUBSCRIBE news')).toBe(
    `"This user has no permissions to access the 'news' channel"`,
  );
});
