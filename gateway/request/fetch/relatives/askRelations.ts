import { hash } from 'node:crypto';
import { GRANT_TTL_SECONDS, withGrant, type Grant } from '../../../../schema/grant.ts';
import type { ScopeName } from '../../../../schema/scopes.ts';
import type { AgencyKeys } from '../../../platform/agencyKeys.ts';
import type { AgencyRequestIdOf } from '../../../platform/agencyRequestIds.ts';
import type { Clock } from '../../../platform/clock.ts';
import { createNonce, type AgencyId, type RequestId } from '../../../platform/ids.ts';
import type { ExchangePublicJwk } from '../../../platform/keys.ts';
import type { References } from '../../../platform/references.ts';
import type { GrantSealer } from '../../../platform/seal.ts';
import type { Service } from '../../../registers/habilitation/habilitation.ts';
import type { Caller, Departure } from '../../exchange.ts';
import { AgencyFault, type AgencySend } from '../agencyPort.ts';

export const RELATION_SCOPE: ScopeName = 'hub_liens_familiaux';

export interface RelationQuestion {
  readonly caller: Pick<Caller, 'subject' | 'pivot' | 'acr'>;
  readonly requestId: RequestId;
  readonly service: Service;
  readonly purpose: string;
}

/** Asks civil status for one person's relatives: the answer's text, not yet looked into. Rejects with AgencyFault. */
export type AskRelations = (question: RelationQuestion) => Promise<string>;

export interface AskRelationsPowers {
  readonly send: AgencySend;
  readonly seal: GrantSealer;
  readonly agencyKeys: Pick<AgencyKeys, 'find' | 'reread'>;
  readonly references: References;
  readonly agencyRequestIdOf: AgencyRequestIdOf;
  readonly clock: Clock;
}

const CIVIL_STATUS = 'civil-status' as AgencyId;
const RELATIVE = '{birthName givenNames gender birthDate birthPlace birthCountry parentalAuthority standing}';
const QUERY =
  'query($representations:[_Any!]!){_entities(representations:$representations){...on Citizen{' +
  `relationProof{children${RELATIVE}partner${RELATIVE}}}}}`;

/** Several requests may wait for it: none of them leaving ends it. The time limits are those of every agency. */
const NOBODY_LEAVES: Departure = {
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};

export function createAskRelations(powers: AskRelationsPowers): AskRelations {
  const { agencyKeys, send } = powers;
  return async (question) => {
    const agencyKey = agencyKeys.find(CIVIL_STATUS);
    if (!agencyKey) throw new AgencyFault('UNAVAILABLE', { detail: 'no key of the agency', retryAfterSeconds: 1 });
    const ask = (key: ExchangePublicJwk) =>
      send(CIVIL_STATUS, bodyFor(question, key, powers), { kind: 'query', signal: NOBODY_LEAVES });
    try {
      return await ask(agencyKey);
    } catch (fault) {
      if (!(fault instanceof AgencyFault) || !fault.grantRefused) throw fault;
      // It may have changed its key without a word.
      const newKey = await agencyKeys.reread(CIVIL_STATUS);
      if (!newKey || newKey === agencyKey) throw fault;
      return ask(newKey);
    }
  };
}

function bodyFor(question: RelationQuestion, agencyKey: ExchangePublicJwk, powers: AskRelationsPowers): string {
  const { caller, requestId, service, purpose } = question;
  const reference = powers.references.referenceFor(caller.subject, `agency:${CIVIL_STATUS}`);
  const representations = [{ __typename: 'Citizen', id: reference }];
  const head = JSON.stringify({ query: QUERY, variables: { representations } }).slice(0, -1);
  const issuedAt = Math.floor(powers.clock() / 1000);
  const grant: Grant = {
    iss: 'hub',
    aud: CIVIL_STATUS,
    jti: createNonce(),
    iat: issuedAt,
    exp: issuedAt + GRANT_TTL_SECONDS,
    requestId: powers.agencyRequestIdOf(requestId, CIVIL_STATUS),
    service: { clientId: service.clientId, siret: service.siret },
    purpose,
    acr: caller.acr,
    digest: hash('sha256', head, 'base64url'),
    subjects: [{ reference, role: 'SELF', scopes: [RELATION_SCOPE], pivot: caller.pivot }],
    met: {},
  };
  return withGrant(head, powers.seal(agencyKey, grant));
}
