import { randomBytes } from 'node:crypto';
import type { Session } from '../session/sessions.ts';
import type { FieldName, Procedure } from './procedures.ts';

/** What a person may print: how the price came about, without the values. */
export interface Receipt {
  readonly reference: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly procedure: Procedure['id'];
  readonly way: 'shared' | 'sworn' | 'paper';
  /** Of the administrations' data. */
  readonly used: readonly FieldName[];
  /** Undefined until an official has read the document. */
  readonly cents?: number;
  /** The document itself, which a real service would hand to its officials here. */
  readonly paper?: Uint8Array;
}

/** Receipts of this process, each as long as its session and gone with it. */
export function createReceipts() {
  const bySession = new WeakMap<Session, Receipt>();
  return {
    of: (session: Session | undefined): Receipt | undefined => session && bySession.get(session),
    keep(session: Session, receipt: Omit<Receipt, 'reference'>): void {
      bySession.set(session, { ...receipt, reference: `VLE-${randomBytes(5).toString('hex').toUpperCase()}` });
    },
  };
}

export type Receipts = ReturnType<typeof createReceipts>;
