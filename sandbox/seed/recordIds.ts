import { createHash } from 'node:crypto';

export type Holder = 'civil-status' | 'family' | 'income' | 'address' | 'energy';

const PREFIX: Readonly<Record<Holder, string>> = {
  'civil-status': 'ec',
  family: 'caf',
  income: 'ir',
  address: 'ad',
  energy: 'en',
};

/**
 * The id under which one agency keeps a record (`ec-3f9a01bc22`). Every agency has its own: an id that two of them shared would let them
 * join their files.
 */
export function recordId(holder: Holder, key: string): string {
  return `${PREFIX[holder]}-${createHash('sha256').update(`${holder}:${key}`).digest('hex').slice(0, 10)}`;
}
