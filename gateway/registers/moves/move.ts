import type { CitizenReason, DeclaredPostalAddress, DeliveryStatus } from '../../../schema/declaration.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import type { AgencyId, SubjectKey } from '../../platform/ids.ts';

/** 13 characters, for a declaration as the citizen knows it. */
export type MoveReference = string & { readonly moveReference: unique symbol };
/** 13 characters, for a declaration as one recipient knows it. */
export type DeliveryReference = string & { readonly deliveryReference: unique symbol };

/** What a declaration says of people. */
export interface MoveContent {
  /** Of whoever declares. */
  readonly identity: PivotIdentity;
  readonly oldAddress: DeclaredPostalAddress;
  readonly newAddress: DeclaredPostalAddress;
}

/** A citizen's declaration of a move, as it stands now. */
export interface Move {
  readonly reference: MoveReference;
  readonly declarant: SubjectKey;
  /** Undefined once it is erased. */
  readonly content: MoveContent | undefined;
  readonly erasedAt: string | undefined;
  readonly state: 'DECLARED' | 'CANCELLED';
  /** ISO 8601 instants in UTC. */
  readonly declaredAt: string;
  readonly changedAt: string | undefined;
  /** Day in Paris, `YYYY-MM-DD`. */
  readonly effectiveDate: string;
  readonly members: readonly MoveMember[];
  readonly deliveries: readonly MoveDelivery[];
}

/** Somebody else who moves. An adult is in no message, and has no identity here, until they have confirmed. */
export interface MoveMember {
  readonly subject: SubjectKey;
  readonly role: 'CHILD' | 'ADULT';
  readonly state: 'INCLUDED' | 'AWAITING_CONFIRMATION' | 'DECLINED';
  readonly identity: PivotIdentity | undefined;
}

/** How a declaration stands at a recipient: the recipient's own statuses, and what the hub knows beside them. */
export type MoveDeliveryStatus = DeliveryStatus | 'SENDING' | 'UNDELIVERABLE' | 'NOT_SENT' | 'CANCELLED';

export interface MoveDelivery {
  readonly delivery: DeliveryReference;
  readonly agency: AgencyId;
  readonly status: MoveDeliveryStatus;
  readonly reason: CitizenReason | undefined;
  readonly statusAt: string;
  /** SHA-256 of the content that was last said, hexadecimal; undefined for a cancellation, and once the declaration is erased. */
  readonly sha256: string | undefined;
  readonly promisedDays: number;
  readonly steps: readonly MoveStep[];
}

export interface MoveStep {
  readonly at: string;
  readonly status: MoveDeliveryStatus;
  readonly reason: CitizenReason | undefined;
}

/** What is declared, checked and resolved; `recipients` are those that are told from now on. */
export interface DeclaredMove extends MoveContent {
  readonly declarant: SubjectKey;
  readonly effectiveDate: string;
  readonly members: readonly MoveMember[];
  readonly recipients: readonly AgencyId[];
}

/** A declaration that changed: its people may be told, nobody else. */
export interface MoveChange {
  readonly reference: MoveReference;
  /** The person who declared it, and those whom they named. */
  readonly subjects: readonly SubjectKey[];
}

/** What a person had erased of their moves. */
export interface MoveErasure {
  /** Declarations of theirs. */
  readonly moves: number;
  /** Their part in what others declared. */
  readonly parts: number;
  /** Declarations of theirs that are still under way. */
  readonly kept: number;
  /** The day by which the last of these is erased if nothing happens to it any more; undefined when none is kept. */
  readonly keptUntil: string | undefined;
}

export interface MoveRegister {
  /** Declaration and deliveries are durable, together, when it resolves. */
  declare(move: DeclaredMove): Promise<Move>;
  /** The declaration said anew; undefined when it is not that person's, or was taken back. */
  amend(reference: MoveReference, move: DeclaredMove): Promise<Move | undefined>;
  /**
   * Takes it back; undefined when it is not that person's. When it resolves nothing of it can arrive anywhere any more but the cancellation: it waits for
   * attempts under way, as long as a message may be taken at most.
   */
  cancel(declarant: SubjectKey, reference: MoveReference): Promise<Move | undefined>;
  /** An adult's own word; undefined when nobody awaits it. */
  confirm(
    adult: { readonly subject: SubjectKey; readonly identity: PivotIdentity },
    reference: MoveReference,
    accept: boolean,
  ): Promise<Move | undefined>;
  /** Those a person declared and those in which they are named, newest first. */
  list(subject: SubjectKey): Promise<readonly Move[]>;
  find(reference: MoveReference): Promise<Move | undefined>;
  /** Erases what is over of what that person's declarations, and those that name them, say of them. */
  erase(subject: SubjectKey): Promise<MoveErasure>;
  /**
   * Called on every node after each change of a declaration or a delivery is committed; with undefined when some may have been missed. Returns what
   * ends it.
   */
  onMoveChanged(listener: (change: MoveChange | undefined) => void): () => void;
}
