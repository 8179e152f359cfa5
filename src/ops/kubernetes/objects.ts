/**
 * What the API server keeps, as types: the fields that something here reads. Objects in the store are
 * never changed in place; `ApiServer.change` hands out a draft.
 * https://kubernetes.io/docs/reference/kubernetes-api/
 */

import type { Condition, ContainerStatus, Labels, PodSpec, Selector } from './pod-spec.ts';

export type * from './pod-spec.ts';

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
}

export interface Metadata {
  name: string;
  generateName?: string;
  namespace?: string;
  labels?: Labels;
  annotations?: Labels;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  [field: string]: unknown;
}

/** What somebody wants to be there: the server fills in the rest. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: Partial<Metadata>;
  [field: string]: unknown;
}

export interface PodStatus {
  phase: string;
  reason?: string;
  message?: string;
  podIP?: string;
  hostIP?: string;
  startTime?: string;
  conditions?: Condition[];
  initContainerStatuses?: ContainerStatus[];
  containerStatuses?: ContainerStatus[];
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status: PodStatus;
}

export interface PodTemplate {
  metadata?: { labels?: Labels; annotations?: Labels };
  spec: PodSpec;
}

export interface ClaimSpec {
  accessModes?: string[];
  storageClassName?: string;
  volumeName?: string;
  resources?: { requests?: Labels };
}

export interface Claim extends KubeObject {
  spec: ClaimSpec;
  status: { phase: string; capacity?: Labels; accessModes?: string[] };
}

export interface PersistentVolume extends KubeObject {
  spec: ClaimSpec & {
    capacity: Labels;
    claimRef: { namespace: string; name: string; uid: string };
    persistentVolumeReclaimPolicy: string;
  };
  status: { phase: string };
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas: number;
    serviceName?: string;
    selector: Selector;
    template: PodTemplate;
    podManagementPolicy?: string;
    updateStrategy?: { type: string; rollingUpdate?: { partition?: number } };
    volumeClaimTemplates?: { metadata: { name: string; labels?: Labels }; spec: ClaimSpec }[];
  };
  status: {
    replicas: number;
    readyReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
    currentReplicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    observedGeneration?: number;
  };
}

export interface Revision extends KubeObject {
  data: { template: PodTemplate };
  revision: number;
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas: number; selector: Selector; template: PodTemplate };
  status: { replicas: number; readyReplicas?: number; availableReplicas?: number };
}

export interface Deployment extends KubeObject {
  spec: {
    replicas: number;
    selector: Selector;
    template: PodTemplate;
    strategy?: {
      type: string;
      rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string };
    };
  };
  status: {
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    observedGeneration?: number;
  };
}

export interface ServicePort {
  name?: string;
  port: number;
  targetPort?: number | string;
  protocol?: string;
  nodePort?: number;
}

export interface Service extends KubeObject {
  spec: {
    type?: string;
    clusterIP?: string;
    selector?: Labels;
    ports?: ServicePort[];
    publishNotReadyAddresses?: boolean;
  };
}

export interface EndpointAddress {
  ip: string;
  hostname?: string;
  nodeName?: string;
  targetRef?: { kind: string; name: string; namespace: string; uid: string };
}

export interface Endpoints extends KubeObject {
  subsets?: {
    addresses?: EndpointAddress[];
    notReadyAddresses?: EndpointAddress[];
    ports?: { name?: string; port: number; protocol?: string }[];
  }[];
}

export interface ConfigMap extends KubeObject {
  data?: Labels;
}

/** `data` is base64. */
export interface Secret extends KubeObject {
  type?: string;
  data?: Labels;
}

export interface Taint {
  key: string;
  value?: string;
  effect: string;
}

export interface ClusterNode extends KubeObject {
  spec: { unschedulable?: boolean; taints?: Taint[] };
  status: {
    capacity: Labels;
    allocatable: Labels;
    conditions: Condition[];
    addresses: { type: string; address: string }[];
    nodeInfo: Labels;
  };
}

export interface KubeEvent extends KubeObject {
  involvedObject: { kind: string; namespace?: string; name: string; uid: string };
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
  source: { component: string };
}

export interface NetworkPolicyPeer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}

export interface NetworkPolicyRule {
  from?: NetworkPolicyPeer[];
  to?: NetworkPolicyPeer[];
  ports?: { port?: number | string; protocol?: string; endPort?: number }[];
}

export interface NetworkPolicy extends KubeObject {
  spec: {
    podSelector: Selector;
    policyTypes?: string[];
    ingress?: NetworkPolicyRule[];
    egress?: NetworkPolicyRule[];
  };
}

export interface DisruptionBudget extends KubeObject {
  spec: {
    minAvailable?: number | string;
    maxUnavailable?: number | string;
    selector: Selector;
  };
  status: {
    disruptionsAllowed: number;
    currentHealthy: number;
    desiredHealthy: number;
    expectedPods: number;
  };
}

export interface JobSpec {
  template: PodTemplate;
  completions?: number;
  backoffLimit?: number;
  suspend?: boolean;
}

export interface Job extends KubeObject {
  spec: JobSpec;
  status: {
    active?: number;
    succeeded?: number;
    failed?: number;
    startTime?: string;
    completionTime?: string;
    conditions?: Condition[];
  };
}

export interface CronJob extends KubeObject {
  spec: {
    schedule: string;
    suspend?: boolean;
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
    concurrencyPolicy?: string;
    jobTemplate: { metadata?: { labels?: Labels }; spec: JobSpec };
  };
  status: { lastScheduleTime?: string; active?: { name: string }[] };
}

export interface CustomResourceDefinition extends KubeObject {
  spec: {
    group: string;
    names: {
      kind: string;
      plural: string;
      singular?: string;
      shortNames?: string[];
      categories?: string[];
    };
    scope: string;
    versions: CustomVersion[];
  };
}

export interface CustomVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema?: CustomSchema };
  additionalPrinterColumns?: { name: string; jsonPath: string; type: string }[];
}

/** The part of OpenAPI that custom resources are checked against. */
export interface CustomSchema {
  type?: string;
  properties?: Record<string, CustomSchema>;
  items?: CustomSchema;
  required?: string[];
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  additionalProperties?: CustomSchema | boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
}

/** The types of what is listed by kind; of any other kind only that it is an object is known. */
export interface Kinds {
  Pod: Pod;
  StatefulSet: StatefulSet;
  ControllerRevision: Revision;
  ReplicaSet: ReplicaSet;
  Deployment: Deployment;
  Service: Service;
  Endpoints: Endpoints;
  ConfigMap: ConfigMap;
  Secret: Secret;
  PersistentVolumeClaim: Claim;
  PersistentVolume: PersistentVolume;
  Node: ClusterNode;
  Event: KubeEvent;
  NetworkPolicy: NetworkPolicy;
  PodDisruptionBudget: DisruptionBudget;
  Job: Job;
  CronJob: CronJob;
  CustomResourceDefinition: CustomResourceDefinition;
}

export type ObjectOf<K extends string> = K extends keyof Kinds ? Kinds[K] : KubeObject;
