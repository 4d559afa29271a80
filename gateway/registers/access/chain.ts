import { hash } from 'node:crypto';
import type { AccessLine } from './accessLine.ts';

/** One line of a chain as it lies in the log. */
export interface ChainedRow {
  readonly chainId: string;
  /** 0 for the row that opens the chain, then without a gap. */
  readonly seq: number;
  /** Hash of the row before; empty in the first. */
  readonly prevHash: string;
  /** SHA-256, base64url, of the JSON of [chainId, seq, prevHash, entry]. */
  readonly hash: string;
  /** Under whom the row is filed; of no meaning to the chain. */
  readonly subjects: readonly string[];
  readonly at: string;
  /** JSON, the very text that was hashed: accessLine.ts, or Genesis in the row that opens a chain. */
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
  return toRow(chainId, 0, '', { at: genesis.at, text: JSON.stringify(genesis), subjects: [] });
}

/** The row for this line behind `head`. */
export function nextRow({ chainId, seq, hash: prevHash }: ChainHead, line: AccessLine): ChainedRow {
  return toRow(chainId, seq + 1, prevHash, line);
}

function toRow(chainId: string, seq: number, prevHash: string, { at, text, subjects }: AccessLine): ChainedRow {
  return { chainId, seq, prevHash, hash: chainHash(chainId, seq, prevHash, text), subjects, at, entry: text };
}
