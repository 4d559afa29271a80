import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { PostalAddress } from '../kit/addressTables.ts';
import type { RecordCandidate } from '../kit/agencyModule.ts';

/** The supplier's contracts, as this agency reads them. */
export interface ContractSource {
  /** For each identity, in the same order, the customers who might be that person; the kit decides. */
  findPersons(identities: readonly PivotIdentity[]): Promise<readonly (readonly RecordCandidate<Customer>[])[]>;
  /** Contracts in force on that day in Paris (`YYYY-MM-DD`), oldest first, by customer. */
  contractsInForce(
    customers: readonly CustomerId[],
    dayInParis: string,
  ): Promise<ReadonlyMap<CustomerId, readonly Contract[]>>;
}

export type CustomerId = string;

/** A person as holder of contracts. */
export interface Customer {
  readonly customerId: CustomerId;
}

export type EnergyKind = 'ELECTRICITY' | 'GAS';

export interface Contract {
  readonly supplier: string;
  readonly reference: string | null;
  readonly energy: EnergyKind;
  /** In the order in which they signed. */
  readonly holders: readonly (Customer & { readonly identity: PivotIdentity })[];
  readonly deliveryPoint: { readonly number: string | null; readonly address: PostalAddress };
  /** `YYYY-MM-DD`. */
  readonly since: string;
  /** The first day on which it is over. */
  readonly until: string | null;
}
