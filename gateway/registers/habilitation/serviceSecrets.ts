import type { ClientId } from '../../platform/ids.ts';

/** The token endpoint's secrets of services; the room that checks them keeps them (gateway/session). */
export interface ServiceSecrets {
  /** Older first; `since` is an ISO 8601 instant in UTC. */
  list(clientId: ClientId): Promise<readonly { readonly since: string | undefined }[]>;
  /** A new secret, known here and kept as a hash; undefined when there are two already, or the service signs assertions instead. */
  make(clientId: ClientId): Promise<string | undefined>;
  /** Ends the older of two; false when there is one, or none. */
  endOlder(clientId: ClientId): Promise<boolean>;
}
