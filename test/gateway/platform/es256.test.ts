import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { errors, generateKeyPair, jwtVerify, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { verifyEs256Jwt } from '../../../gateway/platform/es256.ts';

const NOW = 1_795_000_000;
const OPTIONS = {
  issuer: 'https://issuer.test',
  audience: 'https://hub.test',
  requiredClaims: ['exp', 'iat', 'sub', 'client_id'],
  clockTolerance: 5,
  currentDate: new Date(NOW * 1000 + 999),
};
const pair = await generateKeyPair('ES256');
const stranger = await generateKeyPair('ES256');
const RIGHT = { iss: OPTIONS.issuer, aud: OPTIONS.audience, sub: 's', client_id: 'c', iat: NOW, exp: NOW + 60 };

function sign(claims: JWTPayload, key: CryptoKey = pair.privateKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' }).sign(key);
}

/** What comes of a token: its claims, or the kind of error by which the identify step answers. */
async function outcome(verifying: Promise<JWTPayload>): Promise<unknown> {
  try {
    return await verifying;
  } catch (error) {
    if (error instanceof errors.JWTExpired) return 'expired';
    return error instanceof errors.JOSEError ? 'refused' : `thrown: ${String(error)}`;
  }
}

async function both(token: string, key: CryptoKey = pair.publicKey): Promise<readonly [unknown, unknown]> {
  const findKey = () => Promise.resolve(key);
  const joses = jwtVerify(token, findKey, { ...OPTIONS, algorithms: ['ES256'] }).then(({ payload }) => payload);
  return [await outcome(verifyEs256Jwt(token, findKey, OPTIONS)), await outcome(joses)];
}

const instant = fc.oneof(
  fc.integer({ min: NOW - 8, max: NOW + 8 }),
  fc.constantFrom<unknown>(undefined, null, 'soon', `${NOW}`, 0, -1, NOW + 0.5, []),
);
const text = (right: string) =>
  fc.oneof(
    fc.constant(right),
    fc.constantFrom<unknown>(undefined, null, '', 'other', 7, [right], [right, 'other'], ['other'], {}),
  );

test('takes and refuses the same tokens as jose, whatever their claims', async () => {
  const claims = fc.record(
    {
      iss: text(RIGHT.iss),
      aud: text(RIGHT.aud),
      sub: text('s'),
      client_id: text('c'),
      iat: instant,
      exp: instant,
      nbf: instant,
    },
    { requiredKeys: [] },
  );
  const mostlyRight = claims.map((drawn) => ({ ...RIGHT, ...drawn }));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        claims,
        mostlyRight,
        fc
          .tuple(fc.constantFrom(...Object.keys(RIGHT), 'nbf'), mostlyRight)
          .map(([only, all]) => ({ ...RIGHT, [only]: (all as Record<string, unknown>)[only] })),
      ),
      async (drawn) => {
        const [own, joses] = await both(await sign(drawn as JWTPayload));
        expect(own).toEqual(joses);
      },
    ),
    { numRuns: 300 },
  );
});

const isRefusal = (result: unknown): boolean => typeof result === 'string';

test('takes no token that jose refuses, whatever is changed in its text', async () => {
  const token = await sign(RIGHT);
  expect(await both(token)).toEqual([RIGHT, RIGHT]);
  const change = fc.tuple(
    fc.nat(token.length - 1),
    fc.constantFrom('A', 'B', '-', '_', '=', '.', ' ', '+', '/', 'é', ''),
  );
  await fc.assert(
    fc.asyncProperty(change, async ([at, other]) => {
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      const [own, joses] = await both(changed);
      // jose forgives spare bits in a signature's last character; here nothing but the very text that was signed is taken.
      if (isRefusal(joses)) expect(isRefusal(own)).toBe(true);
      if (changed !== token) expect(isRefusal(own)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a signature has one spelling', async () => {
  const token = await sign(RIGHT);
  for (const spelt of [`${token}=`, `${token}A`, `${token} `, token.replace(/.$/, '')]) {
    expect(await outcome(verifyEs256Jwt(spelt, () => Promise.resolve(pair.publicKey), OPTIONS))).toBe('refused');
  }
});

test('refuses what another key signed, and keys that are not for ES256', async () => {
  expect(await both(await sign(RIGHT, stranger.privateKey))).toEqual(['refused', 'refused']);
  const other = await generateKeyPair('ES384');
  expect((await both(await sign(RIGHT), other.publicKey))[0]).toContain('thrown: TypeError');
  expect((await both(await sign(RIGHT), pair.privateKey))[0]).toContain('thrown: TypeError');
});
