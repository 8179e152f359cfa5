/**
 * What a program of the learner's does not reach from its worker: the network, the page's storage,
 * other workers. Its servers are those of the lab; a link that somebody shares can do no more.
 */

const FUNCTIONS = [
  ...['fetch', 'importScripts', 'XMLHttpRequest', 'WebSocket', 'WebSocketStream', 'WebTransport'],
  ...['EventSource', 'Worker', 'SharedWorker', 'BroadcastChannel', 'RTCPeerConnection'],
];
const OBJECTS = ['indexedDB', 'caches', 'cookieStore', 'webkitIndexedDB'];

/** Takes them away for good. To be called when the runtime itself has been loaded. */
export function applyPolicy(scope: object = globalThis): void {
  for (const name of FUNCTIONS) {
    const refuse = function refuse() {
      throw new Error(`${name} is refused here: examples reach the servers of the lab only`);
    };
    replace(scope, name, { value: refuse });
  }
  for (const name of OBJECTS) replace(scope, name, { value: undefined });
  const { userAgent, language, hardwareConcurrency } = navigator;
  replace(scope, 'navigator', { value: { userAgent, language, hardwareConcurrency } });
}

/** On the object itself and on what it inherits from, where a name could be found again. */
function replace(scope: object, name: string, property: PropertyDescriptor): void {
  for (let at: object | null = scope; at !== null; at = Object.getPrototypeOf(at)) {
    if (at !== scope && !Object.hasOwn(at, name)) continue;
    try {
      Object.defineProperty(at, name, { ...property, writable: false, configurable: false });
    } catch {
      // One that the browser does not let go is shadowed by the one on the scope.
    }
  }
}
