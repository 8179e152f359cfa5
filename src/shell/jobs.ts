import type { Call, Program } from './program.ts';

/** A statement that runs beside those that follow it: `redis-server &`. */
export interface Job {
  readonly number: number;
  /** What `$!` is; the number of its process on the host, once it has one. */
  pid: number;
  readonly text: string;
  readonly ended: Promise<number>;
  stop(): void;
}

const FIRST_PID = 20_000;

/** The jobs of a terminal, and the commands of bash that are about them. */
export class Jobs {
  readonly #running: Job[] = [];
  #count = 0;
  /** What `$!` is. */
  latest: Job | undefined;

  /** `run` runs the statement until the signal ends it, and tells its process if it has one. */
  start(text: string, signal: AbortSignal, run: RunJob): void {
    const control = new AbortController();
    const stop = () => control.abort();
    signal.addEventListener('abort', stop, { once: true });
    const number = Math.max(0, ...this.#running.map((job) => job.number)) + 1;
    const becomes = (pid: number) => {
      job.pid = pid;
    };
    const ended = run(control.signal, becomes)
      .catch(() => 1)
      .finally(() => {
        signal.removeEventListener('abort', stop);
        this.#running.splice(this.#running.indexOf(job), 1);
      });
    const job: Job = { number, pid: FIRST_PID + this.#count++, text, ended, stop };
    this.#running.push(job);
    this.latest = job;
  }

  /** jobs, wait, fg and bg; and kill, which hands on what is no job. */
  programs(killProcess: Program): Readonly<Record<string, Program>> {
    const kill: Program = (call) => this.#kill(call, killProcess);
    return { jobs: this.#list, wait: this.#wait, fg: this.#foreground, kill };
  }

  readonly #list: Program = async ({ args, print }) => {
    for (const job of this.#running) {
      const mark = job === this.#running.at(-1) ? '+' : job === this.#running.at(-2) ? '-' : ' ';
      const pid = args.includes('-l') ? `${job.pid} ` : '';
      const text = `[${job.number}]${mark}  ${pid}${'Running'.padEnd(24)}${job.text} &`;
      print(args.includes('-p') ? `${job.pid}\n` : `${text}\n`);
    }
    return 0;
  };

  readonly #wait: Program = async (call) => {
    const words = call.args.filter((word) => !word.startsWith('-'));
    if (words.length === 0) {
      await until(Promise.all(this.#running.map(({ ended }) => ended)), call.signal);
      return 0;
    }
    let status = 0;
    for (const word of words) {
      const job = this.#find(word);
      if (!job) call.complain(noJob('wait', word));
      status = job ? ((await until(job.ended, call.signal)) ?? 130) : 127;
    }
    return status;
  };

  readonly #foreground: Program = async (call) => {
    const job = this.#find(call.args[0] ?? '%+');
    if (!job) {
      call.complain(noJob('fg', call.args[0] ?? 'current'));
      return 1;
    }
    call.print(`${job.text}\n`);
    const status = await until(job.ended, call.signal);
    if (status === undefined) job.stop();
    return status ?? 130;
  };

  async #kill(call: Call, killProcess: Program): Promise<number> {
    const { processes } = call.machine;
    const isProcess = (pid: number) => processes.list().some((process) => process.pid === pid);
    const left: string[] = [];
    let status = 0;
    for (const word of call.args) {
      const job = word.startsWith('-') ? undefined : this.#find(word);
      if (job && isProcess(job.pid)) left.push(String(job.pid));
      else if (job) {
        job.stop();
        await job.ended;
      } else if (word.startsWith('%')) {
        call.complain(noJob('kill', word));
        status = 1;
      } else left.push(word);
    }
    const isTold = left.some((word) => !word.startsWith('-')) || call.args.length === 0;
    return isTold ? killProcess({ ...call, args: left }) : status;
  }

  /** By number, as `%1`, `%+`, `%redis`; or by process. */
  #find(word: string): Job | undefined {
    const jobs = this.#running;
    const [, name] = /^%(.*)$/.exec(word) ?? [];
    if (name === undefined) return jobs.find(({ pid }) => String(pid) === word);
    if (['', '+', '%'].includes(name)) return jobs.at(-1);
    if (name === '-') return jobs.at(-2) ?? jobs.at(-1);
    if (/^\d+$/.test(name)) return jobs.find(({ number }) => String(number) === name);
    return jobs.find(({ text }) => text.trim().startsWith(name));
  }
}

type RunJob = (signal: AbortSignal, becomes: (pid: number) => void) => Promise<number>;

const noJob = (program: string, word: string) => `bash: ${program}: ${word}: no such job\n`;

/** What becomes of it; undefined when the signal came first. */
export function until<T>(task: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let stop = () => {};
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([task, stopped]).finally(() => signal.removeEventListener('abort', stop));
}
