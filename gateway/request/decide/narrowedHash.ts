import { createHash } from 'node:crypto';
import type { Graph, Operation, Verdict } from '../exchange.ts';

/** Key of plans and programs: the operation, what of it is allowed (`Judgement.shape`), and the supergraph. */
export function narrowedHashOf({ hash }: Operation, shape: string, { version }: Graph): string {
  return createHash('sha256').update(`${hash}:${shape}:${version}`).digest('base64url');
}

/** What of an operation is allowed (`Judgement.shape`): `all`, or one bit per field, lowest first, in base64url. */
export function shapeOf(verdicts: readonly Verdict[]): string {
  return verdicts.every(({ allowed }) => allowed) ? 'all' : allowedBits(verdicts);
}

function allowedBits(verdicts: readonly Verdict[]): string {
  const bits = Buffer.alloc(Math.ceil(verdicts.length / 8));
  verdicts.forEach((verdict, index) => {
    if (verdict.allowed) bits[index >> 3]! |= 1 << (index & 7);
  });
  return bits.toString('base64url');
}
