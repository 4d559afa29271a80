import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAgencyKeys, generateAgencyKey } from '../../../subgraphs/kit/agencyKeys.ts';
import type { EcJwk } from '../../../subgraphs/kit/grantKeys.ts';
import { fixedHubKeys } from '../../../subgraphs/kit/hubKeys.ts';
import { createGrantOpener } from '../../../subgraphs/kit/openGrant.ts';
import { createTestHub } from '../../../subgraphs/kit/testing/testGrant.ts';
import { splitGrant } from '../../../schema/grant.ts';
import { openExample, entities, lise } from './support.ts';

const asked = { ...entities('certificate'), subjects: [lise(['family_name'])] };
const REFUSED = {
  status: 401,
  answer: { errors: [{ message: 'The grant is refused', extensions: { code: 'AGENCY_GRANT_REFUSED' } }] },
};

/** The last character of base64url has bits that mean nothing: with those alone changed it is the same grant, and its nonce still counts. */
function isSameText(changed: string, body: string): boolean {
  const decoded = (text: string) => {
    const split = splitGrant(text);
    return (
      split && [
        split.head,
        ...split.sealedGrant.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex')),
      ]
    );
  };
  return changed === body || JSON.stringify(decoded(changed)) === JSON.stringify(decoded(body));
}

describe('a grant opens once, here, for this body', () => {
  it('serves the body it was sealed for', async () => {
    const agency = await openExample();
    expect(await agency.askWith(asked, {})).toEqual({
      status: 200,
      answer: { data: { _entities: [{ certificate: 'certificate' }] } },
    });
  });

  it('asks for a grant when there is none, and says nothing else', async () => {
    const agency = await openExample();
    const { query, variables } = asked;
    for (const body of [JSON.stringify({ query, variables }), '', '{', 'null', '{"query":"{ _service { sdl } }"}']) {
      expect(await agency.subgraph.receive(body)).toEqual({
        status: 401,
        answer: { errors: [{ message: 'A grant is required', extensions: { code: 'AGENCY_GRANT_REQUIRED' } }] },
      });
    }
  });

  it('refuses a replay', async () => {
    const agency = await openExample();
    const body = await agency.hub.seal(asked);
    expect((await agency.subgraph.receive(body)).status).toBe(200);
    expect(await agency.subgraph.receive(body)).toEqual(REFUSED);
    expect(agency.logged.at(-1)).toContain('REPLAYED');
  });

  it('answers a grant that arrives twice at the same time only once', async () => {
    const agency = await openExample();
    const body = await agency.hub.seal(asked);
    const statuses = (await Promise.all([1, 2, 3].map(() => agency.subgraph.receive(body)))).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([200, 401, 401]);
  });

  it('refuses the grant of another body', async () => {
    const agency = await openExample();
    const body = await agency.hub.seal(asked);
    const other = body.replace('certificate', 'birthAct');
    expect(await agency.subgraph.receive(other)).toEqual(REFUSED);
    expect(agency.logged.at(-1)).toContain('OTHER_BODY');
    // The nonce of a grant that was refused is not used up.
    expect((await agency.subgraph.receive(body)).status).toBe(200);
  });

  const now = Date.parse('2026-06-15T10:00:00Z') / 1000;
  it.each([
    ['for another agency', { aud: 'income' }, {}, 'OTHER_AUDIENCE'],
    ['whose key was derived for another agency', {}, { info: 'income' }, 'NOT_AUTHENTIC'],
    ['not issued by the hub', { iss: 'mallory' as never }, {}, 'CLAIMS_MALFORMED'],
    ['that has ended', { iat: now - 36, exp: now - 6 }, {}, 'OUT_OF_TIME'],
    ['issued ahead of time', { iat: now + 6, exp: now + 36 }, {}, 'OUT_OF_TIME'],
    ['that lives longer than a grant may', { iat: now, exp: now + 31 }, {}, 'OUT_OF_TIME'],
    ['that never ends', { exp: undefined as never }, {}, 'CLAIMS_MALFORMED'],
    ['without a nonce', { jti: '' }, {}, 'CLAIMS_MALFORMED'],
    ['with a claim that is not the treaty’s', { admin: true } as object, {}, 'CLAIMS_MALFORMED'],
    ['naming two subjects alike', { subjects: [lise([]), lise(['family_name'])] }, {}, 'CLAIMS_MALFORMED'],
    ["under yesterday's key", {}, { day: '2026-06-14' }, 'DAY_NOT_IN_USE'],
    ["under tomorrow's key", {}, { day: '2026-06-16' }, 'DAY_NOT_IN_USE'],
    ['under a day that is none', {}, { day: '2026-99-99' }, 'DAY_NOT_IN_USE'],
    ['sealed by another key under the hub’s name', {}, { forgedWith: generateAgencyKey() }, 'NOT_AUTHENTIC'],
    [
      'naming an unknown hub key',
      {},
      { header: { kid: 'AAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBB.2026-06-15' } },
      'KEY_UNKNOWN',
    ],
    ['naming no key', {}, { header: { kid: 'x' } }, 'MALFORMED'],
    ['compressed', {}, { header: { zip: 'DEF' } }, 'MALFORMED'],
    ['with a header parameter of its own', {}, { header: { jku: 'https://mallory.example' } }, 'MALFORMED'],
  ])('refuses a grant %s', async (_what, changes, sealing, reason) => {
    const agency = await openExample();
    expect(await agency.askWith(asked, changes, sealing)).toEqual(REFUSED);
    expect(agency.logged.at(-1)).toContain(`"refused":"${reason}"`);
  });

  it('refuses another encryption than A256GCM, though jose could read it', async () => {
    const agency = await openExample();
    await expect(agency.askWith(asked, {}, { header: { enc: 'A256CBC-HS512' } })).rejects.toThrow();
    const body = await agency.hub.seal(asked);
    const [, ...rest] = /"grant":"([^"]+)"/.exec(body)![1]!.split('.');
    const header = Buffer.from('{"alg":"dir","enc":"A128GCM","kid":"x"}').toString('base64url');
    expect(
      await agency.subgraph.receive(body.replace(/"grant":"[^"]+"/, `"grant":"${[header, ...rest].join('.')}"`)),
    ).toEqual(REFUSED);
  });

  it.each([
    ['just after midnight a key of the day before', '2026-06-15T00:00:20Z', '2026-06-14', 200],
    ['35 s after midnight no more', '2026-06-15T00:00:36Z', '2026-06-14', 401],
    ['just before midnight the key of a hub whose clock is ahead', '2026-06-14T23:59:57Z', '2026-06-15', 200],
    ['before that not yet', '2026-06-14T23:59:50Z', '2026-06-15', 401],
  ])('takes %s', async (_what, at, day, status) => {
    const agency = await openExample({ clock: () => Date.parse(at) });
    expect((await agency.askWith(asked, {}, { day })).status).toBe(status);
  });

  it('gives nothing for a reference that the grant does not name, whoever it is', async () => {
    const agency = await openExample();
    const answer = await agency.ask({
      ...entities('id certificate', ['ref-forged', 'ref-lise']),
      subjects: asked.subjects,
    });
    expect(answer).toEqual({ data: { _entities: [null, { id: 'ref-lise', certificate: 'certificate' }] } });
  });

  it('logs no reference and no identity', async () => {
    const agency = await openExample();
    await agency.askWith(asked, { aud: 'income' });
    await agency.ask({ ...entities('broken'), subjects: asked.subjects });
    await agency.ask({
      ...asked,
      subjects: [{ ...lise(['family_name']), pivot: { ...lise([]).pivot, gender: 'male' } }],
    });
    expect(agency.logged.length).toBeGreaterThan(2);
    expect(agency.logged.join('\n')).not.toMatch(/ref-lise|MARTIN|Lise|1990|35238|SECRETVALUE/);
  });

  it('refuses a body of which any one character was changed', async () => {
    const agency = await openExample();
    const body = await agency.hub.seal(asked);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(body.length - 1),
        fc.constantFrom('A', 'b', '0', '"', '}', '\\', '\u0000', 'é'),
        async (at, other) => {
          const changed = body.slice(0, at) + other + body.slice(at + 1);
          fc.pre(!isSameText(changed, body));
          const { status, answer } = await agency.subgraph.receive(changed);
          expect(status).toBe(401);
          expect(answer.data).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
    expect((await agency.subgraph.receive(body)).status).toBe(200);
  });

  it('goes on with the key before the newest, for as long as the agency keeps it', async () => {
    const [newest, before] = [generateAgencyKey(), generateAgencyKey()];
    const clock = () => Date.parse('2026-06-15T10:00:00Z');
    const hub = createTestHub('example', before, clock);
    const hubKeys = fixedHubKeys([hub.publicKey]);
    const open = (keys: readonly EcJwk[]) =>
      createGrantOpener({ agency: 'example', ownKeys: createAgencyKeys(keys), hubKeys, clock });
    expect(await open([newest, before])(await hub.seal(asked))).toHaveProperty('grant');
    expect(await open([newest])(await hub.seal(asked))).toEqual({ refused: 'KEY_UNKNOWN' });
  });
});
