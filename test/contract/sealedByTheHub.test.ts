import { createHash, createPrivateKey, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactDecrypt } from 'jose';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  createAgencyMessages,
  createDeclarationSealer,
  openDeclarationKeys,
} from '../../gateway/platform/declarationSeal.ts';
import type { AgencyId } from '../../gateway/platform/ids.ts';
import { openKeys } from '../../gateway/platform/keys.ts';
import { createGrantSealer } from '../../gateway/platform/seal.ts';
import type { TakenDeclaration } from '../../schema/agencyManifest.ts';
import { withGrant } from '../../schema/grant.ts';
import { MET_PERSON_INFO_PREFIX, MET_PERSON_PREFIX } from '../../schema/metPerson.ts';
import { createAgencyKeys, generateAgencyKey } from '../../subgraphs/kit/agencyKeys.ts';
import { createDayKeys } from '../../subgraphs/kit/dayKeys.ts';
import { deriveDayKey, digestOf, type EcJwk } from '../../subgraphs/kit/grantKeys.ts';
import { fixedHubKeys } from '../../subgraphs/kit/hubKeys.ts';
import { createHubLine } from '../../subgraphs/kit/inbox/hubLine.ts';
import { createDeclarationOpener } from '../../subgraphs/kit/inbox/openDeclaration.ts';
import { createGrantOpener } from '../../subgraphs/kit/openGrant.ts';
import { kidOf } from '../../subgraphs/kit/sealed.ts';
import { anEvent } from '../../subgraphs/kit/testing/testDeclaration.ts';
import { aGrant, aSubject, headOf, NOBODY } from '../../subgraphs/kit/testing/testGrant.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The hub seals with node:crypto, agencies open with jose: two implementations of schema/grant.ts that have to agree. */
describe('a grant sealed by the hub', () => {
  const clock = () => Date.parse('2026-06-15T10:00:00Z');
  const hubKey = generateAgencyKey();
  const { d: _private, ...hubPublic } = hubKey;
  const agencyKey = generateAgencyKey();
  const ownKeys = createAgencyKeys([agencyKey]);
  const seal = createGrantSealer({
    exchangeKeys: [
      {
        privateKey: createPrivateKey({ key: { ...hubKey }, format: 'jwk' }),
        publicJwk: hubPublic,
        usedFromSeconds: 0,
      },
    ],
  });
  const open = createGrantOpener({ agency: 'income', ownKeys, hubKeys: fixedHubKeys([hubPublic]), clock });

  const head = headOf({ query: '{ me { id } }', variables: { nom: 'Noël Œuvré' } });
  const grant = {
    ...aGrant('income', clock(), { subjects: [aSubject({ scopes: ['dgfip_rfr'] })] }),
    digest: digestOf(head),
  };

  it('is opened by the agency it was made for, as it was', async () => {
    const opened = await open(withGrant(head, seal(ownKeys.publicJwks.keys[0]!, grant)));
    expect(opened).toMatchObject({ grant, head });
  });

  it('comes back with persons met in the answer sealed so that the hub alone opens them', async () => {
    const again = { ...grant, jti: `${grant.jti}2` };
    const opened = await open(withGrant(head, seal(ownKeys.publicJwks.keys[0]!, again)));
    if (opened.refused !== undefined) throw new Error(opened.refused);
    const identity = { family_name: 'TESTEUR', given_name: 'Noé', birthdate: '2015' };
    const id = await opened.sealMet({ identity, role: 'CHILD_PROVEN' });
    expect(id.startsWith(MET_PERSON_PREFIX)).toBe(true);
    const key = (hub: EcJwk) => deriveDayKey(hub, agencyKey, '2026-06-15', `${MET_PERSON_INFO_PREFIX}income`);
    const { plaintext } = await compactDecrypt(id.slice(MET_PERSON_PREFIX.length), key(hubKey));
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual({
      iss: 'income',
      aud: 'hub',
      grant: again.jti,
      identity,
      role: 'CHILD_PROVEN',
    });
    await expect(compactDecrypt(id.slice(MET_PERSON_PREFIX.length), key(generateAgencyKey()))).rejects.toThrow();
  });
});

describe('a declaration sealed by the hub', () => {
  const clock = () => Date.parse('2026-06-15T10:00:00Z');
  const agency = 'income' as AgencyId;
  const takes = {
    ...{ type: 'move', promisedDays: 1, openToAll: false, delivery: 'push', inboxPath: '/inbox' },
    fields: [{ name: 'declarant', why: { fr: 'Qui', en: 'Who' } }],
  } as const satisfies TakenDeclaration;
  const keys = openKeys({ dataDir: newFolder() });
  const signing = openDeclarationKeys({ dataDir: newFolder() });
  const ownKeys = createAgencyKeys([generateAgencyKey()]);
  const agencyKey = ownKeys.publicJwks.keys[0]!;
  const hubKeys = fixedHubKeys([...keys.publicJwks.keys, ...signing.publicJwks]);
  const dayKeys = createDayKeys(ownKeys, hubKeys);
  const event = anEvent();
  const data = { declarant: { reference: 'ref', identity: { ...NOBODY, given_name: 'Noé Œuvré' } } };
  const content = JSON.stringify(data);
  const atSeconds = clock() / 1000;
  const sealed = createDeclarationSealer(
    keys,
    signing,
  )({ agency, agencyKey, event, content, atSeconds, ttlSeconds: 15 });

  it('is opened by the agency it was made for, as it was', async () => {
    const open = createDeclarationOpener({ agency, takes, dayKeys, hubKeys, clock });
    expect(await open(sealed, { ...event })).toMatchObject({
      event,
      data,
      digest: createHash('sha256').update(content).digest('base64url'),
    });
  });

  it('is answered with statuses that the hub alone opens, and knows whose they are', async () => {
    const line = createHubLine({ agency, ownKeys, hubKeys, dayKeys, clock, hubOrigin: () => undefined });
    const statuses = [{ event: randomUUID(), status: 'DONE', at: '2026-06-15T10:00:00.000Z' }] as const;
    const answer = await line.sealStatuses(statuses, kidOf(sealed)!);
    const messages = createAgencyMessages(keys);
    expect(messages.openStatus(answer, { agency, agencyKey, atSeconds })).toMatchObject({ iss: agency, statuses });
    expect(messages.openStatus(answer, { agency: 'family' as AgencyId, agencyKey, atSeconds })).toBeUndefined();
  });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-by-the-hub-'));
  folders.push(folder);
  return folder;
}
