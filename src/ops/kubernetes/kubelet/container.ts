/**
 * One container: its image is pulled, its process started, probed, and started again when it has
 * ended, later each time. https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
 */
import type { ApiServer } from '../api.ts';
import type { Infrastructure, PodHost, PodProcess } from '../infrastructure.ts';
import type { Container, ContainerState, ContainerStatus, Pod, Probe } from '../objects.ts';
import { amountOf } from '../quantity.ts';
import { ContainerConfigError, type Environment, environmentOf, expand } from './environment.ts';
import { commandOf, type Image, pull } from './images.ts';
import { carryOut } from './probe.ts';
import { runShell } from './run-shell.ts';

/** What a container needs of its pod. */
export interface ContainerPlace {
  readonly infrastructure: Infrastructure;
  readonly api: ApiServer;
  readonly host: PodHost;
  readonly nodeAddress: string;
  /** The pod as it is kept now; undefined when it is gone. */
  pod(): Pod | undefined;
  /** Its status is another one. */
  changed(): void;
  /** Whether it is started again, where that is not what the pod says. */
  readonly restartPolicy?: string;
  /** How long it takes until an image is there, in ms. */
  pullMs(image: string, bytes: number): number;
  event(type: 'Normal' | 'Warning', reason: string, message: string): void;
}

/** How long a container takes to start once its image is there. */
const START_MS = 300;
/** A container that starts again waits so long, and twice as long each time, at most five minutes. */
const BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 300_000;
/** One that has run for so long is started anew without a wait. */
const GOOD_RUN_MS = 600_000;
/** How often the memory of a container is looked at. */
const LOOK_MS = 1000;
const SIGKILLED = 137;

export class PodContainer {
  readonly #place: ContainerPlace;
  readonly spec: Container;
  #state: ContainerState = { waiting: { reason: 'ContainerCreating' } };
  #last: ContainerState = {};
  #restarts = 0;
  #isReady = false;
  #hasStarted = false;
  #log: string[] = [];
  #earlierLog: string[] = [];
  #startedAt = 0;
  #backOffMs = 0;
  #pullBackOffMs = 0;
  #process: PodProcess | undefined;
  /** Ends the script that runs in it, if one does. */
  #script = new AbortController();
  /** Counts starts: what belongs to an earlier one does not matter any more. */
  #run = 0;
  #isOver = false;
  #killedAs: string | undefined;
  #env: Environment = {};

  constructor(place: ContainerPlace, spec: Container) {
    this.#place = place;
    this.spec = spec;
  }

  get env(): Environment {
    return this.#env;
  }

  get isRunning(): boolean {
    return this.#state.running !== undefined;
  }

  /** Lines of what it has printed, since it was started or, `isEarlier`, the time before. */
  log(isEarlier = false): readonly string[] {
    return isEarlier ? this.#earlierLog : this.#log;
  }

  get status(): ContainerStatus {
    return {
      name: this.spec.name,
      image: this.spec.image,
      ready: this.#isReady,
      started: this.#hasStarted,
      restartCount: this.#restarts,
      state: this.#state,
      lastState: this.#last,
    };
  }

  /** Fetches the image and starts. */
  begin(): void {
    const { image } = this.spec;
    const found = pull(image);
    const bytes = typeof found === 'string' ? 0 : found.bytes;
    const ms = this.#place.pullMs(image, bytes);
    if (ms === 0 && typeof found !== 'string') {
      const message = `Container image ${JSON.stringify(image)} already present on machine`;
      this.#place.event('Normal', 'Pulled', message);
      this.#later(START_MS, () => this.#start(found));
      return;
    }
    this.#place.event('Normal', 'Pulling', `Pulling image ${JSON.stringify(image)}`);
    this.#later(typeof found === 'string' ? 600 : ms, () => {
      if (typeof found === 'string') return this.#notPulled(found);
      const took = `${(ms / 1000).toFixed(3)}s`;
      const message = `Successfully pulled image ${JSON.stringify(image)} in ${took} (${took} including waiting). Image size: ${bytes} bytes.`;
      this.#place.event('Normal', 'Pulled', message);
      this.#later(START_MS, () => this.#start(found));
    });
  }

  /** SIGTERM, and SIGKILL when the time is over. */
  stop(graceMs: number): void {
    if (this.#isOver) return;
    this.#place.event('Normal', 'Killing', `Stopping container ${this.spec.name}`);
    if (!this.isRunning) {
      this.#isOver = true;
      this.#run++;
      return;
    }
    this.#isOver = true;
    // A process number 1 that does not ask for it is not ended by SIGTERM.
    this.#process?.signal('TERM');
    if (this.isRunning) this.#later(graceMs, () => this.#kill());
  }

  /** Its machine is gone. */
  lose(): void {
    this.#isOver = true;
    this.#run++;
    this.#script.abort();
    this.#isReady = false;
  }

  #notPulled(why: string): void {
    const { image } = this.spec;
    this.#place.event('Warning', 'Failed', `Failed to pull image ${JSON.stringify(image)}: ${why}`);
    this.#place.event('Warning', 'Failed', 'Error: ErrImagePull');
    this.#wait('ErrImagePull', why);
    this.#pullBackOffMs = next(this.#pullBackOffMs);
    this.#later(1000, () => {
      const message = `Back-off pulling image ${JSON.stringify(image)}`;
      this.#place.event('Normal', 'BackOff', message);
      this.#place.event('Warning', 'Failed', 'Error: ImagePullBackOff');
      this.#wait('ImagePullBackOff', message);
    });
    this.#later(this.#pullBackOffMs, () => this.begin());
  }

  #start(image: Image): void {
    const pod = this.#place.pod();
    if (!pod || this.#isOver) return;
    try {
      this.#env = environmentOf(this.#place.api, pod, this.spec);
    } catch (error) {
      if (!(error instanceof ContainerConfigError)) throw error;
      this.#place.event('Warning', 'Failed', `Error: ${error.message}`);
      this.#wait('CreateContainerConfigError', error.message);
      this.#later(BACK_OFF_MS, () => this.#start(image));
      return;
    }
    const run = ++this.#run;
    this.#earlierLog = this.#log;
    this.#log = [];
    this.#killedAs = undefined;
    this.#startedAt = this.#place.infrastructure.now();
    this.#place.event('Normal', 'Created', `Created container ${this.spec.name}`);
    this.#place.event('Normal', 'Started', `Started container ${this.spec.name}`);
    this.#state = { running: { startedAt: this.#place.api.time } };
    this.#hasStarted = this.spec.startupProbe === undefined;
    this.#isReady = this.#hasStarted && this.spec.readinessProbe === undefined;
    this.#execute(image, run);
    if (run !== this.#run || !this.isRunning) return;
    this.#place.changed();
    this.#probe(run);
    this.#watchMemory(run);
  }

  #execute(image: Image, run: number): void {
    const words = commandOf(image, this.spec).map((word) => expand(word, this.#env));
    const hear = {
      onLog: (text: string) => {
        if (run === this.#run) this.#print(text);
      },
      onEnd: (code: number) => {
        if (run === this.#run) this.#ended(code);
      },
    };
    const [name = '', ...args] = words;
    const { host, infrastructure } = this.#place;
    if (/^(.*\/)?redis-server$/.test(name)) {
      this.#process = host.launch(withOpenDoor(args, host), hear);
      if (!this.#process) hear.onEnd(1);
      return;
    }
    this.#process = undefined;
    if (name === '/redis_exporter' || /^(sleep infinity|tail -f .*)$/.test(words.join(' '))) return;
    if (name === 'sleep') this.#later(Number(args[0]) * 1000, () => hear.onEnd(0));
    else {
      const launch = (more: readonly string[]) => {
        this.#process = host.launch(withOpenDoor(more, host), hear);
        return this.#process !== undefined;
      };
      this.#script = new AbortController();
      const { signal } = this.#script;
      const order = { words, env: this.#env, host, infrastructure, signal, launch };
      runShell(order, hear);
    }
  }

  #print(text: string): void {
    this.#log.push(...text.replace(/\n$/, '').split('\n'));
    if (this.#log.length > 5000) this.#log.splice(0, 1000);
  }

  #ended(code: number): void {
    this.#run++;
    this.#script.abort();
    const { api, infrastructure } = this.#place;
    const finishedAt = api.time;
    const startedAt = this.#state.running?.startedAt ?? finishedAt;
    const reason = this.#killedAs ?? (code === 0 ? 'Completed' : 'Error');
    const terminated = { reason, exitCode: code, startedAt, finishedAt };
    this.#isReady = false;
    this.#hasStarted = false;
    this.#process = undefined;
    this.#state = { terminated };
    this.#place.changed();
    const policy = this.#place.restartPolicy ?? this.#place.pod()?.spec.restartPolicy ?? 'Always';
    const isAgain = policy === 'Always' || (policy === 'OnFailure' && code !== 0);
    if (this.#isOver || !isAgain) return;
    const ranFor = infrastructure.now() - this.#startedAt;
    if (ranFor > GOOD_RUN_MS) this.#backOffMs = 0;
    this.#last = { terminated };
    const wait = this.#backOffMs;
    this.#backOffMs = next(wait);
    if (wait > 0) {
      const pod = this.#place.pod()?.metadata;
      const message = `back-off ${wait / 1000}s restarting failed container=${this.spec.name} pod=${pod?.name}_${pod?.namespace}(${pod?.uid})`;
      this.#later(1000, () => {
        this.#wait('CrashLoopBackOff', message);
        const said = `Back-off restarting failed container ${this.spec.name} in pod ${pod?.name}_${pod?.namespace}(${pod?.uid})`;
        this.#place.event('Warning', 'BackOff', said);
      });
    }
    this.#later(wait + 1000, () => {
      this.#restarts++;
      this.#place.host.clear();
      this.begin();
    });
  }

  #kill(): void {
    if (!this.isRunning) return;
    if (this.#process) this.#process.signal('KILL');
    else this.#ended(SIGKILLED);
  }

  #wait(reason: string, message: string): void {
    this.#state = { waiting: { reason, message } };
    this.#place.changed();
  }

  /** Later, unless it was started or ended in between. */
  #later(ms: number, task: () => void): void {
    const run = this.#run;
    this.#place.infrastructure.after(ms, () => {
      if (run === this.#run) task();
    });
  }

  /** Exceeding its limit ends a container: here what counts is what Redis itself has allocated. */
  #watchMemory(run: number): void {
    const limit = amountOf(this.spec.resources?.limits?.memory);
    if (limit === 0) return;
    this.#later(LOOK_MS, () => {
      if (run !== this.#run) return;
      if (this.#place.host.usedBytes() > limit) {
        this.#killedAs = 'OOMKilled';
        this.#kill();
      } else this.#watchMemory(run);
    });
  }

  #probe(run: number): void {
    const { startupProbe, readinessProbe, livenessProbe } = this.spec;
    const begin = () => {
      this.#repeat(readinessProbe, run, 'Readiness');
      this.#repeat(livenessProbe, run, 'Liveness');
    };
    if (startupProbe) this.#repeat(startupProbe, run, 'Startup', begin);
    else begin();
  }

  #repeat(
    probe: Probe | undefined,
    run: number,
    what: 'Readiness' | 'Liveness' | 'Startup',
    done: () => void = () => {},
  ): void {
    if (!probe) return;
    const counts = { failures: 0, successes: 0 };
    const { infrastructure, host, nodeAddress } = this.#place;
    const probing = { infrastructure, host, nodeAddress, container: this.spec, env: this.#env };
    const again = () => this.#later((probe.periodSeconds ?? 10) * 1000, once);
    const once = () => {
      carryOut(probe, probing, (verdict) => {
        if (run !== this.#run) return;
        counts.failures = verdict === undefined ? 0 : counts.failures + 1;
        counts.successes = verdict === undefined ? counts.successes + 1 : 0;
        if (verdict !== undefined) {
          this.#place.event('Warning', 'Unhealthy', `${what} probe failed: ${verdict}`);
        }
        if (this.#judge(probe, what, counts, done)) again();
      });
    };
    this.#later((probe.initialDelaySeconds ?? 0) * 1000, once);
  }

  /** What follows from the verdicts so far. True when the probe goes on. */
  #judge(
    probe: Probe,
    what: 'Readiness' | 'Liveness' | 'Startup',
    { failures, successes }: { readonly failures: number; readonly successes: number },
    done: () => void,
  ): boolean {
    const hasFailed = failures >= (probe.failureThreshold ?? 3);
    const hasPassed = successes >= (probe.successThreshold ?? 1);
    if (what === 'Readiness') {
      const isReady = hasPassed || (this.#isReady && !hasFailed);
      if (isReady !== this.#isReady) {
        this.#isReady = isReady;
        this.#place.changed();
      }
      return true;
    }
    if (hasFailed) {
      const kind = what.toLowerCase();
      const message = `Container ${this.spec.name} failed ${kind} probe, will be restarted`;
      this.#place.event('Normal', 'Killing', message);
      this.#process?.signal('TERM');
      this.#kill();
      return false;
    }
    if (what === 'Liveness' || !hasPassed) return true;
    this.#hasStarted = true;
    this.#isReady = this.spec.readinessProbe === undefined;
    this.#place.changed();
    done();
    return false;
  }
}

const next = (ms: number): number =>
  ms === 0 ? BACK_OFF_MS : Math.min(ms * 2, LONGEST_BACK_OFF_MS);

/** As the official images are built: without protected mode, unless somebody asks for it. */
function withOpenDoor(args: readonly string[], host: PodHost): readonly string[] {
  const [file = ''] = args;
  const hasFile = file !== '' && !file.startsWith('-');
  const text = hasFile ? (host.read(file.startsWith('/') ? file : `/data/${file}`) ?? '') : '';
  const isSaid = /^\s*protected-mode\s/im.test(text) || args.includes('--protected-mode');
  if (isSaid) return args;
  const door = ['--protected-mode', 'no'];
  return hasFile ? [file, ...door, ...args.slice(1)] : [...door, ...args];
}
