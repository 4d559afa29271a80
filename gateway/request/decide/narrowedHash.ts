import { createHash } from 'node:crypto';
import type { Graph, Operation } from '../exchange.ts';

/** Key of plans and programs: the operation, what of it is allowed (`Judgement.shape`), and the supergraph. */
export function narrowedHashOf({ hash }: Operation, shape: string, { version }: Graph): string {
  return createHash('sha256').update(`${hash}:${shape}:${version}`).digest('base64url');
}
