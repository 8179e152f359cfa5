/** How tabs of the same browser tell each other that progress was made. */

export interface Channel {
  /** Tells the other tabs; the value is copied. */
  post(saved: unknown): void;
  /**
   * Calls back with what another tab posted, or with undefined when only the storage is known to
   * have changed. Returns how to stop that.
   */
  listen(listener: (saved: unknown) => void): () => void;
}

/** A channel that also hears of changes that tabs without a BroadcastChannel make in storage. */
export function openChannel(page: Window, storageKey: string): Channel {
  const broadcast = 'BroadcastChannel' in page ? new BroadcastChannel(storageKey) : undefined;
  return {
    post: (saved) => broadcast?.postMessage(saved),
    listen(listener) {
      const onMessage = (event: MessageEvent<unknown>) => listener(event.data);
      const onStorage = (event: StorageEvent) => {
        if (event.key === storageKey || event.key === null) listener(undefined);
      };
      broadcast?.addEventListener('message', onMessage);
      page.addEventListener('storage', onStorage);
      return () => {
        broadcast?.removeEventListener('message', onMessage);
        page.removeEventListener('storage', onStorage);
      };
    },
  };
}
