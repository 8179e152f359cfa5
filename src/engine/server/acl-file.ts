import { AclError } from './acl-selector.ts';
import { joinSelectors, type User } from './acl-user.ts';

/** What is wrong with an ACL file: everything at once, as ACL LOAD tells it. */
export class AclFileError extends Error {
  override readonly name = 'AclFileError';
}

/**
 * The users in a file such as ACL SAVE writes. `create` makes one without any rules. Throws an
 * AclFileError, and then nothing has changed.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/#use-an-external-acl-file
 */
export function readAclFile(
  path: string,
  text: string,
  create: (name: string) => User,
): Map<string, User> {
  const users = new Map<string, User>();
  let errors = '';
  for (const [index, row] of text.split('\n').entries()) {
    const line = row.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
    if (line === '') continue;
    const [keyword, name, ...rules] = line.split(' ');
    const place = `${path}:${index + 1}`;
    if (keyword !== 'user' || name === undefined) {
      errors += `${place} should start with user keyword followed by the username. `;
    } else if (/[\s\0]/.test(name)) {
      errors += `'${place}: username '${name}' contains invalid characters. `;
    } else if (users.has(name)) {
      errors += `WARNING: Duplicate user '${name}' found on line ${index + 1}. `;
    } else {
      const user = create(name);
      users.set(name, user);
      errors += applyRules(user, rules, place);
    }
  }
  if (errors === '') return users;
  throw new AclFileError(
    `${errors}WARNING: ACL errors detected, no change to the previously active ACL rules was performed`,
  );
}

/** What is wrong with a user's rules: every unknown command, and the first mistake of another kind. */
function applyRules(user: User, rules: readonly string[], place: string): string {
  const joined = joinSelectors(rules.map((rule) => rule.trim()));
  if (joined.unmatched !== undefined) {
    return `${place}: Unmatched parenthesis in selector definition.`;
  }
  let errors = '';
  let isWrong = false;
  for (const rule of joined.rules) {
    if (rule === '') continue;
    try {
      user.apply(rule);
    } catch (error) {
      if (!(error instanceof AclError)) throw error;
      if (error.isUnknownCommand) {
        errors += `${place}: Error in applying operation '${rule}': ${error.message}. `;
      } else if (!isWrong) {
        errors += `${place}: ${error.message}. `;
        isWrong = true;
      }
    }
  }
  return errors;
}
