import { operation } from '../../graph.ts';

export type RequestState = 'DRAFT' | 'SUBMITTED' | 'CHANGES_REQUESTED' | 'VALIDATED' | 'REFUSED' | 'REVOKED';
export type ActType = 'DRAFTED' | 'SUBMITTED' | 'CHANGES_REQUESTED' | 'VALIDATED' | 'REFUSED' | 'REOPENED' | 'REVOKED';

export interface RequestSummary {
  readonly id: string;
  readonly state: RequestState;
  readonly reopening: boolean;
  readonly terms: {
    readonly service: { readonly clientId: string; readonly name: string; readonly siret: string };
    readonly purpose: { readonly name: string; readonly label: string };
  };
}

export interface RequestDetails extends RequestSummary {
  readonly terms: RequestSummary['terms'] & {
    readonly scopes: readonly {
      readonly name: string;
      readonly label: string;
      readonly justification: string | null;
    }[];
    readonly legalBasis: string;
    readonly legalText: string | null;
    readonly legalUrl: string | null;
    readonly retentionMonths: number;
    readonly retentionJustification: string | null;
    readonly minimumAcr: string;
    readonly callsPerMinute: number | null;
    readonly firstDay: string;
    readonly lastDay: string;
    readonly dpoContact: string | null;
  };
  readonly inForce: { readonly version: number; readonly lastDay: string } | null;
  readonly history: readonly {
    readonly type: ActType;
    readonly at: string;
    readonly siret: string;
    readonly reason: string | null;
  }[];
}

const SUMMARY =
  'id state reopening terms { service { clientId name siret } purpose { name label(language: $language) } }';
const DETAILS = `id state reopening terms { service { clientId name siret } purpose { name label(language: $language) }
  scopes { name label(language: $language) justification } legalBasis legalText legalUrl retentionMonths
  retentionJustification minimumAcr callsPerMinute firstDay lastDay dpoContact }
  inForce { version lastDay } history { type at siret reason }`;

interface InLanguage {
  readonly language: 'FR' | 'EN';
}

export const LIST = operation<{ habilitationRequests: readonly RequestSummary[] | null }, InLanguage>(
  `query HabilitationRequests($language: Language!) { habilitationRequests { ${SUMMARY} } }`,
);

export const READ = operation<{ habilitationRequest: RequestDetails | null }, InLanguage & { readonly id: string }>(
  `query HabilitationRequest($id: ID!, $language: Language!) { habilitationRequest(id: $id) { ${DETAILS} } }`,
);

export const SERVICES = operation<{
  serviceAccounts: readonly { readonly service: RequestSummary['terms']['service'] }[] | null;
}>('query OwnServices { serviceAccounts { service { clientId name siret } } }');

export const DRAFT = operation<
  { draftHabilitation: { request: { id: string } } },
  { readonly id: string | null; readonly input: object }
>(
  'mutation DraftHabilitation($id: ID, $input: HabilitationInput!) { draftHabilitation(id: $id, input: $input) { request { id } } }',
);

interface Acted {
  readonly act: { readonly request: { readonly state: RequestState } };
}
const acting = (name: string) =>
  operation<Acted, { readonly id: string }>(`mutation Act($id: ID!) { act: ${name}(id: $id) { request { state } } }`);
const actingWithReason = (name: string) =>
  operation<Acted, { readonly id: string; readonly reason: string }>(
    `mutation Act($id: ID!, $reason: String!) { act: ${name}(id: $id, reason: $reason) { request { state } } }`,
  );

export const SUBMIT = acting('submitHabilitation');
export const REOPEN = acting('reopenHabilitation');
export const VALIDATE = acting('validateHabilitation');
export const REQUEST_CHANGES = actingWithReason('requestHabilitationChanges');
export const REFUSE = actingWithReason('refuseHabilitation');
export const REVOKE = actingWithReason('revokeHabilitation');
