import { ProtocolError } from '../../engine/resp/decode.ts';
import { asking, type Call, INTERRUPTED_STATUS, Interrupted, type Program } from '../program.ts';
import { manageCluster } from './cluster/manager.ts';
import { debugFile } from './debug-session.ts';
import { usage, version } from './help.ts';
import { showKeyStatistics } from './keystats.ts';
import { LinkError } from './link.ts';
import { measureIntrinsicLatency, measureLatency, showStatistics } from './measure.ts';
import { type Options, parseOptions, UsageError } from './options.ts';
import { sendPipe } from './pipe.ts';
import { runPrompt } from './prompt.ts';
import { Gone, runCommand, runFile, runLines } from './run-command.ts';
import { findBigKeys, findHotKeys, SurveyError, scanKeys } from './survey.ts';
import { fetchSnapshot } from './transfer.ts';

/**
 * redis-cli as a program of the shell. Its prompt, without a command on a terminal, is the console.
 * https://redis.io/docs/latest/develop/tools/cli/
 */
export const redisCli: Program = async (call) => {
  try {
    const options = parseOptions(call.args, call);
    if (options.warnsOfPassword) call.complain(PASSWORD_WARNING);
    return await run(call, options);
  } catch (error) {
    return fail(call, error);
  }
};

const PASSWORD_WARNING =
  "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n";

function run(call: Call, options: Options): Promise<number> | number {
  const { mode } = options;
  switch (mode.kind) {
    case 'help':
      call.print(usage);
      return 0;
    case 'version':
      call.print(`${version}\n`);
      return 0;
    case 'scan':
      return scanKeys(call, options);
    case 'bigkeys':
    case 'memkeys':
      return findBigKeys(call, options);
    case 'keystats':
      return showKeyStatistics(call, options);
    case 'hotkeys':
      return findHotKeys(call, options);
    case 'latency':
    case 'latency-history':
      return measureLatency(call, options);
    case 'intrinsic-latency':
      return measureIntrinsicLatency(call, mode.seconds);
    case 'stat':
      return showStatistics(call, options);
    case 'pipe':
      return sendPipe(call, options);
    case 'rdb':
    case 'functions-rdb':
      return fetchSnapshot(call, options, mode.file);
    case 'cluster':
      return manageCluster(call, options);
    case 'eval':
      return options.debugs ? debug(call, options, mode.file) : runFile(call, options, mode.file);
    case 'command':
      if (options.words.length > 0) return runCommand(call, options);
      return call.stdin === undefined
        ? converse(call, options)
        : runLines(call, options, call.stdin);
    default:
      return refuse(call, mode.kind === 'missing' ? mode.flag : `--${mode.kind}`);
  }
}

async function converse(call: Call, options: Options): Promise<number> {
  const { ask } = call;
  if (!ask) return refuse(call, 'the prompt, which the console is,');
  await runPrompt(call, options, { ask, isAfterScript: false });
  return 0;
}

/** What is piped in counts as typed. */
function debug(call: Call, options: Options, file: string): Promise<number> | number {
  const ask = call.stdin === undefined ? call.ask : asking(call.stdin);
  return ask ? debugFile(call, options, { file, ask }) : refuse(call, 'the prompt of the debugger');
}

/** What the real redis-cli does, and nothing here, says so. */
function refuse(call: Call, flag: string): number {
  call.complain(`redis-cli: ${flag} is not simulated here\n`);
  return 1;
}

function fail(call: Call, error: unknown): number {
  if (call.signal.aborted || error instanceof Interrupted) return INTERRUPTED_STATUS;
  if (error instanceof Gone) return 0;
  const isExpected = [UsageError, LinkError, SurveyError, ProtocolError].some(
    (kind) => error instanceof kind,
  );
  if (!isExpected) throw error;
  const line = `${(error as Error).message}\n`;
  if (error instanceof UsageError && error.isPrinted) call.print(line);
  else call.complain(line);
  return 1;
}
