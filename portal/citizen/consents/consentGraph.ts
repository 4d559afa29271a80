import { operation } from '../../graph.ts';

/** A service as every page shows it. */
export interface ServiceFacts {
  readonly clientId: string;
  readonly name: string;
  readonly siret: string;
}

export interface PurposeFacts {
  readonly name: string;
  readonly label: string;
}

export type ConsentStatus = 'REQUESTED' | 'ACTIVE' | 'REFUSED' | 'WITHDRAWN' | 'OBJECTED' | 'EXPIRED';
export type ConsentKind = 'CONSENT' | 'NOTICE';
export type LegalBasis = 'CONSENT_RGPD_6_1_A' | 'INFORMATION_L114_8' | 'RIGHT_OF_ACCESS_RGPD_15' | 'HUB_OPERATION';

/** What a request and an offer have in common. */
export interface ConsentTerms {
  readonly kind: ConsentKind;
  readonly legalBasis: LegalBasis;
  readonly service: ServiceFacts;
  readonly purpose: PurposeFacts;
  readonly scopes: readonly { readonly name: string }[];
}

export interface RequestedConsent extends ConsentTerms {
  readonly id: string;
  readonly status: ConsentStatus;
  readonly expiresAt: string;
  readonly askedByPartner: boolean;
  readonly subjects: readonly { readonly role: string }[];
}

export interface ConsentRequest {
  readonly answerBefore: string;
  readonly retentionMonths: number | null;
  readonly returnTo: string;
  readonly consent: RequestedConsent;
}

const TERMS =
  'kind legalBasis service { clientId name siret } purpose { name label(language: $language) } scopes { name }';

interface InLanguage {
  readonly language: 'FR' | 'EN';
}

export const CONSENT_REQUEST = operation<
  {
    readonly consentRequest: ConsentRequest | null;
    readonly me: { readonly consents: readonly { readonly id: string }[] | null } | null;
  },
  InLanguage & { readonly id: string }
>(`query ConsentRequest($id: ID!, $language: Language!) {
  consentRequest(id: $id) {
    answerBefore retentionMonths returnTo
    consent { id status expiresAt askedByPartner subjects { role } ${TERMS} }
  }
  me { consents { id } }
}`);

export const ANSWER = operation<
  { readonly answerConsentRequest: { readonly returnTo: string | null } | null },
  { readonly id: string; readonly accept: readonly string[]; readonly refuse: boolean }
>(`mutation Answer($id: ID!, $accept: [String!]!, $refuse: Boolean!) {
  answerConsentRequest(id: $id, accept: $accept, refuse: $refuse) { returnTo }
}`);

export interface ConsentOffer extends ConsentTerms {
  readonly retentionMonths: number;
}

export const CONSENT_OFFER = operation<
  { readonly consentOffer: ConsentOffer | null },
  InLanguage & { readonly clientId: string; readonly purpose: string }
>(`query ConsentOffer($clientId: ID!, $purpose: String!, $language: Language!) {
  consentOffer(clientId: $clientId, purpose: $purpose) { retentionMonths ${TERMS} }
}`);

interface Given {
  readonly consent: { readonly id: string } | null;
}

interface GiveVariables {
  readonly input: {
    readonly clientId: string;
    readonly purpose: string;
    readonly scopes: readonly string[];
    readonly expiresAt: string;
  };
}

export const GIVE = operation<{ readonly given: Given | null }, GiveVariables>(
  'mutation Give($input: GiveConsentInput!) { given: giveConsent(input: $input) { consent { id } } }',
);

export const ACKNOWLEDGE = operation<{ readonly given: Given | null }, GiveVariables>(
  'mutation Acknowledge($input: GiveConsentInput!) { given: acknowledgeNotice(input: $input) { consent { id } } }',
);
