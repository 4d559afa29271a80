/** Who wants to hear, on this node, of changes about one thing each. */
export interface Watchers<Key, Change> {
  /** Returns what ends it; safe to call twice. */
  watch(key: Key, listener: (change: Change | undefined) => void): () => void;
  tell(key: Key, change: Change): void;
  /** Changes may have been missed: everybody is called with undefined. */
  tellAll(): void;
}

export function createWatchers<Key, Change>(): Watchers<Key, Change> {
  const byKey = new Map<Key, Set<(change: Change | undefined) => void>>();
  return {
    watch(key, listener) {
      const listeners = byKey.get(key) ?? new Set();
      byKey.set(key, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && byKey.get(key) === listeners) byKey.delete(key);
      };
    },
    tell(key, change) {
      // A copy: a listener may end while it is told.
      for (const listener of [...(byKey.get(key) ?? [])]) listener(change);
    },
    tellAll() {
      for (const listeners of [...byKey.values()]) for (const listener of [...listeners]) listener(undefined);
    },
  };
}
