/** Registers the service worker of the built page. */

const RELOADED = 'keyspace:reloaded-for-isolation';

/**
 * Keeps the page for reading without a network. On a host that sends no isolation headers it also
 * reloads the page, once per tab, as soon as the worker can add them.
 */
export async function registerServiceWorker(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  if (crossOriginIsolated) await loaded();
  await navigator.serviceWorker.register('/sw.js');
  if (crossOriginIsolated || !remember(RELOADED)) return;
  await navigator.serviceWorker.ready;
  location.reload();
}

/** Filling the cache must not compete with the first paint. */
function loaded(): Promise<void> {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((resolve) => addEventListener('load', () => resolve(), { once: true }));
}

/** True the first time in this tab; false from then on, and where the browser keeps nothing. */
function remember(mark: string): boolean {
  try {
    if (sessionStorage.getItem(mark)) return false;
    sessionStorage.setItem(mark, 'yes');
    return true;
  } catch {
    return false;
  }
}
