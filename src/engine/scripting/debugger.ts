/**
 * The Lua debugger of one EVAL. The client that runs it sends commands of one or more words, as RESP,
 * whenever the script stands still, and is answered with lines; the last one is `<endsession>`, the
 * script's own reply comes behind it, and the connection ends.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-debugging/
 */
import { notSimulated, RedisError } from '../errors.ts';
import { ProtocolError, RequestDecoder } from '../resp/decode.ts';
import { encodeReply } from '../resp/encode.ts';
import type { Reply } from '../resp/reply.ts';
import { type DebugSession, runDebugCommand } from './debug-commands.ts';
import { DebugScreen } from './debug-screen.ts';
import { showReply } from './debug-values.ts';
import type { DebugView, LuaDebugger, LuaHost, Protocol } from './machine.ts';

/** The client's side of a session. */
export interface DebugPort {
  send(bytes: string): void;
  /** The session is over: the server reads what the client sends again, and closes after its reply. */
  release(): void;
}

/** Of a command so many words are shown. */
const MAX_WORDS = 10;
const MAX_INPUT = 1024 * 1024;
const TIMEOUT = 'timeout reached, infinite loop?';
const GONE = 'timeout during Lua debugging with client closing connection';
const CANNOT_STOP = notSimulated(
  'a stop inside pcall, a coroutine, a metamethod or an iterator',
  'stop in there',
).message.replace('ERR ', '');

export class Debugger implements LuaDebugger {
  /** Has the script go on; set by whoever runs it, while it stands still. */
  onGo: (() => void) | undefined;
  abortsWith: string | undefined;
  /** The script stands before its line. */
  isStopped = false;
  readonly #port: DebugPort;
  readonly #screen: DebugScreen;
  readonly #decoder = new RequestDecoder(() => ({ maxBulk: MAX_INPUT, authenticated: true }));
  #session: DebugSession | undefined;
  /** It stops before the next line, and shows what is called until there. */
  #steps = true;
  #wasCalled = false;
  #isLate = false;
  /** How often it has stood still. */
  #stops = 0;
  #toldOfPassing = false;

  constructor(script: string, port: DebugPort) {
    this.#port = port;
    this.#screen = new DebugScreen(script, port.send);
  }

  wants(line: number): boolean {
    return this.#reasonToStop(line) !== undefined;
  }

  reaches(line: number, view: DebugView | undefined, host: LuaHost): boolean {
    const screen = this.#screen;
    const reason = this.#reasonToStop(line);
    if (!view) {
      this.#pass();
      return false;
    }
    screen.line = line;
    this.#session = this.#sessionFor(view, host);
    this.#steps = false;
    this.#wasCalled = false;
    this.isStopped = true;
    this.#stops++;
    screen.log(`* Stopped at ${line}, stop reason = ${reason}`);
    screen.logSource(line);
    screen.flush();
    return true;
  }

  shows(line: number, values: readonly string[]): void {
    this.#screen.log(`<debug> line ${line}: ${values.join(', ')}`);
  }

  breaks(): void {
    this.#wasCalled = true;
  }

  calls(argv: readonly string[]): void {
    if (!this.#steps) return;
    // It counts one too few, as Redis does.
    const more = argv.length - MAX_WORDS - 1;
    const words = more >= 0 ? [...argv.slice(0, MAX_WORDS), `... (${more} more)`] : argv;
    this.#screen.log(`<redis> ${words.join(' ')}`);
  }

  isRefused({ message }: RedisError): void {
    if (!this.#steps) return;
    this.#screen.log(`<error> ${message.startsWith('ERR ') ? message.slice(4) : `-${message}`}`);
  }

  isAnswered(reply: Reply, protocol: Protocol): void {
    if (!this.#steps) return;
    if (reply instanceof RedisError) this.#screen.log(`<error> -${reply.message}`);
    this.#screen.logValue(`<reply> ${showReply(encodeReply(reply, protocol))}`);
  }

  /** It has run for longer than busy-reply-threshold since it last stood still. */
  ranTooLong(): void {
    this.#isLate = true;
  }

  /** The script is over, or was refused; its reply follows. */
  end(): void {
    this.#screen.log('<endsession>');
    this.#screen.flush();
    this.#port.release();
  }

  /** Takes bytes of the client; runs the commands in them, while the script stands still. */
  receive(bytes: string): void {
    if (this.#decoder.pending === 0 && bytes !== '' && bytes[0] !== '*') {
      this.#abort('protocol error');
      return;
    }
    this.#decoder.push(bytes);
    try {
      this.#runCommands();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#abort('protocol error');
    }
  }

  /** The client has gone: the script runs to its end, unless it does not seem to have one. */
  lost(): void {
    this.#steps = false;
    this.#screen.clearBreakpoints();
    if (!this.isStopped) return;
    if (this.#isLate) this.#abort(GONE);
    else this.#go();
  }

  #runCommands(): void {
    while (this.isStopped && this.#session) {
      const argv = this.#decoder.next();
      if (!argv) return;
      const stops = this.#stops;
      runDebugCommand(this.#session, argv);
      if (this.isStopped && stops === this.#stops) this.#screen.flush();
    }
  }

  #sessionFor(view: DebugView, host: LuaHost): DebugSession {
    return {
      screen: this.#screen,
      view,
      step: () => {
        this.#steps = true;
        this.#go();
      },
      go: () => this.#go(),
      abort: () => this.#abort('script aborted for user request'),
      callRedis: (argv) => {
        this.#steps = true;
        host.call(argv, view.protocol);
        this.#steps = false;
      },
    };
  }

  #reasonToStop(line: number): string | undefined {
    if (this.#wasCalled) return 'redis.breakpoint() called';
    if (this.#screen.breaksAt(line)) return 'break point';
    if (this.#isLate) return TIMEOUT;
    return this.#steps ? 'step over' : undefined;
  }

  /** It should stop here, and cannot. */
  #pass(): void {
    if (!this.#toldOfPassing) this.#screen.log(`<hint> ${CANNOT_STOP}`);
    this.#toldOfPassing = true;
  }

  #go(): void {
    this.isStopped = false;
    this.#isLate = false;
    const go = this.onGo;
    this.onGo = undefined;
    go?.();
  }

  #abort(message: string): void {
    this.abortsWith = message;
    this.#go();
  }
}
