import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { SubjectKey } from './ids.ts';

/** What civil status says of one relative of a person. */
export interface ProvenRelative {
  readonly subject: SubjectKey;
  readonly role: 'CHILD' | 'SPOUSE';
  readonly pivot: PivotIdentity;
  /** Whether the person holds parental authority over them, as civil status said; ends at majority whatever it said. */
  readonly parentalAuthority: boolean;
  /** The dead and the protected are as absent as whoever was never registered. */
  readonly standing: 'PRESENT' | 'DECEASED' | 'PROTECTED';
}

/** Who a person's relatives are, as the hub has read it for itself. Never shown to anybody. */
export interface RelationProof {
  /** Names this reading: what is kept of it beside a consent that rests on it. */
  readonly id: string;
  /** Day in Paris, `YYYY-MM-DD`. */
  readonly provenOn: string;
  readonly relatives: readonly ProvenRelative[];
}
