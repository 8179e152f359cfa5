import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { parseDuration } from './duration.ts';
import { parsePromql } from './parse.ts';

/**
 * Reads prometheus.yml and files of rules. What Prometheus would refuse is refused in its words, with
 * the line. https://prometheus.io/docs/prometheus/latest/configuration/configuration/
 */

export interface PrometheusConfig {
  readonly evaluationIntervalMs: number;
  readonly ruleFiles: readonly string[];
  readonly jobs: readonly ScrapeJob[];
  /** What is accepted and does nothing here. */
  readonly inert: readonly string[];
}

export interface ScrapeJob {
  readonly name: string;
  readonly intervalMs: number;
  readonly path: string;
  readonly parameters: readonly (readonly [string, string])[];
  readonly targets: readonly {
    readonly address: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  readonly relabel: readonly Relabel[];
}

/** Writes a label from others before a target is scraped. */
export interface Relabel {
  readonly sources: readonly string[];
  readonly separator: string;
  readonly regex: string;
  readonly target: string;
  readonly replacement: string;
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (AlertRule | RecordRule)[];
}

export interface AlertRule {
  readonly kind: 'alert';
  readonly name: string;
  readonly expression: string;
  readonly forMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RecordRule {
  readonly kind: 'record';
  /** Of the metric that it makes. */
  readonly name: string;
  readonly expression: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A file that Prometheus does not load. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    message: string,
    /** The line, from 1. */
    readonly line: number,
  ) {
    super(message);
  }
}

/** Reads prometheus.yml. */
export function readConfig(text: string): PrometheusConfig {
  const file = new YamlFile(text);
  const root = file.fields(file.root, 'config.plain', [
    ...['global', 'rule_files', 'scrape_configs', 'alerting', 'storage', 'remote_write'],
    ...['remote_read', 'scrape_config_files', 'tracing', 'otlp', 'runtime'],
  ]);
  const global = file.fields(root.global, 'config.plain', [
    ...['scrape_interval', 'scrape_timeout', 'evaluation_interval', 'external_labels'],
    ...['query_log_file', 'scrape_protocols', 'body_size_limit', 'sample_limit'],
  ]);
  const interval = file.duration(global.scrape_interval, 60_000);
  const jobs = file.list(root.scrape_configs).map((node) => readJob(file, node, interval));
  const seen = new Set<string>();
  for (const { name, line } of jobs) {
    if (seen.has(name)) {
      throw new ConfigError(`found multiple scrape configs with job name "${name}"`, line);
    }
    seen.add(name);
  }
  const idle = ['alerting', 'storage', 'remote_write', 'remote_read', 'scrape_config_files'];
  return {
    evaluationIntervalMs: file.duration(global.evaluation_interval, 60_000),
    ruleFiles: file.list(root.rule_files).map((node) => file.text(node)),
    jobs,
    inert: idle.filter((name) => root[name] !== undefined),
  };
}

function readJob(file: YamlFile, node: Node, usualMs: number): ScrapeJob & { line: number } {
  const job = file.fields(node, 'config.ScrapeConfig', [
    ...['job_name', 'scrape_interval', 'scrape_timeout', 'metrics_path', 'scheme', 'params'],
    ...['static_configs', 'relabel_configs', 'honor_labels', 'basic_auth', 'authorization'],
    ...['metric_relabel_configs', 'tls_config', 'kubernetes_sd_configs', 'dns_sd_configs'],
    ...['file_sd_configs', 'honor_timestamps', 'sample_limit'],
  ]);
  const line = file.lineOf(node);
  if (!job.job_name || file.text(job.job_name) === '') {
    throw new ConfigError('job_name is empty', line);
  }
  for (const name of ['kubernetes_sd_configs', 'dns_sd_configs', 'file_sd_configs']) {
    if (job[name]) {
      throw new ConfigError(
        `${name} is not simulated here: name the targets`,
        file.lineOf(job[name]),
      );
    }
  }
  const parameters = file
    .pairs(job.params)
    .flatMap(([name, values]) =>
      file.list(values).map((value) => [name, file.text(value)] as const),
    );
  const targets = file.list(job.static_configs).flatMap((each) => {
    const group = file.fields(each, 'struct', ['targets', 'labels']);
    const labels = file.texts(group.labels);
    return file.list(group.targets).map((target) => ({ address: address(file, target), labels }));
  });
  return {
    name: file.text(job.job_name),
    line,
    intervalMs: file.duration(job.scrape_interval, usualMs),
    path: job.metrics_path ? file.text(job.metrics_path) : '/metrics',
    parameters,
    targets,
    relabel: file.list(job.relabel_configs).map((each) => readRelabel(file, each)),
  };
}

function address(file: YamlFile, node: Node): string {
  const text = file.text(node);
  if (text.includes('/')) {
    throw new ConfigError(`"${text}" is not a valid hostname`, file.lineOf(node));
  }
  return text;
}

function readRelabel(file: YamlFile, node: Node): Relabel {
  const fields = file.fields(node, 'relabel.plain', [
    ...['source_labels', 'separator', 'regex', 'modulus', 'target_label', 'replacement', 'action'],
  ]);
  const action = fields.action ? file.text(fields.action) : 'replace';
  if (action !== 'replace') {
    throw new ConfigError(
      `the relabel action ${action} is not simulated here`,
      file.lineOf(fields.action ?? node),
    );
  }
  const text = (name: string, usual: string) => {
    const value = fields[name];
    return value ? file.text(value) : usual;
  };
  return {
    sources: file.list(fields.source_labels).map((each) => file.text(each)),
    separator: text('separator', ';'),
    regex: text('regex', '(.*)'),
    target: text('target_label', ''),
    replacement: text('replacement', '$1'),
  };
}

/** Reads a file of alerting and recording rules. */
export function readRules(text: string): RuleGroup[] {
  const file = new YamlFile(text);
  const root = file.fields(file.root, 'rulefmt.RuleGroups', ['groups']);
  return file.list(root.groups).map((node) => {
    const group = file.fields(node, 'rulefmt.RuleGroup', ['name', 'interval', 'rules', 'limit']);
    if (!group.name) throw new ConfigError('Groupname must not be empty', file.lineOf(node));
    return {
      name: file.text(group.name),
      rules: file.list(group.rules).map((rule) => readRule(file, rule)),
    };
  });
}

function readRule(file: YamlFile, node: Node): AlertRule | RecordRule {
  const rule = file.fields(node, 'rulefmt.Rule', [
    ...['alert', 'record', 'expr', 'for', 'labels', 'annotations', 'keep_firing_for'],
  ]);
  const line = file.lineOf(node);
  if (rule.record && rule.alert) {
    throw new ConfigError("only one of 'record' and 'alert' must be set", line);
  }
  const named = rule.record ?? rule.alert;
  if (!named) throw new ConfigError("one of 'record' or 'alert' must be set", line);
  if (!rule.expr) throw new ConfigError("field 'expr' must be set in rule", line);
  const expression = file.text(rule.expr);
  try {
    parsePromql(expression);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`could not parse expression: ${why}`, file.lineOf(rule.expr));
  }
  const common = { name: file.text(named), expression, labels: file.texts(rule.labels) };
  if (rule.record) {
    for (const field of ['annotations', 'for', 'keep_firing_for']) {
      if (rule[field]) throw new ConfigError(`invalid field '${field}' in recording rule`, line);
    }
    if (METRIC_NAME.test(common.name)) return { kind: 'record', ...common };
    throw new ConfigError(`invalid recording rule name: ${common.name}`, file.lineOf(named));
  }
  const annotations = file.texts(rule.annotations);
  return { kind: 'alert', ...common, forMs: file.duration(rule.for, 0), annotations };
}

const METRIC_NAME = /^[a-zA-Z_:][\w:]*$/;

/** A YAML file, with the line of everything in it. */
class YamlFile {
  readonly root: Node | undefined;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    const document = parseDocument(text, { lineCounter: this.#lines });
    const [error] = document.errors;
    if (error) {
      const { line } = this.#lines.linePos(error.pos[0]);
      const what = (error.message.split('\n')[0] ?? '').replace(/ at line \d+.*$/, '');
      throw new ConfigError(`yaml: line ${line}: ${lowered(what)}`, line);
    }
    this.root = document.contents ?? undefined;
  }

  lineOf(node: Node | undefined): number {
    return this.#lines.linePos(node?.range?.[0] ?? 0).line;
  }

  /** The fields of a map; none other than these may be there. */
  fields(
    node: Node | undefined,
    type: string,
    known: readonly string[],
  ): Readonly<Record<string, Node | undefined>> {
    const found: Record<string, Node | undefined> = Object.create(null);
    for (const [name, value, key] of this.#entries(node, type)) {
      if (!known.includes(name)) {
        const line = this.lineOf(key);
        const problem = `line ${line}: field ${name} not found in type ${type}`;
        throw new ConfigError(`yaml: unmarshal errors:\n  ${problem}`, line);
      }
      found[name] = value;
    }
    return found;
  }

  pairs(node: Node | undefined): [string, Node | undefined][] {
    return this.#entries(node, 'map[string]string').map(([name, value]) => [name, value]);
  }

  texts(node: Node | undefined): Record<string, string> {
    return Object.fromEntries(
      this.pairs(node).map(([name, value]) => [name, value ? this.text(value) : '']),
    );
  }

  list(node: Node | undefined): Node[] {
    if (!node || (isScalar(node) && node.value === null)) return [];
    if (!isSeq(node)) throw this.#mismatch(node, '[]string');
    return node.items as Node[];
  }

  text(node: Node): string {
    if (!isScalar(node)) throw this.#mismatch(node, 'string');
    return typeof node.source === 'string' ? node.source : String(node.value ?? '');
  }

  /** In ms. */
  duration(node: Node | undefined, usualMs: number): number {
    if (!node) return usualMs;
    const text = this.text(node);
    const ms = parseDuration(text);
    if (ms === undefined) {
      throw new ConfigError(
        `not a valid duration string: ${JSON.stringify(text)}`,
        this.lineOf(node),
      );
    }
    return ms;
  }

  #entries(node: Node | undefined, type: string): [string, Node | undefined, Node][] {
    if (!node || (isScalar(node) && node.value === null)) return [];
    if (!isMap(node)) throw this.#mismatch(node, type);
    return node.items.map(({ key, value }) => [
      String(isScalar(key) ? key.value : key),
      (value ?? undefined) as Node | undefined,
      key as Node,
    ]);
  }

  #mismatch(node: Node, type: string): ConfigError {
    const line = this.lineOf(node);
    const what = isSeq(node)
      ? '!!seq'
      : isMap(node)
        ? '!!map'
        : `!!str \`${String(isScalar(node) ? node.value : '').slice(0, 10)}\``;
    const problem = `line ${line}: cannot unmarshal ${what} into ${type}`;
    return new ConfigError(`yaml: unmarshal errors:\n  ${problem}`, line);
  }
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
