import { createHmac, hkdfSync } from 'node:crypto';
import type { AgencyId, RequestId } from './ids.ts';
import type { HubKeys } from './keys.ts';

/** The name of one request before one agency: another for each, the same for all fetches of the request. */
export type AgencyRequestIdOf = (requestId: RequestId, agency: AgencyId) => RequestId;

const CHARACTERS_OF_16_BYTES = 22;

/**
 * The hub's own request id goes to the service (Hub-Request-Id) and to the access log. Were it sent to agencies as well, any two of their logs, or an
 * agency's and the service's, could be joined on it line by line. So each agency gets an HMAC of it, which nobody but the hub can
 * compute, and the hub can at any time for an operator who looks for the agency's side of a request.
 */
export function createAgencyRequestIds(keys: Pick<HubKeys, 'subjectSecret'>): AgencyRequestIdOf {
  const key = Buffer.from(hkdfSync('sha256', keys.subjectSecret, '', 'trait-dunion request ids v1', 32));
  return (requestId, agency) => {
    const digest = createHmac('sha256', key).update(`${agency}\n${requestId}`).digest('base64url');
    return `req_${digest.slice(0, CHARACTERS_OF_16_BYTES)}` as RequestId;
  };
}
