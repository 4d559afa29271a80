import { createCipheriv, randomBytes } from 'node:crypto';
import { GRANT_INFO_PREFIX, type Grant } from '../../schema/grant.ts';
import { type DayKey, createDayKeys } from './dayKeys.ts';
import { grantText } from './grantText.ts';
import type { ExchangePublicJwk, HubKeys } from './keys.ts';

/** Seals a grant for the agency that holds the private half of this key. The key object itself is the cache's key: hand in the same one each time. */
export type GrantSealer = (agencyKey: ExchangePublicJwk, grant: Grant) => string;

const IV_BYTES = 12;

/**
 * Grants as compact JWE (RFC 7516, `dir` with A256GCM) under a key agreed for the day; construction in schema/grant.ts. Made with node:crypto and not with
 * jose, which stays the reference in the tests: jose takes 10 times as long for a grant of one subject (it awaits WebCrypto each time).
 *
 * IVs are a fixed field of 6 random bytes, drawn by each process, and a 6-byte counter (NIST SP 800-38D, 8.2.1): random IVs would reach
 * the limit of 2^32 messages under one key within a day at France's size.
 */
export function createGrantSealer(keys: Pick<HubKeys, 'exchangeKeys'>): GrantSealer {
  const dayKeyFor = createDayKeys(keys, GRANT_INFO_PREFIX);
  const nextIv = createIvs();

  return (agencyKey, grant) => {
    return sealText(dayKeyFor(agencyKey, grant.aud, grant.iat), grantText(grant), nextIv());
  };
}

/** A compact JWE under that key. */
export function sealText({ key, header, additionalData }: DayKey, text: string, iv: Buffer): string {
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(additionalData);
  // GCM is a stream: update() returns everything, final() only closes the tag. Strings out of update() would cost 1 us more.
  const ciphertext = cipher.update(text, 'utf8').toString('base64url');
  cipher.final();
  return `${header}..${iv.toString('base64url')}.${ciphertext}.${cipher.getAuthTag().toString('base64url')}`;
}

/** One for each kind of thing that is sealed: kinds have keys of their own. The buffer is the same one each time. */
export function createIvs(): () => Buffer {
  const iv = Buffer.alloc(IV_BYTES);
  randomBytes(IV_BYTES / 2).copy(iv);
  let counter = 0;
  return () => {
    counter += 1;
    iv.writeUIntBE(counter, IV_BYTES / 2, IV_BYTES / 2);
    return iv;
  };
}
