/** The users that a server starts with: of redis.conf, or of an ACL file, which also ACL LOAD reads. */
import { redisError } from '../errors.ts';
import { type Disk, DiskError } from '../persistence/disk.ts';
import { LoadError } from '../persistence/host.ts';
import type { Acl } from './acl.ts';
import { AclFileError, readAclFile } from './acl-file.ts';
import { AclError } from './acl-selector.ts';
import type { User } from './acl-user.ts';
import type { ConfUser } from './conf-file.ts';

interface Host {
  readonly acl: Acl;
  readonly disk: Disk;
  readonly config: { text(name: string): string };
}

/** Throws a LoadError when the server cannot start with these. */
export function startUsers(host: Host, users: readonly ConfUser[]): void {
  const hasFile = host.config.text('aclfile') !== '';
  if (hasFile && users.length > 0) {
    throw new LoadError(
      'Configuring Redis with users defined in redis.conf and at the same setting an ACL file path is invalid. This setup is very likely to lead to configuration errors and security holes, please define either an ACL file or declare users directly in your redis.conf, but not both.',
    );
  }
  for (const user of users) host.acl.put(makeUser(host.acl, user));
  try {
    if (hasFile) loadUsers(host);
  } catch (error) {
    if (!(error instanceof AclFileError)) throw error;
    throw new LoadError(`Aborting Redis startup because of ACL errors: ${error.message}`);
  }
}

function makeUser(acl: Acl, { name, rules }: ConfUser): User {
  const user = acl.create(name);
  for (const rule of rules) {
    try {
      user.apply(rule);
    } catch (error) {
      if (!(error instanceof AclError)) throw error;
      throw new LoadError(
        `Error loading ACL rule '${rule}' for the user named '${name}': ${error.message}`,
      );
    }
  }
  return user;
}

/** ACL LOAD. Throws an AclFileError, and then nothing has changed. */
export function loadUsers({ acl, disk, config }: Host): void {
  const path = pathOf(config);
  const text = disk.read(path);
  if (text === undefined) {
    throw new AclFileError(`Error loading ACLs, opening file '${path}': No such file or directory`);
  }
  acl.replace(readAclFile(path, text, (name) => acl.create(name)));
}

/** ACL SAVE. */
export function saveUsers({ acl, disk, config }: Host): void {
  try {
    disk.write(pathOf(config), acl.users.map((user) => `${user}\n`).join(''));
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    throw redisError(
      'ERR There was an error trying to save the ACLs. Please check the server logs for more information',
    );
  }
}

function pathOf(config: Host['config']): string {
  const file = config.text('aclfile');
  return file.startsWith('/') ? file : `${config.text('dir')}/${file}`;
}
