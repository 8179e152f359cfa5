/** The network of the cluster: names, the addresses of services, and what policies drop. */
import type { ApiServer } from './api.ts';
import type { Routes } from './infrastructure.ts';
import { fits } from './labels.ts';
import type {
  EndpointAddress,
  Endpoints,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyRule,
  Pod,
  Service,
} from './objects.ts';

const DOMAIN = 'cluster.local';

/** Finds the pod at an address. */
export type PodAt = (address: string) => Pod | undefined;

/**
 * What is not a pod of the cluster (the hosts of the lesson) is joined to its network here, and is
 * answered as if it were in the namespace `default`; it has no labels.
 */
export class ClusterNetwork implements Routes {
  readonly #api: ApiServer;
  readonly #podAt: PodAt;
  readonly #isLost: (node: string) => boolean;
  /** Which end point of a service is next. */
  #turn = 0;

  constructor(api: ApiServer, podAt: PodAt, isLost: (node: string) => boolean) {
    this.#api = api;
    this.#podAt = podAt;
    this.#isLost = isLost;
  }

  resolve(name: string, from: string): string | undefined {
    if (/^[\d.]+$/.test(name)) return undefined;
    const pod = this.#podAt(from);
    if (pod && name === (pod.spec.hostname ?? pod.metadata.name)) return from;
    const found = this.#find(name, pod?.metadata.namespace ?? 'default');
    // Within a pod nothing else has a name: what the lab calls its hosts is not known there.
    return found ?? (pod && name !== 'localhost' ? name : undefined);
  }

  lead(to: string, from: string): string | undefined {
    const colon = to.lastIndexOf(':');
    const [host, port] = [to.slice(0, colon), Number(to.slice(colon + 1))];
    const service = this.#serviceAt(host);
    const target = service ? this.#endpointOf(service, port) : { host, port };
    // Nobody behind it: the connection is refused.
    if (!target) return to;
    const pod = this.#podAt(target.host);
    if (pod && this.#isLost(pod.spec.nodeName ?? '')) return undefined;
    return this.#isAllowed(from, target) ? `${target.host}:${target.port}` : undefined;
  }

  /** redis, redis.shop, redis.shop.svc, redis.shop.svc.cluster.local; and redis-0 before each. */
  #find(name: string, namespace: string): string | undefined {
    const plain = name
      .replace(/\.$/, '')
      .replace(new RegExp(`\\.svc(\\.${DOMAIN.replace('.', '\\.')})?$`), '');
    const isFull = plain !== name.replace(/\.$/, '');
    const parts = plain.split('.');
    const [first = '', second, third] = parts;
    if (parts.length === 1 && !isFull) return this.#address(first, namespace);
    if (parts.length === 2 && second !== undefined) {
      const own = isFull ? undefined : this.#hostIn(first, second, namespace);
      return own ?? this.#address(first, second);
    }
    if (parts.length === 3 && second !== undefined && third !== undefined) {
      return this.#hostIn(first, second, third);
    }
    return undefined;
  }

  #address(name: string, namespace: string): string | undefined {
    const service = this.#api.find('Service', name, namespace);
    if (service?.spec.clusterIP !== 'None') return service?.spec.clusterIP;
    const all = addressesOf(this.#api.find('Endpoints', name, namespace));
    return all.length === 0 ? undefined : all[this.#turn++ % all.length]?.ip;
  }

  #hostIn(hostname: string, service: string, namespace: string): string | undefined {
    const all = addressesOf(this.#api.find('Endpoints', service, namespace));
    return all.find((each) => each.hostname === hostname)?.ip;
  }

  #serviceAt(address: string): Service | undefined {
    if (!address.startsWith('10.96.')) return undefined;
    return this.#api.list('Service').find(({ spec }) => spec.clusterIP === address);
  }

  #endpointOf(
    { metadata, spec }: Service,
    port: number,
  ): { readonly host: string; readonly port: number } | undefined {
    const index = (spec.ports ?? []).findIndex((each) => each.port === port);
    const endpoints = this.#api.find('Endpoints', metadata.name, metadata.namespace);
    const addresses = addressesOf(endpoints);
    const target = endpoints?.subsets?.[0]?.ports?.[index]?.port;
    if (index < 0 || target === undefined || addresses.length === 0) return undefined;
    const { ip } = addresses[this.#turn++ % addresses.length] as EndpointAddress;
    return { host: ip, port: target };
  }

  /** A pod that policies select takes and sends only what one of them allows. */
  #isAllowed(from: string, { host, port }: { host: string; port: number }): boolean {
    if (from === host) return true;
    const [source, target] = [this.#podAt(from), this.#podAt(host)];
    // The node of a pod always reaches it: that is where probes come from.
    if (!source && target && from.startsWith('172.18.')) return true;
    const at = { source, target, from, to: host, port };
    return this.#passes('Ingress', target, at) && this.#passes('Egress', source, at);
  }

  #passes(direction: 'Ingress' | 'Egress', pod: Pod | undefined, way: Way): boolean {
    if (!pod) return true;
    const policies = this.#api
      .list('NetworkPolicy', pod.metadata.namespace)
      .filter(
        (policy) =>
          fits(policy.spec.podSelector, pod.metadata.labels) && typesOf(policy).includes(direction),
      );
    if (policies.length === 0) return true;
    return policies.some(({ spec, metadata }) => {
      const rules = (direction === 'Ingress' ? spec.ingress : spec.egress) ?? [];
      return rules.some((rule) => this.#matches(rule, direction, way, metadata.namespace));
    });
  }

  #matches(
    rule: NetworkPolicyRule,
    direction: 'Ingress' | 'Egress',
    { source, target, from, to, port }: Way,
    namespace: string | undefined,
  ): boolean {
    const ports = rule.ports ?? [];
    const fitsPort = ({ port: wanted, endPort }: (typeof ports)[number]) => {
      if (wanted === undefined) return true;
      const named = (target?.spec.containers ?? [])
        .flatMap((container) => container.ports ?? [])
        .find(({ name }) => name === wanted);
      const first = typeof wanted === 'number' ? wanted : named?.containerPort;
      return first !== undefined && port >= first && port <= (endPort ?? first);
    };
    if (ports.length > 0 && !ports.some(fitsPort)) return false;
    const peers = (direction === 'Ingress' ? rule.from : rule.to) ?? [];
    const [other, address] = direction === 'Ingress' ? [source, from] : [target, to];
    return (
      peers.length === 0 || peers.some((peer) => this.#isPeer(peer, other, address, namespace))
    );
  }

  #isPeer(
    { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
    pod: Pod | undefined,
    address: string,
    namespace: string | undefined,
  ): boolean {
    if (ipBlock) {
      const isIn = isWithin(address, ipBlock.cidr);
      return isIn && !(ipBlock.except ?? []).some((each) => isWithin(address, each));
    }
    if (!pod) return false;
    const there = pod.metadata.namespace;
    const labels = this.#api.find('Namespace', there ?? 'default')?.metadata.labels;
    const fitsSpace = namespaceSelector ? fits(namespaceSelector, labels) : there === namespace;
    return fitsSpace && (!podSelector || fits(podSelector, pod.metadata.labels));
  }
}

interface Way {
  readonly source: Pod | undefined;
  readonly target: Pod | undefined;
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

const addressesOf = (endpoints: Endpoints | undefined): readonly EndpointAddress[] =>
  endpoints?.subsets?.[0]?.addresses ?? [];

const typesOf = ({ spec }: NetworkPolicy): readonly string[] =>
  spec.policyTypes ?? (spec.egress ? ['Ingress', 'Egress'] : ['Ingress']);

function isWithin(address: string, cidr: string): boolean {
  const [base = '', bits = '32'] = cidr.split('/');
  const number = (text: string) =>
    text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}
