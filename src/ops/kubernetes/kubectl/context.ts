/** What every verb of kubectl is given, and the mistakes that it names. */
import type { Call } from '../../../shell/program.ts';
import type { OpsHost } from '../../host.ts';
import { NoMatchError } from '../api.ts';
import { ManifestError } from '../decode.ts';
import { ApiError, InvalidError } from '../errors.ts';
import type { Kubernetes } from '../kubernetes.ts';
import { KubectlError } from './error.ts';
import type { Flags } from './flags.ts';

export { KubectlError, notSimulated } from './error.ts';

export interface Command {
  readonly cluster: Kubernetes;
  readonly call: Call;
  readonly host: OpsHost;
  readonly flags: Flags;
  /** The words after the verb that are no flags. */
  readonly words: readonly string[];
  /** The words after `--`. */
  readonly rest: readonly string[];
  /** That of -n, or "default". */
  readonly namespace: string;
}

/** Prints, and resolves with the status. */
export type Verb = (command: Command) => Promise<number> | number;

/** An error as kubectl prints it; undefined for what is none of its own. `doing` says during what. */
export function wordsOf(error: unknown, doing = ''): string | undefined {
  if (error instanceof KubectlError || error instanceof ManifestError) {
    return `error: ${error.message}`;
  }
  if (error instanceof InvalidError && error.kindName !== '') return error.listing;
  if (error instanceof ApiError) {
    return `Error from server (${error.reason}): ${doing === '' ? '' : `${doing}: `}${error.message}`;
  }
  if (error instanceof NoMatchError) return `error: ${error.message}`;
  return undefined;
}
