import type { ClientId, SubjectKey } from '../../platform/ids.ts';

/** Some consent of a person to that service for that purpose has changed. */
export interface ConsentChange {
  readonly clientId: ClientId;
  readonly purpose: string;
}

type Listener = (change: ConsentChange | undefined) => void;

/** Who wants to hear, on this node, of changes about one person each. */
export interface ConsentWatchers {
  /** Returns what ends it; safe to call twice. */
  watch(subject: SubjectKey, listener: Listener): () => void;
  tell(subject: SubjectKey, change: ConsentChange): void;
  /** Changes may have been missed: everybody is called with undefined. */
  tellAll(): void;
}

export function createConsentWatchers(): ConsentWatchers {
  const bySubject = new Map<SubjectKey, Set<Listener>>();
  return {
    watch(subject, listener) {
      const listeners = bySubject.get(subject) ?? new Set();
      bySubject.set(subject, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && bySubject.get(subject) === listeners) bySubject.delete(subject);
      };
    },
    tell(subject, change) {
      // A copy: a listener may end while it is told.
      for (const listener of [...(bySubject.get(subject) ?? [])]) listener(change);
    },
    tellAll() {
      for (const listeners of [...bySubject.values()]) for (const listener of [...listeners]) listener(undefined);
    },
  };
}
