/* Made by npm run frontend-kit from operations.graphql and the public schema: do not edit. */
import type { TypedOperation } from './hubClient.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Somebody whom a request or a consent is about, seen from the caller. */
export type ConsentSubjectInput = {
  /** Which child, by the id that this service reads of them; left out, every minor child under the caller's authority. */
  reference?: string | null | undefined;
  /** What they are to the caller, as civil status has to prove. */
  role: ConsentSubjectInputRole;
};

/** Relation of a person to the caller, in a request or a consent. */
export type ConsentSubjectInputRole =
  /** A minor child under the caller's parental authority. */
  | 'CHILD'
  /** The caller. */
  | 'SELF'
  /** The caller's husband, wife or partner: may be asked, and answers for themself. */
  | 'SPOUSE';

/** What a service asks of a person. */
export type RequestConsentInput = {
  /** Name of the purpose; the service must hold an habilitation for it. */
  purpose: string;
  /** Where the person is sent back to: an address registered for the service, letter by letter. */
  returnUrl: string;
  /** Names of the categories of data, all of them within that habilitation. */
  scopes: Array<string>;
  /** The service's own, at most 512 printable characters, handed back with the person; nothing personal belongs in it. */
  state?: string | null | undefined;
  /** Whose data it is about [the caller's own]: SELF and CHILD together, or SPOUSE alone, whose own session the request is then put into. */
  subjects?: Array<ConsentSubjectInput> | null | undefined;
  /** When it shall end by itself: in the future, at most three years from now. */
  until: string;
};

export type FamilyQuotientQueryVariables = Exact<{ [key: string]: never; }>;


export type FamilyQuotientQuery = { me: { familyFile: { quotient: { value: number | null, year: number | null, month: number | null } | null } | null } | null };

export type AskConsentMutationVariables = Exact<{
  input: RequestConsentInput;
}>;


export type AskConsentMutation = { requestConsent: { consentUrl: string } };

export const FamilyQuotient: TypedOperation<FamilyQuotientQuery, FamilyQuotientQueryVariables> = {
  document: "query FamilyQuotient {\n  me {\n    familyFile {\n      quotient {\n        value\n        year\n        month\n      }\n    }\n  }\n}",
};

export const AskConsent: TypedOperation<AskConsentMutation, AskConsentMutationVariables> = {
  document: "mutation AskConsent($input: RequestConsentInput!) {\n  requestConsent(input: $input) {\n    consentUrl\n  }\n}",
};
