/**
 * The fields of the kinds: what strict decoding allows, and what `kubectl explain` lists. A type is a
 * line of `name:type`; `[]` is a list, `map` a map of strings, a capital letter another type, `any`
 * is not looked into. What is known to the real server and does nothing here stands in it too.
 */
const lines: Readonly<Record<string, string>> = {
  ObjectMeta: `name:string generateName:string namespace:string labels:map annotations:map
    finalizers:[]string ownerReferences:[]any uid:string resourceVersion:string generation:int
    creationTimestamp:any deletionTimestamp:any deletionGracePeriodSeconds:int selfLink:string
    managedFields:any`,
  LabelSelector: 'matchLabels:map matchExpressions:[]LabelSelectorRequirement',
  LabelSelectorRequirement: 'key:string operator:string values:[]string',
  Pod: 'metadata:ObjectMeta spec:PodSpec status:any',
  PodTemplateSpec: 'metadata:ObjectMeta spec:PodSpec',
  PodSpec: `containers:[]Container initContainers:[]Container ephemeralContainers:any volumes:[]Volume
    restartPolicy:string terminationGracePeriodSeconds:int activeDeadlineSeconds:int dnsPolicy:string
    nodeSelector:map serviceAccountName:string serviceAccount:string automountServiceAccountToken:bool
    nodeName:string hostNetwork:bool hostPID:bool hostIPC:bool securityContext:any
    imagePullSecrets:[]any hostname:string subdomain:string affinity:Affinity schedulerName:string
    tolerations:[]Toleration hostAliases:[]any priorityClassName:string priority:int dnsConfig:any
    readinessGates:any runtimeClassName:string enableServiceLinks:bool preemptionPolicy:string
    overhead:map topologySpreadConstraints:[]any setHostnameAsFQDN:bool os:any hostUsers:bool
    shareProcessNamespace:bool schedulingGates:any resourceClaims:any`,
  Container: `name:string image:string command:[]string args:[]string workingDir:string
    ports:[]ContainerPort envFrom:[]EnvFromSource env:[]EnvVar resources:ResourceRequirements
    resizePolicy:any restartPolicy:string volumeMounts:[]VolumeMount volumeDevices:any
    livenessProbe:Probe readinessProbe:Probe startupProbe:Probe lifecycle:any
    terminationMessagePath:string terminationMessagePolicy:string imagePullPolicy:string
    securityContext:any stdin:bool stdinOnce:bool tty:bool`,
  ContainerPort: 'name:string hostPort:int containerPort:int protocol:string hostIP:string',
  EnvVar: 'name:string value:string valueFrom:EnvVarSource',
  EnvVarSource: `fieldRef:ObjectFieldSelector resourceFieldRef:any
    configMapKeyRef:KeySelector secretKeyRef:KeySelector`,
  ObjectFieldSelector: 'apiVersion:string fieldPath:string',
  KeySelector: 'name:string key:string optional:bool',
  EnvFromSource: 'prefix:string configMapRef:EnvSource secretRef:EnvSource',
  EnvSource: 'name:string optional:bool',
  ResourceRequirements: 'limits:quantities requests:quantities claims:any',
  VolumeMount: `name:string readOnly:bool mountPath:string subPath:string subPathExpr:string
    mountPropagation:string recursiveReadOnly:string`,
  Volume: `name:string persistentVolumeClaim:PersistentVolumeClaimVolumeSource
    emptyDir:EmptyDirVolumeSource configMap:ConfigMapVolumeSource secret:SecretVolumeSource
    hostPath:any nfs:any projected:any downwardAPI:any csi:any ephemeral:any image:any`,
  PersistentVolumeClaimVolumeSource: 'claimName:string readOnly:bool',
  EmptyDirVolumeSource: 'medium:string sizeLimit:quantity',
  ConfigMapVolumeSource: 'name:string items:[]KeyToPath defaultMode:int optional:bool',
  SecretVolumeSource: 'secretName:string items:[]KeyToPath defaultMode:int optional:bool',
  KeyToPath: 'key:string path:string mode:int',
  Probe: `exec:ExecAction tcpSocket:TCPSocketAction httpGet:HTTPGetAction grpc:any
    initialDelaySeconds:int timeoutSeconds:int periodSeconds:int successThreshold:int
    failureThreshold:int terminationGracePeriodSeconds:int`,
  ExecAction: 'command:[]string',
  TCPSocketAction: 'port:intOrString host:string',
  HTTPGetAction: 'path:string port:intOrString host:string scheme:string httpHeaders:[]any',
  Affinity: 'nodeAffinity:any podAffinity:any podAntiAffinity:PodAntiAffinity',
  PodAntiAffinity: `requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
    preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm`,
  PodAffinityTerm: `labelSelector:LabelSelector namespaces:[]string topologyKey:string
    namespaceSelector:LabelSelector matchLabelKeys:[]string mismatchLabelKeys:[]string`,
  WeightedPodAffinityTerm: 'weight:int podAffinityTerm:PodAffinityTerm',
  Toleration: 'key:string operator:string value:string effect:string tolerationSeconds:int',
  StatefulSet: 'metadata:ObjectMeta spec:StatefulSetSpec status:any',
  StatefulSetSpec: `replicas:int selector:LabelSelector template:PodTemplateSpec
    volumeClaimTemplates:[]PersistentVolumeClaim serviceName:string podManagementPolicy:string
    updateStrategy:StatefulSetUpdateStrategy revisionHistoryLimit:int minReadySeconds:int
    persistentVolumeClaimRetentionPolicy:any ordinals:any`,
  StatefulSetUpdateStrategy: 'type:string rollingUpdate:RollingUpdateStatefulSetStrategy',
  RollingUpdateStatefulSetStrategy: 'partition:int maxUnavailable:intOrString',
  Deployment: 'metadata:ObjectMeta spec:DeploymentSpec status:any',
  DeploymentSpec: `replicas:int selector:LabelSelector template:PodTemplateSpec
    strategy:DeploymentStrategy minReadySeconds:int revisionHistoryLimit:int paused:bool
    progressDeadlineSeconds:int`,
  DeploymentStrategy: 'type:string rollingUpdate:RollingUpdateDeployment',
  RollingUpdateDeployment: 'maxUnavailable:intOrString maxSurge:intOrString',
  ReplicaSet: 'metadata:ObjectMeta spec:ReplicaSetSpec status:any',
  ReplicaSetSpec:
    'replicas:int minReadySeconds:int selector:LabelSelector template:PodTemplateSpec',
  Service: 'metadata:ObjectMeta spec:ServiceSpec status:any',
  ServiceSpec: `ports:[]ServicePort selector:map clusterIP:string clusterIPs:[]string type:string
    externalIPs:[]string sessionAffinity:string loadBalancerIP:string externalName:string
    loadBalancerSourceRanges:[]string externalTrafficPolicy:string healthCheckNodePort:int
    publishNotReadyAddresses:bool sessionAffinityConfig:any ipFamilies:[]string ipFamilyPolicy:string
    allocateLoadBalancerNodePorts:bool loadBalancerClass:string internalTrafficPolicy:string
    trafficDistribution:string`,
  ServicePort: `name:string protocol:string appProtocol:string port:int targetPort:intOrString
    nodePort:int`,
  Endpoints: 'metadata:ObjectMeta subsets:[]any',
  ConfigMap: 'metadata:ObjectMeta data:map binaryData:map immutable:bool',
  Secret: 'metadata:ObjectMeta data:map stringData:map type:string immutable:bool',
  ServiceAccount: `metadata:ObjectMeta secrets:[]any imagePullSecrets:[]any
    automountServiceAccountToken:bool`,
  Namespace: 'metadata:ObjectMeta spec:any status:any',
  PersistentVolumeClaim: `apiVersion:string kind:string metadata:ObjectMeta
    spec:PersistentVolumeClaimSpec status:any`,
  PersistentVolumeClaimSpec: `accessModes:[]string selector:LabelSelector
    resources:VolumeResourceRequirements volumeName:string storageClassName:string volumeMode:string
    dataSource:any dataSourceRef:any volumeAttributesClassName:string`,
  VolumeResourceRequirements: 'limits:quantities requests:quantities',
  NetworkPolicy: 'metadata:ObjectMeta spec:NetworkPolicySpec',
  NetworkPolicySpec: `podSelector:LabelSelector ingress:[]NetworkPolicyIngressRule
    egress:[]NetworkPolicyEgressRule policyTypes:[]string`,
  NetworkPolicyIngressRule: 'ports:[]NetworkPolicyPort from:[]NetworkPolicyPeer',
  NetworkPolicyEgressRule: 'ports:[]NetworkPolicyPort to:[]NetworkPolicyPeer',
  NetworkPolicyPort: 'protocol:string port:intOrString endPort:int',
  NetworkPolicyPeer: 'podSelector:LabelSelector namespaceSelector:LabelSelector ipBlock:IPBlock',
  IPBlock: 'cidr:string except:[]string',
  PodDisruptionBudget: 'metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:any',
  PodDisruptionBudgetSpec: `minAvailable:intOrString maxUnavailable:intOrString
    selector:LabelSelector unhealthyPodEvictionPolicy:string`,
  Job: 'metadata:ObjectMeta spec:JobSpec status:any',
  JobSpec: `parallelism:int completions:int activeDeadlineSeconds:int backoffLimit:int
    selector:LabelSelector manualSelector:bool template:PodTemplateSpec ttlSecondsAfterFinished:int
    completionMode:string suspend:bool podFailurePolicy:any backoffLimitPerIndex:int
    maxFailedIndexes:int podReplacementPolicy:string successPolicy:any managedBy:string`,
  CronJob: 'metadata:ObjectMeta spec:CronJobSpec status:any',
  CronJobSpec: `schedule:string timeZone:string startingDeadlineSeconds:int concurrencyPolicy:string
    suspend:bool jobTemplate:JobTemplateSpec successfulJobsHistoryLimit:int
    failedJobsHistoryLimit:int`,
  JobTemplateSpec: 'metadata:ObjectMeta spec:JobSpec',
  Role: 'metadata:ObjectMeta rules:[]PolicyRule',
  ClusterRole: 'metadata:ObjectMeta rules:[]PolicyRule aggregationRule:any',
  PolicyRule: `verbs:[]string apiGroups:[]string resources:[]string resourceNames:[]string
    nonResourceURLs:[]string`,
  RoleBinding: 'metadata:ObjectMeta subjects:[]Subject roleRef:RoleRef',
  ClusterRoleBinding: 'metadata:ObjectMeta subjects:[]Subject roleRef:RoleRef',
  Subject: 'kind:string apiGroup:string name:string namespace:string',
  RoleRef: 'apiGroup:string kind:string name:string',
  StorageClass: `metadata:ObjectMeta provisioner:string parameters:map reclaimPolicy:string
    mountOptions:[]string allowVolumeExpansion:bool volumeBindingMode:string allowedTopologies:any`,
  PersistentVolume: 'metadata:ObjectMeta spec:any status:any',
  CustomResourceDefinition: 'metadata:ObjectMeta spec:CustomResourceDefinitionSpec status:any',
  CustomResourceDefinitionSpec: `group:string names:CustomResourceDefinitionNames scope:string
    versions:[]CustomResourceDefinitionVersion conversion:any preserveUnknownFields:bool`,
  CustomResourceDefinitionNames: `plural:string singular:string shortNames:[]string kind:string
    listKind:string categories:[]string`,
  CustomResourceDefinitionVersion: `name:string served:bool storage:bool deprecated:bool
    deprecationWarning:string schema:any subresources:any additionalPrinterColumns:[]any
    selectableFields:any`,
};

export type Fields = ReadonlyMap<string, string>;

const read = new Map<string, Fields>();

/** The fields of a type, name to type; undefined for a type that is not looked into. */
export function fieldsOf(type: string): Fields | undefined {
  const known = read.get(type);
  if (known) return known;
  const line = Object.hasOwn(lines, type) ? lines[type] : undefined;
  if (line === undefined) return undefined;
  const pairs = line
    .trim()
    .split(/\s+/)
    .map((word) => word.split(/:(.*)/s, 2) as [string, string]);
  const fields = new Map(pairs);
  read.set(type, fields);
  return fields;
}
