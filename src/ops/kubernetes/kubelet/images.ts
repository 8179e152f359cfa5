/** The images that can be pulled here, and what they run when nobody says what. */

export interface Image {
  /** Whether its entrypoint is that of Redis, which makes arguments into those of a server. */
  readonly isRedis: boolean;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly bytes: number;
}

const redis: Image = {
  isRedis: true,
  entrypoint: [],
  command: ['redis-server'],
  bytes: 17_134_456,
};
const plain = (command: readonly string[], bytes: number): Image => ({
  ...{ isRedis: false, entrypoint: [], command, bytes },
});
const exporter: Image = { ...plain([], 9_523_112), entrypoint: ['/redis_exporter'] };

const images: ReadonlyMap<string, Image> = new Map<string, Image>([
  ['redis', redis],
  ['redis/redis-stack-server', redis],
  ['bitnamilegacy/redis', redis],
  ['oliver006/redis_exporter', exporter],
  // What it does is a controller of its own: ops/redis-operator.
  ['keyspace/redis-operator', plain(['sleep', 'infinity'], 18_211_904)],
  ['busybox', plain(['sh'], 2_167_089)],
  ['alpine', plain(['/bin/sh'], 3_641_921)],
  ['python', plain(['python3'], 51_124_322)],
  ['node', plain(['node'], 62_402_118)],
]);

/** "redis:7-alpine" is "docker.io/library/redis:7-alpine". */
export function fullName(image: string): { readonly name: string; readonly tag: string } {
  const [, path = '', tag = 'latest'] = /^(.*?)(?::([^:/]+))?$/.exec(image) ?? [];
  const hasRegistry = /^([^/]+[.:][^/]*|localhost)\//.test(path);
  if (hasRegistry) return { name: path, tag };
  return { name: `docker.io/${path.includes('/') ? '' : 'library/'}${path}`, tag };
}

/** An image, or what the runtime says of one that cannot be pulled. */
export function pull(image: string): Image | string {
  const { name, tag } = fullName(image);
  const found = images.get(name.replace(/^docker\.io\/(library\/)?/, ''));
  const full = `${name}:${tag}`;
  const failed = `failed to pull and unpack image ${JSON.stringify(full)}: failed to resolve reference ${JSON.stringify(full)}`;
  if (!found) {
    return `failed to pull image ${JSON.stringify(image)}: ${failed}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`;
  }
  const isTag = /^(latest|alpine|bookworm|bullseye|slim|v?\d+(\.\d+)*(-[a-z][\w.-]*)?)$/.test(tag);
  if (isTag) return found;
  return `rpc error: code = NotFound desc = ${failed}: ${full}: not found`;
}

/** The words that a container runs. */
export function commandOf(
  image: Image,
  { command, args }: { command?: readonly string[]; args?: readonly string[] },
): readonly string[] {
  if (command && command.length > 0) return [...command, ...(args ?? [])];
  const words = args && args.length > 0 ? args : image.command;
  if (!image.isRedis) return [...image.entrypoint, ...words];
  const first = words[0] ?? '';
  return first.startsWith('-') || first.endsWith('.conf') ? ['redis-server', ...words] : words;
}
