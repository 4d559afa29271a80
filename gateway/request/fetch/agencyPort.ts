import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import type { Departure } from '../exchange.ts';

export interface AgencySendOptions {
  /** A mutation is never sent twice. */
  readonly kind: 'query' | 'mutation';
  /** Aborted when the client leaves or the request's time is over. */
  readonly signal: Departure;
}

/**
 * One GraphQL request to one agency: body in, body out, both as text. The answer is what the agency wrote with status 200, not yet
 * looked into. Rejects with AgencyFault, and with nothing else, when there is no such answer.
 */
export type AgencySend = (agency: AgencyId, body: string, options: AgencySendOptions) => Promise<string>;

/** `UNAVAILABLE`: nobody answered in time. `INVALID_ANSWER`: somebody did, with something that is not a GraphQL answer. */
export type AgencyFaultKind = 'UNAVAILABLE' | 'INVALID_ANSWER';

/** Why an agency gave no answer. The message is for the log alone and holds no value of anybody's. */
export class AgencyFault extends Error {
  override readonly name = 'AgencyFault';
  readonly kind: AgencyFaultKind;
  /** When to try again, if that is known: whole seconds. */
  readonly retryAfterSeconds: number | undefined;
  /** The agency did not take the grant (status 401), so it did nothing with the body either. */
  readonly grantRefused: boolean;

  constructor(
    kind: AgencyFaultKind,
    options: {
      readonly detail?: string;
      readonly retryAfterSeconds?: number;
      readonly grantRefused?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(options.detail ?? kind, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.grantRefused = options.grantRefused ?? false;
  }
}

/**
 * Makes the grant of one fetch: a compact JWE over the head's exact bytes, for these subjects (schema/grant.ts). `subjects` holds
 * every person whose reference stands in the head, each once; the caller when the fetch starts at a root field.
 */
export type SealGrant = (agency: AgencyId, head: string, subjects: readonly SubjectKey[]) => string;
