import { operation } from '../../graph.ts';
import type { ConsentKind, ConsentStatus, LegalBasis, PurposeFacts, ServiceFacts } from '../consents/consentGraph.ts';

export type ActType = 'REQUESTED' | 'GIVEN' | 'REFUSED' | 'RENEWED' | 'WITHDRAWN' | 'OBJECTED';

/** An entry of the ledger as the person reads it. */
export interface Authorisation {
  readonly id: string;
  readonly status: ConsentStatus;
  readonly kind: ConsentKind;
  readonly legalBasis: LegalBasis;
  readonly service: ServiceFacts;
  readonly purpose: PurposeFacts;
  readonly scopes: readonly { readonly name: string }[];
  readonly subjects: readonly { readonly role: string }[];
  readonly requestedAt: string | null;
  readonly givenAt: string | null;
  readonly expiresAt: string | null;
  readonly endedAt: string | null;
}

export interface AuthorisationInFull extends Authorisation {
  readonly receipt: string | null;
  readonly history: readonly {
    readonly type: ActType;
    readonly at: string;
    readonly expiresAt: string;
    readonly scopes: readonly { readonly name: string }[];
  }[];
}

interface Consents<One> {
  readonly me: { readonly consents: readonly One[] | null } | null;
}

const ENTRY = `id status kind legalBasis requestedAt givenAt expiresAt endedAt
  service { clientId name siret } purpose { name label(language: $language) } scopes { name } subjects { role }`;

export const AUTHORISATIONS = operation<Consents<Authorisation>, { readonly language: 'FR' | 'EN' }>(
  `query Authorisations($language: Language!) { me { consents { ${ENTRY} } } }`,
);

/** All of them with their history and receipts: the graph has no question for one. */
export const AUTHORISATIONS_IN_FULL = operation<Consents<AuthorisationInFull>, { readonly language: 'FR' | 'EN' }>(
  `query AuthorisationsInFull($language: Language!) {
    me { consents { ${ENTRY} receipt history { type at expiresAt scopes { name } } } }
  }`,
);

interface Ended {
  readonly ended: { readonly consent: { readonly id: string } | null } | null;
}

export const WITHDRAW = operation<Ended, { readonly id: string }>(
  'mutation Withdraw($id: ID!) { ended: withdrawConsent(id: $id) { consent { id } } }',
);

export const OBJECT = operation<Ended, { readonly id: string }>(
  'mutation Object($id: ID!) { ended: objectTo(id: $id) { consent { id } } }',
);

export const RENEW = operation<
  { readonly renewed: { readonly consent: { readonly id: string } | null } | null },
  { readonly id: string; readonly expiresAt: string }
>(
  'mutation Renew($id: ID!, $expiresAt: DateTime!) { renewed: renewConsent(id: $id, expiresAt: $expiresAt) { consent { id } } }',
);
