import { hash } from 'node:crypto';
import { canonicalJson } from '../../platform/canonicalJson.ts';
import type { AccessEntry, AccessedField } from './accessRecord.ts';

/** One line of a chain as it lies in the log. */
export interface ChainedRow {
  readonly chainId: string;
  /** 0 for the row that opens the chain, then without a gap. */
  readonly seq: number;
  /** Hash of the row before; empty in the first. */
  readonly prevHash: string;
  /** SHA-256, base64url, of the canonical JSON of [chainId, seq, prevHash, entry]. */
  readonly hash: string;
  readonly subject: string | null;
  readonly at: string;
  /** Canonical JSON, the very text that was hashed. */
  readonly entry: string;
}

/** Where a chain stood at some moment. */
export interface ChainHead {
  readonly chainId: string;
  readonly seq: number;
  readonly hash: string;
}

/** Entry of the row that opens a chain: the heads of the youngest other chains, so that a chain cut at its end is missed by the next. */
export interface Genesis {
  readonly at: string;
  readonly heads: readonly ChainHead[];
  readonly kind: 'GENESIS';
}

export function chainHash(chainId: string, seq: number, prevHash: string, entry: string): string {
  return hash('sha256', `["${chainId}",${seq},"${prevHash}",${entry}]`, 'base64url');
}

export function genesisRow(chainId: string, genesis: Genesis): ChainedRow {
  const entry = canonicalJson(genesis);
  return {
    chainId,
    seq: 0,
    prevHash: '',
    hash: chainHash(chainId, 0, '', entry),
    subject: null,
    at: genesis.at,
    entry,
  };
}

/** The rows for these entries behind `head`. */
export function chainRows(head: ChainHead, entries: readonly AccessEntry[]): readonly ChainedRow[] {
  let prevHash = head.hash;
  return entries.map((entry, index) => {
    const seq = head.seq + 1 + index;
    const text = canonicalEntry(entry);
    const row = {
      chainId: head.chainId,
      seq,
      prevHash,
      hash: chainHash(head.chainId, seq, prevHash, text),
      subject: entry.subject,
      at: entry.at,
      entry: text,
    };
    prevHash = row.hash;
    return row;
  });
}

/**
 * canonicalJson(entry), written out: its keys are known and this runs for every record of every request (a tenth of the time for eight
 * fields). A test holds the two equal. One list of fields stands in many entries, so its text is kept.
 */
export function canonicalEntry(entry: AccessEntry): string {
  const { acr, actor, agency, at, clientId, habilitationId, legalBasis, purpose, requestId, role, subject } = entry;
  const before = JSON.stringify({ acr, actor, agency, at, clientId });
  const after = JSON.stringify({ habilitationId, legalBasis, purpose, requestId, role, subject });
  return `${before.slice(0, -1)},"fields":${fieldsText(entry.fields)},${after.slice(1)}`;
}

const fieldTexts = new WeakMap<readonly AccessedField[], string>();

function fieldsText(fields: readonly AccessedField[]): string {
  const known = fieldTexts.get(fields);
  if (known !== undefined) return known;
  const text = canonicalJson(fields);
  fieldTexts.set(fields, text);
  return text;
}
