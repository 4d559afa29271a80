import { SCOPES } from '../../schema/scopes.ts';
import { PROOF_ALGORITHMS } from '../platform/proofOfPossession.ts';
import { EXCHANGE_GRANT } from './exchangeGrant.ts';
import type { HubAddresses } from './parts.ts';
import { SERVICE_GRANT } from './serviceGrant.ts';
import { ASSERTION_ALGORITHMS, CLIENT_METHODS } from './provider.ts';

/**
 * What the token endpoint can do (RFC 8414; the same document answers OpenID Connect Discovery). Our own and not the library's, which would name
 * endpoints that are not there.
 */
export function metadata({ issuer, tokenEndpoint }: HubAddresses): object {
  return {
    issuer,
    token_endpoint: tokenEndpoint,
    revocation_endpoint: `${issuer}/token/revocation`,
    jwks_uri: `${issuer}/jwks`,
    grant_types_supported: [EXCHANGE_GRANT, 'refresh_token', SERVICE_GRANT],
    response_types_supported: [],
    scopes_supported: SCOPES.map(({ name }) => name),
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: CLIENT_METHODS,
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    revocation_endpoint_auth_methods_supported: CLIENT_METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    dpop_signing_alg_values_supported: PROOF_ALGORITHMS,
  };
}
