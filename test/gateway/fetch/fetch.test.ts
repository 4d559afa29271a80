import { createPrivateKey } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createAgencyRequestIds } from '../../../gateway/platform/agencyRequestIds.ts';
import { createRequestId, type AgencyId, type SubjectKey } from '../../../gateway/platform/ids.ts';
import type { ExchangePublicJwk } from '../../../gateway/platform/keys.ts';
import { createLog } from '../../../gateway/platform/log.ts';
import { createMetPersonOpener } from '../../../gateway/platform/metPersons.ts';
import { createReferences } from '../../../gateway/platform/references.ts';
import { createGrantSealer } from '../../../gateway/platform/seal.ts';
import { createSubjectKeyOf } from '../../../gateway/platform/subjectKey.ts';
import type { Decided } from '../../../gateway/request/exchange.ts';
import { AgencyFault, type AgencySend } from '../../../gateway/request/fetch/agencyPort.ts';
import type { Engine } from '../../../gateway/request/fetch/engine.ts';
import { createFetch } from '../../../gateway/request/fetch/fetch.ts';
import type { RunInput } from '../../../gateway/request/fetch/run.ts';
import { createGrants } from '../../../gateway/request/fetch/sealGrants.ts';
import { createWhoIs } from '../../../gateway/request/fetch/whoIs.ts';
import { withGrant } from '../../../schema/grant.ts';
import { createAgencyKeys, generateAgencyKey } from '../../../subgraphs/kit/agencyKeys.ts';
import type { EcJwk } from '../../../subgraphs/kit/grantKeys.ts';
import { fixedHubKeys } from '../../../subgraphs/kit/hubKeys.ts';
import { createGrantOpener, type OpenedGrant } from '../../../subgraphs/kit/openGrant.ts';
import { aCaller, aRequest } from '../../support/testRequest.ts';

const CIVIL = 'civil-status' as AgencyId;
const INCOME = 'income' as AgencyId;
const HEAD = '{"query":"{ me { id } }","variables":{}';
const clock = () => Date.parse('2026-06-15T10:00:00Z');
const hubKey = generateAgencyKey();
const publicOf = ({ d: _private, ...jwk }: EcJwk): ExchangePublicJwk => jwk;
const keys = {
  exchangeKeys: [
    {
      privateKey: createPrivateKey({ key: { ...hubKey }, format: 'jwk' }),
      publicJwk: publicOf(hubKey),
      usedFromSeconds: 0,
    },
  ],
  referenceKeys: [{ version: 1, secret: Buffer.alloc(64, 7) }],
  subjectSecret: Buffer.alloc(32, 9),
};
const subjectKeyOf = createSubjectKeyOf(keys);
const references = createReferences(keys, clock);
const NOE = {
  family_name: 'DURAND',
  given_name: 'Noé',
  birthdate: '2015-01-02',
  gender: 'male',
  birthplace: '35238',
  birthcountry: '99100',
} as const;

/** The fetch step with the kit on the other side of it; what the engine does with its powers is each test's own. */
const REQUEST_ID = createRequestId();

describe('what the fetch step lends the engine', () => {
  let current: EcJwk;
  let published: ExchangePublicJwk;
  let rereads: number;
  /** What the hub read last. */
  let known: ExchangePublicJwk | undefined;
  let sent: string[];
  let logged: string[];

  beforeEach(() => {
    current = generateAgencyKey();
    published = publicOf(current);
    rereads = 0;
    known = undefined;
    sent = [];
    logged = [];
  });

  function openAsAgency(agency: AgencyId, body: string): Promise<OpenedGrant> {
    const ownKeys = createAgencyKeys([current]);
    return createGrantOpener({ agency, ownKeys, hubKeys: fixedHubKeys([publicOf(hubKey)]), clock })(body);
  }

  /** Runs `work` as the engine of one request by Ines Durand (test/support/testRequest.ts). */
  async function inRequest<Result>(
    work: (input: RunInput, caller: Decided['caller']) => Promise<Result>,
    reach: AgencySend = () => Promise.resolve('{}'),
    signal = new AbortController().signal,
  ): Promise<Result> {
    let result: Result | undefined;
    const person = aCaller({ token: ['family_name'] });
    const caller = { ...person, subject: subjectKeyOf(person.pivot) };
    const engine = {
      prepare: () => ({}),
      run: async (_program: unknown, input: RunInput) => {
        result = await work(input, caller);
        return { data: '{}', faults: [], traces: [] };
      },
    } as unknown as Engine;
    const fetch = createFetch({
      engine,
      send: (agency, body, options) => (sent.push(body), reach(agency, body, options)),
      grants: createGrants({
        seal: createGrantSealer(keys),
        agencyKeys: {
          find: () => (known ??= published),
          reread() {
            rereads += 1;
            known = published;
            return Promise.resolve(known);
          },
        },
        carry: new Map(),
        references,
        agencyRequestIdOf: createAgencyRequestIds(keys),
        clock,
      }),
      references,
      openMetPerson: createMetPersonOpener(keys),
      whoIs: createWhoIs(subjectKeyOf),
      log: createLog({ level: 'debug', destination: { write: (line) => void logged.push(line) } }),
    });
    const judgement = { verdicts: [], effectiveScopes: new Set(['family_name']), inFileScopes: new Set() };
    await fetch({
      ...aRequest('', { requestId: REQUEST_ID, signal }),
      caller,
      judgement,
      graph: {},
      coercedVariables: {},
    } as unknown as Decided);
    return result as Result;
  }

  /** Asks, and seals that person as the agency's kit would in its answer. */
  async function meet(input: RunInput, subject: SubjectKey, identity: object, agency = CIVIL): Promise<string> {
    const opened = await openAsAgency(agency, withGrant(HEAD, input.seal!(agency, HEAD, [subject])));
    if (opened.refused !== undefined) throw new Error(opened.refused);
    return opened.sealMet({ identity: identity as typeof NOE, role: 'CHILD_PROVEN' });
  }

  describe('about persons met in an answer', () => {
    it('knows one of a full identity by the key that they would have as a caller', async () => {
      const subject = await inRequest(async ({ persons, ...input }, { subject: self }) =>
        persons!.fromAgency(await meet(input, self, { ...NOE, family_name: 'Durand' }), CIVIL),
      );
      expect(subject).toBe(subjectKeyOf(NOE));
    });

    it('knows the caller when it is the caller', async () => {
      await inRequest(async ({ persons, ...input }, { subject, pivot }) => {
        const met = persons!.fromAgency(await meet(input, subject, pivot), CIVIL);
        expect(met).toBe(subject);
        expect(persons!.judge(met!, INCOME, 0)).toBeUndefined();
      });
    });

    it('withholds everybody else from other agencies', async () => {
      await inRequest(async ({ persons, ...input }, { subject }) => {
        const met = persons!.fromAgency(await meet(input, subject, NOE), CIVIL)!;
        expect(persons!.judge(met, INCOME, 0)?.reason).toBe('SUBJECT_NOT_COVERED');
        expect(() => input.seal!(INCOME, HEAD, [met])).toThrow('expected the caller');
      });
    });

    it.each(['family_name', 'given_name', 'birthdate', 'gender', 'birthplace', 'birthcountry'])(
      'knows nobody by an identity without %s',
      async (claim) => {
        const identity = { ...NOE, [claim]: claim === 'gender' ? undefined : '' };
        const subject = await inRequest(async ({ persons, ...input }, { subject: self }) =>
          persons!.fromAgency(await meet(input, self, identity), CIVIL),
        );
        expect(subject).toBeUndefined();
      },
    );

    it('knows nobody whom another agency, or another request, was told of', async () => {
      const carried = await inRequest(async ({ persons, ...input }, { subject }) => {
        const id = await meet(input, subject, NOE);
        expect(persons!.fromAgency(id, INCOME)).toBeUndefined();
        expect(persons!.fromAgency(id, CIVIL)).toBeDefined();
        return id;
      });
      await inRequest(async ({ persons, ...input }, { subject }) => {
        await meet(input, subject, NOE);
        expect(persons!.fromAgency(carried, CIVIL)).toBeUndefined();
      });
    });
  });

  it('logs an agency’s fault under both names of the request', async () => {
    const opened = await inRequest(async (input, { subject }) => {
      input.report!(INCOME, { code: 'HUB_AGENCY_INVALID_ANSWER', detail: 'not JSON' });
      return openAsAgency(INCOME, withGrant(HEAD, input.seal!(INCOME, HEAD, [subject])));
    });
    const { requestId } = (opened as { grant: { requestId: string } }).grant;
    expect(JSON.parse(logged[0]!)).toMatchObject({
      requestId: REQUEST_ID,
      agencyRequestId: requestId,
      agency: 'income',
    });
    expect(requestId).not.toBe(REQUEST_ID);
  });

  it('tells in one line, and of no agency, that the client has left', async () => {
    const client = new AbortController();
    await inRequest(
      (input) => {
        client.abort();
        for (const agency of [INCOME, CIVIL]) {
          input.report!(agency, { code: 'HUB_AGENCY_UNAVAILABLE', detail: 'the client left' });
        }
        return Promise.resolve();
      },
      undefined,
      client.signal,
    );
    expect(logged.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ level: 'debug', requestId: REQUEST_ID }),
    ]);
  });

  describe('when an agency refuses a grant', () => {
    const options = { kind: 'query', signal: new AbortController().signal } as const;
    const reach: AgencySend = async (agency, body) => {
      const { refused } = await openAsAgency(agency, body);
      if (refused !== undefined) throw new AgencyFault('UNAVAILABLE', { grantRefused: true, detail: refused });
      return '{"data":{}}';
    };
    const ask = (kind: 'query' | 'mutation' = 'query') =>
      inRequest(
        (input, { subject }) =>
          input.send(INCOME, withGrant(HEAD, input.seal!(INCOME, HEAD, [subject])), { ...options, kind }),
        (agency, body, sendOptions) => {
          // The agency has moved to another key, and says so where keys are read.
          const changed = rereads > 0 || sent.length > 1;
          if (changed) return reach(agency, body, sendOptions);
          current = generateAgencyKey();
          published = publicOf(current);
          return reach(agency, body, sendOptions);
        },
      );

    it('reads its keys anew and asks once more under a fresh grant', async () => {
      expect(await ask()).toBe('{"data":{}}');
      expect({ rereads, sent: sent.length }).toEqual({ rereads: 1, sent: 2 });
      expect(sent[1]!.slice(0, HEAD.length)).toBe(HEAD);
      expect(sent[1]).not.toBe(sent[0]);
    });

    it('asks at once when another request has found the new key meanwhile', async () => {
      const answer = await inRequest(
        (input, { subject }) => input.send(INCOME, withGrant(HEAD, input.seal!(INCOME, HEAD, [subject])), options),
        (agency, body, sendOptions) => {
          if (sent.length === 1) {
            current = generateAgencyKey();
            known = publicOf(current);
          }
          return reach(agency, body, sendOptions);
        },
      );
      expect(answer).toBe('{"data":{}}');
      expect(rereads).toBe(0);
    });

    it('never sends a mutation twice', async () => {
      await expect(ask('mutation')).rejects.toMatchObject({ grantRefused: true });
      expect(sent).toHaveLength(1);
    });

    it('gives up when the key is the same as before, and does not try a third time', async () => {
      const refuse: AgencySend = () => Promise.reject(new AgencyFault('UNAVAILABLE', { grantRefused: true }));
      const asked = inRequest(
        (input, { subject }) => input.send(INCOME, withGrant(HEAD, input.seal!(INCOME, HEAD, [subject])), options),
        refuse,
      );
      await expect(asked).rejects.toBeInstanceOf(AgencyFault);
      expect({ rereads, sent: sent.length }).toEqual({ rereads: 1, sent: 1 });
    });

    it('leaves every other fault as it is', async () => {
      const asked = inRequest(
        (input, { subject }) => input.send(INCOME, withGrant(HEAD, input.seal!(INCOME, HEAD, [subject])), options),
        () => Promise.reject(new AgencyFault('UNAVAILABLE')),
      );
      await expect(asked).rejects.toBeInstanceOf(AgencyFault);
      expect({ rereads, sent: sent.length }).toEqual({ rereads: 0, sent: 1 });
    });
  });
});
