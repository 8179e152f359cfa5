import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { VirtualDisk } from '../persistence/disk.ts';

const PATH = '/data/users.acl';

function start(text: string) {
  const disk = new VirtualDisk();
  disk.write(PATH, text);
  const session = new LabSession(new Lab({ disk, config: { aclfile: 'users.acl' } }));
  const run = async (client: string, command: string) => session.send(client, [command]);
  return { disk, run };
}

const FIRST =
  'user default on nopass ~* &* +@all\nuser ann on >pw ~a* +@read\n\n  user bob on nopass \t\n';

test('a server begins with the users of the file, and writes them back by hash', async () => {
  const { disk, run } = start(FIRST);
  expect((await run('', 'ACL USERS')).reply).toBe('1) "ann"\n2) "bob"\n3) "default"');
  await run('', 'ACL SETUSER carl on +get');
  expect((await run('', 'ACL SAVE')).reply).toBe('OK');
  expect(
    disk.read(PATH),
  ).toBe(`user ann on #30c952fab122c3f9759f02a6d95c3758b246b4fee239957b2d4fee46e26170c4 ~a* resetchannels -@all +@read
user bob on nopass resetchannels -@all
user carl on resetchannels -@all +get
user default on nopass ~* &* +@all
`);
});

test('ACL LOAD ends the connections of all but the default user', async () => {
  const { disk, run } = start(FIRST);
  await run('A', 'AUTH ann pw');
  disk.write(PATH, 'user zed on +@all\n');
  const { reply, arrivals } = await run('', 'ACL LOAD');
  expect(reply).toBe('OK');
  expect(arrivals).toEqual([{ client: 'A', text: 'Error: Server closed the connection' }]);
  expect((await run('', 'ACL USERS')).reply).toBe('1) "default"\n2) "zed"');
});

const NOTHING_CHANGED =
  'WARNING: ACL errors detected, no change to the previously active ACL rules was performed';

// The words of redis-server 7.0.15.
test.each([
  ['foo bar', `${PATH}:1 should start with user keyword followed by the username. `],
  ['user ann on fly', `${PATH}:1: Syntax error. `],
  ['user ann on\nuser ann off', "WARNING: Duplicate user 'ann' found on line 2. "],
  ['user ann (on', `${PATH}:1: Unmatched parenthesis in selector definition.`],
  [
    'user ann +fly -fly2 ~x',
    `${PATH}:1: Error in applying operation '+fly': Unknown command or category name in ACL. ${PATH}:1: Error in applying operation '-fly2': Unknown command or category name in ACL. `,
  ],
])('%j is refused as a whole', async (text, errors) => {
  const { disk, run } = start(FIRST);
  disk.write(PATH, text);
  expect((await run('', 'ACL LOAD')).reply).toBe(`(error) ERR ${errors}${NOTHING_CHANGED}`);
  expect((await run('', 'ACL USERS')).reply).toBe('1) "ann"\n2) "bob"\n3) "default"');
});

test('without the file no server starts, and nothing is loaded', async () => {
  expect(() => new Lab({ config: { aclfile: '/nowhere' } })).toThrow(
    "Aborting Redis startup because of ACL errors: Error loading ACLs, opening file '/nowhere': No such file or directory",
  );
  const { disk, run } = start(FIRST);
  disk.remove(PATH);
  expect((await run('', 'ACL LOAD')).reply).toBe(
    `(error) ERR Error loading ACLs, opening file '${PATH}': No such file or directory`,
  );
});
