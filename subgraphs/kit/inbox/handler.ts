import type { Transaction } from 'kysely';
import type { CitizenReason, DeclaredPostalAddress } from '../../../schema/declaration.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import type { Clock } from '../agencyModule.ts';
import type { Reconciled } from '../reconcile.ts';

/*
 * What an agency writes to take declarations: `onDeclaration` of its AgencyDefinition. The kit has verified the message, knows that it was never
 * applied before, and has found the people in the agency's file; what the handler writes and that the message was received are one transaction.
 */

export interface DeclarationHandler {
  /** Applies a move as it stands now; one that was applied before under the same delivery has been undone. Writes nothing when it refuses or asks. */
  apply(move: ReceivedMove<never>, powers: DeclarationPowers): Promise<DeclarationOutcome>;
  /** Takes back whatever was applied under that delivery; nothing is no fault. */
  undo(delivery: string, powers: DeclarationPowers): Promise<void>;
}

export interface DeclarationPowers {
  /** Everything the handler does with its tables goes through this; `database.withTables<Tables>()`. */
  readonly database: Transaction<unknown>;
  readonly clock: Clock;
}

/** A move, with no field beyond the agency's manifest. */
export interface ReceivedMove<Row = unknown> {
  /** Reference of the delivery, 13 characters: what an agency keeps beside what it applied. */
  readonly delivery: string;
  /** 12 digits, later ones are larger: of two moves of one person that count from the same day, the larger one holds. */
  readonly sequence: string;
  /** When the citizen said it, ISO 8601 instant in UTC. */
  readonly declaredAt: string;
  readonly declarant: MovingPerson<Row>;
  readonly adults: readonly MovingPerson<Row>[];
  readonly children: readonly MovingPerson<Row>[];
  /** `YYYY-MM-DD`. */
  readonly effectiveDate?: string;
  readonly oldAddress?: DeclaredPostalAddress;
  readonly newAddress?: DeclaredPostalAddress;
}

/** Found in the agency's file as for reads: exactly one record, or absent with the reason, which is not the citizen's to know. */
export interface MovingPerson<Row = unknown> {
  /** The agency's own reference for the person. */
  readonly reference: string;
  readonly identity: PivotIdentity;
  /** A declarant is absent only where the manifest says `openToAll`, and then as NONE. */
  readonly found: Reconciled<Row>;
}

/** What becomes of it. `reason` is read by the citizen, in both languages, and names nobody. */
export type DeclarationOutcome =
  | { readonly status: 'RECEIVED' | 'IN_PROGRESS' | 'DONE'; readonly later?: LaterStatus }
  | { readonly status: 'NEEDS_CITIZEN' | 'REFUSED'; readonly reason: CitizenReason };

/** A status that follows by itself, unless the citizen amends or cancels before. */
export interface LaterStatus {
  readonly status: 'IN_PROGRESS' | 'DONE';
  /** ISO 8601 instant in UTC. */
  readonly at: string;
}
