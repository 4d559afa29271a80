import { subjectsOf } from './accessLine.ts';
import { type ChainHead, type ChainedRow, type Genesis, chainHash } from './chain.ts';

export type ChainFaultKind =
  /** The chain does not start with the row that opens it. */
  | 'NO_BEGINNING'
  | 'ROWS_MISSING'
  | 'LINK_BROKEN'
  | 'ENTRY_EDITED'
  /** The row is filed under another time than its entry says, or not under everybody of whom it holds a record. */
  | 'COLUMNS_EDITED'
  /** Somebody saw this row, and it is not there or is another one: the chain was cut at its end, or written anew. */
  | 'CUT_OR_REPLACED';

export interface ChainFault {
  readonly chainId: string;
  readonly seq: number;
  readonly fault: ChainFaultKind;
}

export interface ChainReport {
  readonly faults: readonly ChainFault[];
  /** Where each chain ends now: keep them elsewhere, and hand them in next time. */
  readonly heads: readonly ChainHead[];
  readonly rowCount: number;
}

/**
 * Checks a whole log, offline. `readRows` gives all rows, each chain's in order (readChains, or an export); it is called twice. `witnessed` are
 * heads seen earlier; those that chains noted of each other when they began are used besides.
 *
 * Hashes hold no secret: whoever can write the table can write a chain anew from any row on. That shows against a witnessed head and not otherwise, so heads
 * are to be kept where the database's operator cannot write; without one, the end of the youngest chain can be cut unnoticed.
 */
export async function verifyChain(
  readRows: () => AsyncIterable<ChainedRow> | Iterable<ChainedRow>,
  witnessed: readonly ChainHead[] = [],
): Promise<ChainReport> {
  const faults: ChainFault[] = [];
  const heads = new Map<string, ChainHead>();
  const missing = new Map(witnessed.map((head) => [placeOf(head), head]));
  let previous: ChainedRow | undefined;
  let rowCount = 0;

  for await (const row of readRows()) {
    rowCount += 1;
    const { chainId, seq, hash } = row;
    const fault = findFault(row, previous?.chainId === chainId ? previous : undefined);
    if (fault !== undefined) faults.push({ chainId, seq, fault });
    for (const head of witnessedBy(row)) missing.set(placeOf(head), head);
    heads.set(chainId, { chainId, seq, hash });
    previous = row;
  }
  // A second time: what a chain witnessed may have passed before it.
  for await (const row of readRows()) {
    if (missing.get(placeOf(row))?.hash === row.hash) missing.delete(placeOf(row));
  }
  for (const { chainId, seq } of missing.values()) faults.push({ chainId, seq, fault: 'CUT_OR_REPLACED' });
  return { faults, heads: [...heads.values()], rowCount };
}

function findFault(row: ChainedRow, previous: ChainedRow | undefined): ChainFaultKind | undefined {
  const opens = row.seq === 0 && row.prevHash === '';
  if (previous === undefined && !opens) return 'NO_BEGINNING';
  if (previous !== undefined && row.seq !== previous.seq + 1) return 'ROWS_MISSING';
  if (previous !== undefined && row.prevHash !== previous.hash) return 'LINK_BROKEN';
  if (chainHash(row.chainId, row.seq, row.prevHash, row.entry) !== row.hash) return 'ENTRY_EDITED';
  const { at } = JSON.parse(row.entry) as { readonly at?: string };
  const isFiled = subjectsOf(row.entry).every((subject) => row.subjects.includes(subject));
  return isFiled && row.at === at ? undefined : 'COLUMNS_EDITED';
}

function witnessedBy(row: ChainedRow): readonly ChainHead[] {
  return row.seq === 0 ? ((JSON.parse(row.entry) as Partial<Genesis>).heads ?? []) : [];
}

function placeOf({ chainId, seq }: { readonly chainId: string; readonly seq: number }): string {
  return `${chainId} ${seq}`;
}
