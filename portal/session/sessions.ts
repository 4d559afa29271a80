import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Somebody who has signed in: their tokens stay on the server. */
export interface SignedIn {
  /** As their identity provider calls them. */
  readonly name: string;
  /** Level of assurance, `eidas1`. */
  readonly level: string;
  /** What their identity provider said of them at the sign-in, for them to read; nothing is decided by it. */
  readonly identity?: Readonly<Record<string, unknown>>;
  /** A hub token that is good now; undefined when the session is over. */
  readonly token: () => Promise<string | undefined>;
  /** Ends the tokens, and says where the browser goes to sign out of the identity provider too. */
  readonly end: () => Promise<string>;
}

/** Who a session may be signed in as; both at once is possible, and rare. */
export type Party = 'citizen' | 'agent';

/** A sign-in on its way: what the answer will be checked against. */
export interface PendingSignIn {
  readonly party: Party;
  readonly verifier: string;
  readonly nonce: string;
  readonly state: string;
  /** Path of the site to come back to. */
  readonly to: string;
}

/** One browser's visit of the site, kept on the server. */
export interface Session {
  /** Stands in every form of this session. */
  readonly csrfToken: string;
  readonly pending?: PendingSignIn;
  readonly people: Readonly<Partial<Record<Party, SignedIn>>>;
}

export interface Sessions {
  /** Undefined for an id that is unknown or over. */
  find(id: string | undefined): Session | undefined;
  /** A session that nobody has signed in to. */
  start(): { readonly id: string; readonly session: Session };
  /** Puts a changed session in the place of the old one. */
  replace(id: string, session: Session): void;
  /** A session under a new id, with a new CSRF token: after a sign-in no id from before it is worth anything. */
  rotate(id: string, session: Omit<Session, 'csrfToken'>): { readonly id: string; readonly session: Session };
  end(id: string): void;
}

/** As long as FranceConnect's own session, ms. */
export const SESSION_MS = 30 * 60_000;
const MAX_SESSIONS = 50_000;

/**
 * Sessions in the memory of this process: a restart signs everybody out, and several processes need a load balancer that keeps a browser with
 * one of them. They end 30 minutes after they began, whatever happens in them, as the hub's tokens do.
 */
export function createSessions(): Sessions {
  const sessions = new LRUCache<string, Session>({ max: MAX_SESSIONS, ttl: SESSION_MS, noUpdateTTL: true });
  const begin = (session: Omit<Session, 'csrfToken'>) => {
    const id = randomId();
    const begun = { ...session, csrfToken: randomId() };
    sessions.set(id, begun);
    return { id, session: begun };
  };
  return {
    find: (id) => (id === undefined ? undefined : sessions.get(id)),
    start: () => begin({ people: {} }),
    replace: (id, session) => void sessions.set(id, session),
    rotate(id, session) {
      sessions.delete(id);
      return begin(session);
    },
    end: (id) => void sessions.delete(id),
  };
}

/** 256 bits. */
function randomId(): string {
  return randomBytes(32).toString('base64url');
}
