import { createPrivateKey, generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto';

/** Who issues the bench's tokens, for whom: the hub under test is configured with exactly these. */
export const BENCH_ISSUER = 'https://bench.trait-dunion.example';
export const BENCH_AUDIENCE = 'https://hub.trait-dunion.example';
export const BENCH_CLIENT_ID = 'bench';
export const BENCH_PURPOSE = 'housing-file';
export const BENCH_KEY_ID = 'bench-1';

/** How many callers take turns in a run where tokens were seen before. */
export const KNOWN_CALLERS = 512;
/** Callers from this number on are asked for once each. */
export const FIRST_NEW_CALLER = 1_000_000;

/** Scopes that the operations need: every caller's token and consents hold them, so that all are asked for the same work. */
export const NEEDED_SCOPES = [
  'family_name',
  'preferred_username',
  'given_name',
  'gender',
  'birthdate',
  'birthplace',
  'birthcountry',
  'etatcivil_union',
  'etatcivil_filiation',
  'etatcivil_acte_naissance',
  'cnaf_quotient_familial',
  'cnaf_enfants',
  'dgfip_rfr',
  'dgfip_rbg',
  'dgfip_mntRevbareme',
  'dgfip_nbpart',
  'dgfip_sitfam',
  'adresse_declaree',
] as const;

/** Scopes that callers hold or not: 16 sets of rights, so that caches keyed by a verdict have something to tell apart. */
const VARYING_SCOPES = ['cnaf_allocataires', 'cnaf_adresse', 'dgfip_aft', 'dgfip_pariso'] as const;

export function scopesOf(caller: number): readonly string[] {
  return [...NEEDED_SCOPES, ...VARYING_SCOPES.filter((_, bit) => (caller >> bit) & 1)];
}

/** An invented person, one per number. */
export function pivotOf(caller: number) {
  return {
    given_name: `Camille ${lettersOf(caller)}`,
    family_name: 'BANC',
    birthdate: `19${60 + (caller % 40)}-0${1 + (caller % 9)}-1${caller % 10}`,
    gender: caller % 2 === 0 ? ('female' as const) : ('male' as const),
    birthplace: '35238',
    birthcountry: '99100',
  };
}

/** A key pair of the issuer for one run, as JWKs. */
export function createIssuerKeys(): { readonly privateJwk: JsonWebKey; readonly publicJwk: JsonWebKey } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const common = { kid: BENCH_KEY_ID, alg: 'ES256', use: 'sig' };
  return {
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...common },
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...common },
  };
}

export type TokenMaker = (caller: number) => string;

/** Makes a caller's access token (RFC 9068, ES256), valid for two hours. Signed with node:crypto: thousands are made before a cell. */
export function createTokenMaker(privateJwk: JsonWebKey, nowMs: number): TokenMaker {
  const key: KeyObject = createPrivateKey({ key: privateJwk, format: 'jwk' });
  const header = encode({ alg: 'ES256', typ: 'at+jwt', kid: BENCH_KEY_ID });
  const issuedAt = Math.floor(nowMs / 1000) - 5;
  return (caller) => {
    const claims = {
      iss: BENCH_ISSUER,
      aud: BENCH_AUDIENCE,
      sub: `bench-${caller}`,
      client_id: BENCH_CLIENT_ID,
      jti: `t${caller}`,
      iat: issuedAt,
      exp: issuedAt + 7200,
      purpose: BENCH_PURPOSE,
      scope: scopesOf(caller).join(' '),
      acr: 'eidas2',
      ...pivotOf(caller),
    };
    const signed = `${header}.${encode(claims)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** `0` -> `A`, `27` -> `BB`: names hold no digits. */
function lettersOf(number: number): string {
  const digits = number.toString(26);
  return [...digits].map((digit) => String.fromCharCode(65 + parseInt(digit, 26))).join('');
}
