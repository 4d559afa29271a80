import type { Acr } from '../../../schema/acr.ts';
import type { LegalBasis, PurposeName } from '../../../schema/purposes.ts';
import type { RefusalReason } from '../../../schema/refusals.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { AgencyId, ClientId, RequestId, SubjectKey } from '../../platform/ids.ts';

export type FieldOutcome = 'DELIVERED' | 'MASKED' | 'REFUSED' | 'ABSENT' | 'ERROR';
export type CallerRole = 'SELF' | 'PARENT' | 'SPOUSE' | 'SYSTEM' | 'OTHER';

export interface AccessedField {
  /** Schema coordinate, `TaxAssessment.referenceTaxIncome`. Never an alias or a position, which a client fills as it likes. */
  readonly coordinate: string;
  /** First scope that opens the field, when it has one. */
  readonly scope?: ScopeName;
  readonly outcome: FieldOutcome;
  readonly reason?: RefusalReason | 'AGENCY_UNAVAILABLE' | 'NOT_AVAILABLE';
}

/** One line of the log a citizen can read, per request, subject and agency. Never a value. */
export interface AccessEntry {
  readonly requestId: RequestId;
  /** ISO 8601 instant in UTC. */
  readonly at: string;
  readonly subject: SubjectKey;
  readonly actor: SubjectKey;
  readonly role: CallerRole;
  readonly clientId: ClientId;
  readonly agency: AgencyId;
  readonly purpose: PurposeName;
  readonly legalBasis: LegalBasis;
  readonly habilitationId: string;
  readonly acr: Acr;
  readonly fields: readonly AccessedField[];
}

/** An entry as it lies in the log, in a line of its chain. */
export interface AccessRecord extends AccessEntry {
  readonly id: string;
  readonly chainId: string;
  /** The line's. */
  readonly seq: number;
  readonly place: RecordPlace;
}

/** Where a record stands in the order of writing, over all chains. */
export interface RecordPlace {
  readonly line: number;
  /** Among the records of its line. */
  readonly position: number;
}

export interface AccessLog {
  /**
   * Resolves when every entry is durable; all entries of one call are written in one transaction. Throws HubError
   * HUB_AUDIT_UNAVAILABLE when it can't be done: no record, no reply.
   */
  append(entries: readonly AccessEntry[]): Promise<void>;
  /** A subject's records, the last written first; `after` is an opaque cursor. */
  list(
    subject: SubjectKey,
    page: { readonly first: number; readonly after?: string },
  ): Promise<{
    readonly records: readonly AccessRecord[];
    readonly endCursor?: string;
    readonly hasNextPage: boolean;
  }>;
}
