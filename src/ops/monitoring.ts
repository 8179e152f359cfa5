import type { Program } from '../shell/program.ts';
import { startExporter } from './exporter/exporter.ts';
import type { OpsHost } from './host.ts';
import { readConfig, readRules } from './prometheus/config.ts';
import { printDuration } from './prometheus/duration.ts';
import { PROMETHEUS_PORT, Prometheus } from './prometheus/prometheus.ts';
import type { Target } from './prometheus/target.ts';

/** Starts what a host is monitored by. */
export class Monitoring {
  readonly #host: OpsHost;
  #running: Prometheus | undefined;

  constructor(host: OpsHost) {
    this.#host = host;
  }

  /** prometheus --config.file=FILE: in the foreground, until Ctrl-C. */
  readonly prometheus: Program = async (call) => {
    const file = call.args
      .map((word) => /^--config\.file=(.*)$/.exec(word)?.[1])
      .find((name) => name !== undefined);
    const path = absolute(file ?? 'prometheus.yml', call.folder);
    try {
      this.#start(this.#read(path), path);
    } catch (error) {
      call.complain(
        `level=ERROR msg="Error loading config" err=${JSON.stringify(reason(error))}\n`,
      );
      return 2;
    }
    call.print('level=INFO msg="Server is ready to receive web requests."\n');
    const running = this.#running;
    try {
      while (this.#running === running) await call.machine.sleep(100, call.signal);
      return 0;
    } finally {
      running?.stop();
    }
  };

  /** promtool check config|rules FILE; promtool query instant URL is for curl here. */
  readonly promtool: Program = async (call) => {
    const [check, what, file] = call.args;
    if (check !== 'check' || (what !== 'config' && what !== 'rules') || file === undefined) {
      call.complain(
        'promtool: only `check config FILE` and `check rules FILE` are simulated here\n',
      );
      return 1;
    }
    const path = absolute(file, call.folder);
    try {
      call.print(`Checking ${file}\n`);
      call.print(what === 'rules' ? checkRules(this.#read(path)) : this.#checkConfig(path, file));
      return 0;
    } catch (error) {
      call.complain(`  FAILED: ${reason(error)}\n`);
      return 1;
    }
  };

  /**
   * A prometheus.yml or a file of rules as text: checks it, and runs a Prometheus with it beside an
   * exporter of the server here. Resolves with what to show once each target was scraped.
   */
  async run(text: string, signal: AbortSignal): Promise<string> {
    if (/^groups\s*:/m.test(text)) return checkRules(text);
    const exporter = startExporter(this.#host, {
      ...{ address: 'redis://localhost:6379', user: undefined, password: undefined, keys: [] },
    });
    const server = this.#start(text, '/etc/prometheus/prometheus.yml');
    await this.#scraped(server, signal);
    const note = exporter
      ? 'An exporter of the server here runs at localhost:9121, as `docker run --network host oliver006/redis_exporter` would start it.\n'
      : '';
    return `${note}Prometheus is ready at port ${PROMETHEUS_PORT}.\n\n${describe(server)}`;
  }

  #read(path: string): string {
    const text = this.#host.read(path);
    if (text === undefined) throw new Error(`open ${path}: no such file or directory`);
    return text;
  }

  #checkConfig(path: string, file: string): string {
    const config = readConfig(this.#read(path));
    for (const rules of config.ruleFiles) readRules(this.#read(beside(path, rules)));
    return ` SUCCESS: ${file} is valid prometheus config file syntax\n`;
  }

  #start(text: string, path: string): Prometheus {
    const config = readConfig(text);
    const groups = config.ruleFiles.flatMap((file) => {
      const rules = this.#host.read(beside(path, file));
      return rules === undefined ? [] : readRules(rules);
    });
    this.#running?.stop();
    const server = new Prometheus(this.#host, config, groups);
    if (!server.start()) {
      throw new Error(`listen tcp 0.0.0.0:${PROMETHEUS_PORT}: bind: address already in use`);
    }
    this.#running = server;
    return server;
  }

  #scraped({ targets }: Prometheus, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (signal.aborted) return reject(signal.reason);
        if (targets.every(({ health }) => health !== 'unknown')) return resolve();
        this.#host.after(20, look);
      };
      look();
    });
  }
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));

function checkRules(text: string): string {
  const groups = readRules(text);
  const count = groups.reduce((sum, { rules }) => sum + rules.length, 0);
  const names = groups.flatMap(({ rules }) =>
    rules.map((rule) => {
      const holds = rule.kind === 'alert' ? `for ${printDuration(rule.forMs)}` : 'recorded';
      return `  ${rule.name}, ${holds}\n`;
    }),
  );
  return `  SUCCESS: ${count} rules found\n${names.join('')}`;
}

/** The page of targets as text, and what was accepted without effect. */
function describe({ targets, config }: Prometheus): string {
  const lines = targets.map(lineOf);
  const none = targets.length === 0 ? 'No targets: scrape_configs names none.\n' : '';
  const inert = config.inert.map((name) => `${name} is accepted and does nothing here.\n`);
  return `${lines.join('')}${none}${inert.join('')}`;
}

function lineOf({ job, labels, address, path, health, lastError }: Target): string {
  const others = [...labels].map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const why = lastError === '' ? '' : `  ${lastError}\n`;
  const every = printDuration(job.intervalMs);
  return `${health.toUpperCase().padEnd(5)} http://${address}${path}  {${others.join(', ')}}  every ${every}\n${why}`;
}

const absolute = (path: string, folder: string) =>
  path.startsWith('/') ? path : `${folder === '/' ? '' : folder}/${path}`;

const beside = (path: string, file: string) => absolute(file, path.replace(/\/[^/]*$/, '') || '/');
