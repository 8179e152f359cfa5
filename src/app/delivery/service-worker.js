/**
 * The built page without a network, and with cross-origin isolation on hosts that send no headers.
 * A template: `offline-plugin.ts` fills in the three names in capitals and writes it to /sw.js.
 *
 * A page is asked of the network first, so that a new release is seen at once; what it loads is
 * named by its content and comes from the cache first. A new worker waits until every tab of the
 * old release is closed: until then those tabs find their lazily loaded parts in their own cache.
 */
const FILES = __FILES__;
const HEADERS = __HEADERS__;
const CACHE = 'keyspace-__VERSION__';
const INDEX = '/index.html';
const PATIENCE_MS = 3000;

self.addEventListener('install', (event) => event.waitUntil(fillCache()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const ours = new URL(request.url).origin === location.origin;
  if (!ours || request.method !== 'GET' || request.headers.has('range')) return;
  const answer = request.mode === 'navigate' ? answerPage(request) : answerFile(request);
  event.respondWith(answer.then(isolated));
});

async function fillCache() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((file) => new Request(file, { cache: 'reload' })));
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith('keyspace-'));
  await Promise.all(old.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answerPage(request) {
  const cached = await (await caches.open(CACHE)).match(INDEX);
  try {
    const signal = cached ? AbortSignal.timeout(PATIENCE_MS) : undefined;
    const fresh = await fetch(request, { signal });
    // A static host knows no deep links: every address that it misses is a page of ours.
    return fresh.status === 404 ? (cached ?? fresh) : fresh;
  } catch (failure) {
    if (cached) return cached;
    throw failure;
  }
}

async function answerFile(request) {
  const cache = await caches.open(CACHE);
  // Whatever a host says that its answers depend on: these files are the same for everybody.
  const cached = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
  if (cached) return cached;
  const fresh = await fetch(request);
  // Large files are not fetched ahead; once the reader has needed one it stays.
  if (fresh.status === 200 && fresh.type === 'basic') await cache.put(request, fresh.clone());
  return fresh;
}

function isolated(response) {
  if (response.type === 'opaqueredirect' || response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
