import {
  type KeyObject,
  createCipheriv,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { GRANT_INFO_PREFIX, type Grant } from '../../schema/grant.ts';
import { type ExchangePublicJwk, type HubKeys, thumbprintOf } from './keys.ts';

/** Seals a grant for the agency that holds the private half of this key. The key object itself is the cache's key: hand in the same one each time. */
export type GrantSealer = (agencyKey: ExchangePublicJwk, grant: Grant) => string;

/** What stays the same for one agency key and one day. */
interface DaySeal {
  readonly day: string;
  readonly agency: string;
  readonly key: KeyObject;
  /** base64url of the protected header, which is also the additional data. */
  readonly header: string;
  readonly additionalData: Buffer;
}

const THUMBPRINT_CHARACTERS = 16;
const IV_BYTES = 12;
const SECONDS_PER_DAY = 86_400;

/**
 * Grants as compact JWE (RFC 7516, `dir` with A256GCM) under a key agreed for the day; construction in schema/grant.ts. Made with node:crypto and not with
 * jose, which stays the reference in the tests: jose takes 10 times as long for a grant of one subject (it awaits WebCrypto each time).
 *
 * IVs are a fixed field of 6 random bytes, drawn by each process, and a 6-byte counter (NIST SP 800-38D, 8.2.1): random IVs would reach
 * the limit of 2^32 messages under one key within a day at France's size.
 */
export function createGrantSealer(keys: Pick<HubKeys, 'exchange'>): GrantSealer {
  const daySeals = new WeakMap<ExchangePublicJwk, DaySeal>();
  const hubThumbprint = thumbprintOf(keys.exchange.publicJwk).slice(0, THUMBPRINT_CHARACTERS);
  const nextIv = createIvs();
  let today = '';
  let todayNumber = -1;

  function daySealFor(agencyKey: ExchangePublicJwk, grant: Grant): DaySeal {
    const dayNumber = Math.floor(grant.iat / SECONDS_PER_DAY);
    if (dayNumber !== todayNumber) {
      today = new Date(dayNumber * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10);
      todayNumber = dayNumber;
    }
    const known = daySeals.get(agencyKey);
    if (known?.day === today && known.agency === grant.aud) return known;
    const made = createDaySeal(agencyKey, grant.aud, today);
    daySeals.set(agencyKey, made);
    return made;
  }

  function createDaySeal(agencyKey: ExchangePublicJwk, agency: string, day: string): DaySeal {
    const publicKey = createPublicKey({ key: { ...agencyKey }, format: 'jwk' });
    const shared = diffieHellman({ privateKey: keys.exchange.privateKey, publicKey });
    const secret = hkdfSync('sha256', shared, day, `${GRANT_INFO_PREFIX}${agency}`, 32);
    const kid = `${hubThumbprint}.${thumbprintOf(agencyKey).slice(0, THUMBPRINT_CHARACTERS)}.${day}`;
    const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid })).toString('base64url');
    return {
      day,
      agency,
      key: createSecretKey(Buffer.from(secret)),
      header,
      additionalData: Buffer.from(header, 'ascii'),
    };
  }

  return (agencyKey, grant) => {
    const { key, header, additionalData } = daySealFor(agencyKey, grant);
    const iv = nextIv();
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    cipher.setAAD(additionalData);
    // GCM is a stream: update() returns everything, final() only closes the tag. Strings out of update() would cost 1 us more.
    const ciphertext = cipher.update(JSON.stringify(grant), 'utf8').toString('base64url');
    cipher.final();
    return `${header}..${iv.toString('base64url')}.${ciphertext}.${cipher.getAuthTag().toString('base64url')}`;
  };
}

function createIvs(): () => Buffer {
  const iv = Buffer.alloc(IV_BYTES);
  randomBytes(IV_BYTES / 2).copy(iv);
  let counter = 0;
  return () => {
    counter += 1;
    iv.writeUIntBE(counter, IV_BYTES / 2, IV_BYTES / 2);
    return iv;
  };
}
