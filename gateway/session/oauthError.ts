import { errors } from 'oidc-provider';
import { HubError } from '../platform/errors.ts';

/** Codes of RFC 6749 (5.2), RFC 8693 (2.2.2), RFC 9449 (5) that the hub's own checks give, and their statuses. */
const STATUSES = {
  invalid_request: 400,
  invalid_grant: 400,
  invalid_scope: 400,
  invalid_target: 400,
  invalid_client: 401,
  invalid_dpop_proof: 400,
  unauthorized_client: 400,
  temporarily_unavailable: 503,
} as const;

/**
 * A refusal of the token endpoint. The description is for the service's developers: plain ASCII (RFC 6749, 5.2), no value of anybody's. The library's
 * own classes hide some descriptions and take whatever is 5xx for a defect, hence this one.
 */
export class OAuthError extends errors.OIDCProviderError {
  constructor(error: keyof typeof STATUSES, description: string, options?: { readonly cause?: unknown }) {
    super(STATUSES[error], error);
    this.expose = true;
    this.error_description = description;
    this.cause = options?.cause;
  }
}

/** What the hub's other rooms refuse, in OAuth's words. What is no refusal stays what it is, and the client reads `server_error`. */
export function toOAuthError(fault: unknown): unknown {
  if (!(fault instanceof HubError)) return fault;
  switch (fault.code) {
    case 'HUB_TOKEN_ISSUER_UNAVAILABLE':
      return new OAuthError('temporarily_unavailable', 'the identity provider does not answer as it should', {
        cause: fault,
      });
    case 'HUB_LEDGER_UNAVAILABLE':
      return new OAuthError('temporarily_unavailable', 'the ledger does not answer', { cause: fault });
    case 'HUB_TOKEN_IDENTITY_INCOMPLETE':
      return new OAuthError('invalid_grant', 'the identity is incomplete: ask for the scope identite_pivot');
    default:
      return fault;
  }
}
