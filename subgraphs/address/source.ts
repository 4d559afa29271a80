import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { PostalAddress } from '../kit/addressTables.ts';
import type { RecordCandidate } from '../kit/agencyModule.ts';

/** The register of declared addresses, as this agency reads it. */
export interface AddressSource {
  /** For each identity, in the same order, whoever might be that person; the kit decides. */
  findPersons(identities: readonly PivotIdentity[]): Promise<readonly (readonly RecordCandidate<Declarer>[])[]>;
  /** Declarations in force on that day in Paris (`YYYY-MM-DD`), one for each usage, by person. */
  addressesInForce(
    persons: readonly PersonId[],
    dayInParis: string,
  ): Promise<ReadonlyMap<PersonId, readonly DeclaredAddress[]>>;
}

export type PersonId = string;

/** A person who declared addresses. */
export interface Declarer {
  readonly personId: PersonId;
}

export interface DeclaredAddress {
  readonly usage: 'MAIN' | 'SECONDARY' | 'POSTAL';
  /** Who received the declaration. */
  readonly holder: string;
  /** `YYYY-MM-DD`. */
  readonly declaredOn: string;
  readonly address: PostalAddress;
}
