/** Keeps for every service with a selector the addresses of the pods behind it. */
import type { ApiServer } from '../api.ts';
import type { Controller } from '../controller.ts';
import { fitsAll } from '../labels.ts';
import { equals } from '../merge.ts';
import type { EndpointAddress, Endpoints, Pod, Service, ServicePort } from '../objects.ts';
import { isEnding, isOver, isReady } from '../pods.ts';

export const endpointsController: Controller = {
  name: 'endpoint-controller',
  reconcile({ api }) {
    for (const service of api.list('Service')) if (service.spec.selector) keep(api, service);
    for (const endpoints of api.list('Endpoints')) {
      const { name, namespace } = endpoints.metadata;
      if (!api.find('Service', name, namespace)) api.remove(endpoints);
    }
  },
};

function keep(api: ApiServer, service: Service): void {
  const { name, namespace, labels } = service.metadata;
  const pods = api
    .list('Pod', namespace)
    .filter(
      (pod) =>
        fitsAll(service.spec.selector ?? {}, pod.metadata.labels) &&
        pod.status.podIP &&
        !isOver(pod),
    );
  const subsets = subsetsOf(service, pods);
  const known = api.find('Endpoints', name, namespace);
  if (!known) {
    api.put({
      ...{ apiVersion: 'v1', kind: 'Endpoints', subsets },
      metadata: { name, ...(namespace !== undefined && { namespace }), ...(labels && { labels }) },
    });
  } else if (!equals(known.subsets, subsets)) {
    api.change(known, (draft) => {
      draft.subsets = subsets;
    });
  }
}

function subsetsOf({ spec }: Service, pods: readonly Pod[]): NonNullable<Endpoints['subsets']> {
  const isIn = (pod: Pod) =>
    (isReady(pod) && !isEnding(pod)) || spec.publishNotReadyAddresses === true;
  const ready = pods.filter(isIn).map(addressOf);
  const notReady = pods.filter((pod) => !isIn(pod) && !isEnding(pod)).map(addressOf);
  const ports = (spec.ports ?? []).flatMap((port) => {
    const number = targetOf(port, pods);
    if (number === undefined) return [];
    return [{ ...(port.name && { name: port.name }), port: number, protocol: 'TCP' }];
  });
  if (ready.length + notReady.length === 0) return [];
  return [
    {
      ...(ready.length > 0 && { addresses: ready }),
      ...(notReady.length > 0 && { notReadyAddresses: notReady }),
      ports,
    },
  ];
}

function addressOf({ metadata, spec, status }: Pod): EndpointAddress {
  const { name, namespace = 'default', uid } = metadata;
  return {
    ip: status.podIP as string,
    ...(spec.hostname && spec.subdomain && { hostname: spec.hostname }),
    ...(spec.nodeName && { nodeName: spec.nodeName }),
    targetRef: { kind: 'Pod', name, namespace, uid },
  };
}

/** The port of the pods that a port of a service leads to; it may be called by its name. */
export function targetOf(port: ServicePort, pods: readonly Pod[]): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  const named = pods
    .flatMap(({ spec }) => spec.containers)
    .flatMap(({ ports = [] }) => ports)
    .find(({ name }) => name === target);
  return named?.containerPort;
}
