/**
 * The API server: keeps objects, checks what is given to it, and tells who watches. Everything in it
 * happens at once; controllers find out by `watch` and act in the lab's time.
 */
import { checkCustom, customKindOf, fillCustom, versionOf } from './custom.ts';
import { checkFields } from './decode.ts';
import { fillIn } from './defaults.ts';
import { ApiError } from './errors.ts';
import { EventRecorder } from './events.ts';
import { identify, inOrder, suffix } from './identity.ts';
import { builtInKinds, groupOf, type KindInfo, resourceOf } from './kinds.ts';
import { fits } from './labels.ts';
import { equals, merge } from './merge.ts';
import type { KubeObject, Manifest, Metadata, ObjectOf, Selector } from './objects.ts';
import { validate } from './validate.ts';

/** What has become of an object. */
export interface Change {
  readonly what: 'added' | 'modified' | 'deleted';
  readonly object: KubeObject;
}

export type Applied = 'created' | 'configured' | 'unchanged';

/** What `kubectl apply` remembers of the manifest. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export interface DeleteOptions {
  /** 0: at once, without waiting for the node. */
  readonly gracePeriodSeconds?: number;
  /** Leaves what it owns. */
  readonly isOrphaning?: boolean;
}

export class ApiServer {
  readonly #now: () => number;
  readonly #objects = new Map<string, KubeObject>();
  readonly #watchers = new Set<(change: Change) => void>();
  readonly #kinds = new Map<string, KindInfo>(builtInKinds.map((info) => [info.kind, info]));
  readonly #events: EventRecorder;
  #version = 1000;
  #made = 0;
  /** How many services have been given an address. */
  #addresses = 0;

  /** `now` tells the lab's time in ms since 1970. */
  constructor(now: () => number) {
    this.#now = now;
    this.#events = new EventRecorder(this, now);
  }

  /** The lab's time as objects say it. */
  get time(): string {
    return timeOf(this.#now());
  }

  get now(): number {
    return this.#now();
  }

  /** All kinds, those of custom resources last. */
  get kinds(): readonly KindInfo[] {
    return [...this.#kinds.values()];
  }

  kindInfo(kind: string): KindInfo | undefined {
    return this.#kinds.get(kind);
  }

  /** An object; undefined when there is none. */
  find<K extends string>(kind: K, name: string, namespace = 'default'): ObjectOf<K> | undefined {
    return this.#objects.get(this.#key(kind, name, namespace)) as ObjectOf<K> | undefined;
  }

  /** An object. Throws NotFound. */
  get<K extends string>(kind: K, name: string, namespace = 'default'): ObjectOf<K> {
    const found = this.find(kind, name, namespace);
    if (!found) throw this.#notFound(kind, name);
    return found;
  }

  /** The objects of a kind, by namespace and name. */
  list<K extends string>(kind: K, namespace?: string, selector?: Selector): ObjectOf<K>[] {
    const start = `${kind}/`;
    const found: KubeObject[] = [];
    for (const [key, object] of this.#objects) {
      if (!key.startsWith(start)) continue;
      if (namespace !== undefined && object.metadata.namespace !== namespace) continue;
      if (selector && !fits(selector, object.metadata.labels)) continue;
      found.push(object);
    }
    return found.sort(byName) as ObjectOf<K>[];
  }

  /** Calls with every change from now on. Returns how to stop. */
  watch(hear: (change: Change) => void): () => void {
    this.#watchers.add(hear);
    return () => this.#watchers.delete(hear);
  }

  /** Keeps a new object. Throws an ApiError: AlreadyExists, Invalid, BadRequest, NotFound. */
  create(manifest: Manifest, namespace = 'default'): KubeObject {
    const info = this.#infoOf(manifest);
    const object = this.#prepare(manifest, info, namespace);
    const { name } = object.metadata;
    const where = object.metadata.namespace;
    if (where !== undefined && !this.find('Namespace', where)) {
      throw new ApiError('NotFound', `namespaces ${JSON.stringify(where)} not found`);
    }
    validate(object);
    if (this.find(info.kind, name, where)) {
      throw new ApiError(
        'AlreadyExists',
        `${resourceOf(info)} ${JSON.stringify(name)} already exists`,
      );
    }
    this.#keep(object, 'added');
    return object;
  }

  /**
   * Changes an object by a draft of it; what stays the same is not written. Throws an ApiError, also
   * when there is no such object any more. Returns what is kept.
   */
  change<T extends KubeObject>(object: T, edit: (draft: T) => void): T {
    const { kind, metadata } = object;
    const live = this.get(kind, metadata.name, metadata.namespace) as T;
    const draft = structuredClone(live);
    edit(draft);
    fillIn(draft);
    if (equals(draft, live)) return live;
    if (!equals(draft.spec, live.spec)) {
      validate(draft, live);
      draft.metadata.generation = (live.metadata.generation ?? 1) + 1;
    }
    this.#keep(draft, 'modified');
    return draft;
  }

  /** `kubectl apply`: creates, or merges into what is there. Throws an ApiError. */
  apply(
    manifest: Manifest,
    namespace = 'default',
  ): { readonly object: KubeObject; readonly what: Applied } {
    const info = this.#infoOf(manifest);
    const where = info.isNamespaced ? (manifest.metadata.namespace ?? namespace) : undefined;
    const live = this.find(info.kind, manifest.metadata.name ?? '', where);
    const note = `${JSON.stringify(withoutNote(manifest, where), inOrder)}\n`;
    const noted: Manifest = {
      ...manifest,
      metadata: {
        ...manifest.metadata,
        ...(where !== undefined && { namespace: where }),
        annotations: { ...manifest.metadata.annotations, [LAST_APPLIED]: note },
      },
    };
    if (!live) return { object: this.create(noted, namespace), what: 'created' };
    this.#check(manifest, info);
    const lastText = live.metadata.annotations?.[LAST_APPLIED];
    const last: unknown = lastText === undefined ? {} : JSON.parse(lastText);
    const wanted = this.#prepareWanted(noted, info);
    const object = this.change(live, (draft) => {
      const merged = merge(live, last, wanted) as KubeObject;
      for (const field of Object.keys(draft)) delete draft[field];
      Object.assign(draft, structuredClone(merged));
    });
    return { object, what: object === live ? 'unchanged' : 'configured' };
  }

  /** Removes an object, or begins to: a pod ends first, a claim in use stays until it is free. */
  delete(object: KubeObject, options: DeleteOptions = {}): void {
    const { kind, metadata } = object;
    const live = this.get(kind, metadata.name, metadata.namespace);
    const usual = (live.spec as { terminationGracePeriodSeconds?: number } | undefined)
      ?.terminationGracePeriodSeconds;
    const grace = options.gracePeriodSeconds ?? usual ?? 30;
    const isScheduled = (live.spec as { nodeName?: string } | undefined)?.nodeName !== undefined;
    const waits =
      (kind === 'Pod' && isScheduled && grace > 0) || (metadata.finalizers ?? []).length > 0;
    if (options.isOrphaning) this.#orphan(live);
    if (!waits) {
      this.remove(live);
      return;
    }
    if (live.metadata.deletionTimestamp !== undefined) return;
    this.change(live, ({ metadata: draft }) => {
      draft.deletionTimestamp = timeOf(this.#now() + (kind === 'Pod' ? grace * 1000 : 0));
      draft.deletionGracePeriodSeconds = kind === 'Pod' ? grace : 0;
    });
  }

  /** Removes an object at once. */
  remove(object: KubeObject): void {
    const { kind, metadata } = object;
    const key = this.#key(kind, metadata.name, metadata.namespace);
    const live = this.#objects.get(key);
    if (!live) return;
    this.#objects.delete(key);
    if (kind === 'CustomResourceDefinition') this.#forgetKind(live);
    this.#tell({ what: 'deleted', object: live });
  }

  /** Records what has happened to an object, as `kubectl get events` shows it. */
  event(
    about: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    component: string,
  ): void {
    this.#events.record({ about, type, reason, message, component });
  }

  /** Keeps an object that is right as it is: one of the system's own. */
  put(manifest: Manifest): KubeObject {
    const object = this.#withMetadata(manifest, manifest.metadata.namespace);
    this.#keep(object, this.#has(object) ? 'modified' : 'added');
    return object;
  }

  #has = ({ kind, metadata }: KubeObject) =>
    this.#objects.has(this.#key(kind, metadata.name, metadata.namespace));

  #infoOf({ kind, apiVersion, metadata }: Manifest): KindInfo {
    const info = this.#kinds.get(kind);
    if (info?.apiVersion === apiVersion) return info;
    throw new NoMatchError(kind, apiVersion, metadata.name ?? '', metadata.namespace ?? '');
  }

  #check(manifest: Manifest, info: KindInfo): void {
    const definition = this.#definitionOf(info);
    if (definition) checkCustom(manifest, versionOf(definition));
    else checkFields(manifest);
  }

  #definitionOf = (info: KindInfo) =>
    this.find('CustomResourceDefinition', `${info.plural}.${groupOf(info.apiVersion)}`);

  #prepare(manifest: Manifest, info: KindInfo, namespace: string): KubeObject {
    this.#check(manifest, info);
    const where = info.isNamespaced ? (manifest.metadata.namespace ?? namespace) : undefined;
    const object = this.#withMetadata(this.#prepareWanted(manifest, info), where);
    fillIn(object);
    if (object.kind === 'Service') this.#giveAddress(object as ObjectOf<'Service'>);
    return object;
  }

  #giveAddress({ spec }: ObjectOf<'Service'>): void {
    if (!spec || spec.type === 'ExternalName') return;
    const count = ++this.#addresses;
    spec.clusterIP ??= `10.96.${(count * 37) % 256}.${((count * 101) % 253) + 1}`;
  }

  #prepareWanted(manifest: Manifest, info: KindInfo): Manifest {
    const wanted = structuredClone(manifest);
    const definition = this.#definitionOf(info);
    if (definition) fillCustom(wanted, versionOf(definition));
    else if (info.kind === 'Secret') fillIn(wanted as KubeObject);
    return wanted;
  }

  #withMetadata(manifest: Manifest, namespace: string | undefined): KubeObject {
    const { apiVersion, kind, metadata, ...rest } = structuredClone(manifest);
    const count = ++this.#made;
    const { generateName } = metadata;
    const name = metadata.name ?? (generateName ? `${generateName}${suffix(count, 5)}` : '');
    const full: Metadata = {
      ...metadata,
      name,
      ...(namespace !== undefined && { namespace }),
      uid: identify(`${kind} ${name} ${count}`),
      creationTimestamp: this.time,
      generation: 1,
      resourceVersion: '',
    };
    return { apiVersion, kind, metadata: full, ...rest };
  }

  #keep(object: KubeObject, what: 'added' | 'modified'): void {
    const { kind, metadata } = object;
    metadata.resourceVersion = String(++this.#version);
    this.#objects.set(this.#key(kind, metadata.name, metadata.namespace), object);
    if (kind === 'CustomResourceDefinition') {
      const info = customKindOf(object as ObjectOf<'CustomResourceDefinition'>);
      this.#kinds.set(info.kind, info);
    }
    this.#tell({ what, object });
    const isFree = (metadata.finalizers ?? []).length === 0;
    const ends = metadata.deletionTimestamp !== undefined && kind !== 'Pod' && isFree;
    if (what === 'modified' && ends) this.remove(object);
  }

  #forgetKind(object: KubeObject): void {
    const { kind } = customKindOf(object as ObjectOf<'CustomResourceDefinition'>);
    for (const each of this.list(kind)) this.remove(each);
    this.#kinds.delete(kind);
  }

  #orphan({ metadata: { uid } }: KubeObject): void {
    for (const object of [...this.#objects.values()]) {
      const owners = object.metadata.ownerReferences;
      if (!owners?.some((owner) => owner.uid === uid)) continue;
      this.change(object, (draft) => {
        draft.metadata.ownerReferences = owners.filter((owner) => owner.uid !== uid);
      });
    }
  }

  #tell(change: Change): void {
    for (const hear of this.#watchers) hear(change);
  }

  #key(kind: string, name: string, namespace: string | undefined): string {
    const isNamespaced = this.#kinds.get(kind)?.isNamespaced ?? true;
    return isNamespaced ? `${kind}/${namespace ?? 'default'}/${name}` : `${kind}//${name}`;
  }

  #notFound(kind: string, name: string): ApiError {
    const info = this.#kinds.get(kind);
    const resource = info ? resourceOf(info) : kind.toLowerCase();
    return new ApiError('NotFound', `${resource} ${JSON.stringify(name)} not found`);
  }
}

/** A manifest of a kind, or a version of one, that the server does not have. */
export class NoMatchError extends Error {
  override readonly name = 'NoMatchError';
  constructor(
    readonly kind: string,
    readonly apiVersion: string,
    readonly objectName: string,
    readonly namespace: string,
  ) {
    super(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
  }
}

/** A time as objects say it: RFC 3339, in whole seconds. */
export const timeOf = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** The reference by which an object belongs to another. */
export const ownerOf = ({ apiVersion, kind, metadata: { name, uid } }: KubeObject) => ({
  ...{ apiVersion, kind, name, uid },
  controller: true,
});

/** Whether an object belongs to another. */
export const isOwnedBy = (object: KubeObject, owner: KubeObject): boolean =>
  (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid);

function byName(a: KubeObject, b: KubeObject): number {
  const idOf = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;
  return idOf(a) < idOf(b) ? -1 : 1;
}

function withoutNote(manifest: Manifest, namespace: string | undefined): Manifest {
  const { [LAST_APPLIED]: _, ...annotations } = manifest.metadata.annotations ?? {};
  const metadata = { annotations, ...manifest.metadata, ...(namespace && { namespace }) };
  return { ...manifest, metadata: { ...metadata, annotations } };
}
