import { createHash } from 'node:crypto';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';

/** COG of France: only there is the place of birth part of the identity. */
const FRANCE = '99100';

/**
 * The `sub` by which one entity knows one person, built as FranceConnect publishes it (france-connect/sources, tag fc-392RC1):
 * hex(sha256(providerRef + identityHash + secret)) + "v1".
 *
 * @param providerRef the entity, not the application: a SIRET, so that two clients of one body see the same person.
 * @param secret known to the identity provider alone; another secret gives other, unlinkable subjects.
 */
export function pairwiseSubject(providerRef: string, identity: PivotIdentity, secret: string): string {
  const digest = createHash('sha256').update(providerRef + identityHash(identity) + secret);
  return `${digest.digest('hex')}v1`;
}

/**
 * base64(sha256 over the latin1 bytes of the pivot claims). Characters outside latin1 lose their high byte there, in
 * FranceConnect as here: two names that differ by such a character alone can share a hash, two bodies never share a `sub`.
 */
export function identityHash(identity: PivotIdentity): string {
  const { given_name, family_name, birthdate, gender, birthplace, birthcountry } = identity;
  const facts = [given_name, family_name, birthdate, gender, birthcountry === FRANCE ? birthplace : '', birthcountry];
  return createHash('sha256').update(facts.join(''), 'latin1').digest('base64');
}
