import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createIdentify } from '../../../gateway/request/identify/identify.ts';
import type { HubError } from '../../../gateway/platform/errors.ts';
import type { HabilitationRegister, Service } from '../../../gateway/registers/habilitation/habilitation.ts';
import type { Received } from '../../../gateway/request/exchange.ts';
import { AUDIENCE, goodClaims, openIssuer, signToken, type TestIssuer } from './issuer.ts';

const ISS = 'https://agents.test';
const PAGES = {
  clientId: 'agency-portal',
  name: 'Pages',
  siret: '99900000500012',
  credentials: [],
} as unknown as Service;
const register: HabilitationRegister = {
  findService: (iss, clientId) => (iss === ISS && clientId === 'agency-portal' ? PAGES : undefined),
  getService: () => undefined,
  findHabilitation: () => undefined,
};
let issuer: TestIssuer;
beforeAll(async () => (issuer = await openIssuer(ISS)));
afterAll(() => issuer.close());

async function outcome(change: Record<string, unknown> = {}, holders: 'agents' | 'citizens' = 'agents') {
  const identify = createIdentify({
    issuers: [{ ...issuer, audience: AUDIENCE, algorithms: ['ES256'], holders }],
    habilitations: register,
    subjectKeyOf: () => 'somebody' as never,
    clock: Date.now,
  });
  const agent = { client_id: 'agency-portal', siret: '99900000100011', roles: ['requester'] };
  const token = await signToken(issuer.keys[0]!, { ...goodClaims(ISS, Date.now()), ...agent, ...change });
  try {
    return (await identify({ token } as Received)).caller;
  } catch (fault) {
    return (fault as HubError).code;
  }
}

test("an agent's token stands for an agent of that body, and for no citizen, whatever identity is in it", async () => {
  const agent = { reference: 'pairwise-subject', siret: '99900000100011', roles: ['requester'] };
  expect(await outcome()).toEqual({ kind: 'agent', service: PAGES, agent });
});

test('a token of an issuer of citizens is never an agent, whatever roles it claims', async () => {
  expect(await outcome({ roles: ['instructor'] }, 'citizens')).toBe('HUB_TOKEN_PURPOSE_UNKNOWN');
});

test.each([
  ['a body that is none', { siret: '123' }, 'HUB_TOKEN_INVALID'],
  ['no body', { siret: undefined }, 'HUB_TOKEN_INVALID'],
  ['roles that are no names', { roles: ['agent:instructor'] }, 'HUB_TOKEN_INVALID'],
  ['roles in one text', { roles: 'instructor' }, 'HUB_TOKEN_INVALID'],
  ['pages that nobody registered', { client_id: 'elsewhere' }, 'HUB_TOKEN_UNKNOWN_SERVICE'],
  ['a time that is over', { exp: 1 }, 'HUB_TOKEN_EXPIRED'],
])('an agent of %s is refused', async (_, change, code) => {
  expect(await outcome(change)).toBe(code);
});
