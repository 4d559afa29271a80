import { expect, test } from '@jest/globals';
import type { ClientId } from '../../../gateway/platform/ids.ts';
import { createSubjectKeyOf } from '../../../gateway/platform/subjectKey.ts';
import { createConsentLedger } from '../../../gateway/registers/consent/consentLedger.ts';
import type { ConsentTables } from '../../../gateway/registers/consent/consentTables.ts';
import { seedConsents } from '../../../gateway/registers/consent/seedConsents.ts';
import { openHabilitationRegister } from '../../../gateway/registers/habilitation/habilitationRegister.ts';
import type { HabilitationTables } from '../../../gateway/registers/habilitation/habilitationTables.ts';
import { registerHub } from '../../../gateway/registers/habilitation/registerHub.ts';
import { insertReturnUrl } from '../../../gateway/registers/habilitation/serviceActStore.ts';
import { seedHabilitations } from '../../../gateway/registers/habilitation/seedHabilitations.ts';
import { readSeeds } from '../../../gateway/registers/seeds/readSeeds.ts';
import { describeOnDatabases } from '../../support/databases.ts';

const ISSUER = 'http://127.0.0.1:4010';
const NOW = Date.UTC(2026, 10, 23, 12);
const clock = () => NOW;
const CANTEEN = 'canteen' as ClientId;

const aService = {
  clientId: 'town',
  name: 'Town',
  siret: '99900000000009',
  credentials: [{ issuer: ISSUER, clientId: 'town-1' }],
  returnUrls: ['https://town.example/return'],
};
const aVersion = (version: number, firstDay: string, lastDay: string, scopes: string[]) => ({
  ...{ id: 'hab-town', version, clientId: 'town', purpose: 'parking-permit', scopes, legalBasis: 'INFORMATION_L114_8' },
  ...{ retentionMonths: 6, minimumAcr: 'eidas2', firstDay, lastDay },
});

describeOnDatabases('the habilitation register', (databases) => {
  const freshDb = async () => (await databases.freshHub<HabilitationTables>()).db;

  test('finds a service by issuer and client together, never by one of them', async () => {
    const db = await freshDb();
    await seedHabilitations(db, { services: [aService], habilitations: [] });
    const register = await openHabilitationRegister(db);
    expect(register.findService(ISSUER, 'town-1')).toEqual(aService);
    expect(register.findService('http://other.example', 'town-1')).toBeUndefined();
    expect(register.findService(ISSUER, 'town')).toBeUndefined();
    expect(register.getService('town' as ClientId)).toEqual(aService);
  });

  test('holds the hub’s own habilitation without any seed, after any number of starts, and no credential leads to it', async () => {
    const db = await freshDb();
    await registerHub(db, '99900000500012');
    await registerHub(db, '99900000700016');
    const register = await openHabilitationRegister(db);
    const hub = 'hub' as ClientId;
    expect(register.getService(hub)).toMatchObject({
      name: 'Trait d’Union',
      siret: '99900000700016',
      credentials: [],
    });
    const found = register.findHabilitation(hub, 'relation-proof', '2031-01-01');
    expect(found).toMatchObject({ id: 'hab-hub-1', legalBasis: 'HUB_OPERATION' });
    expect([...found!.scopes]).toEqual(['hub_liens_familiaux']);
    expect((await register.listRequests([hub])).map(({ acts }) => acts.map(({ type }) => type))).toEqual([
      ['DRAFTED', 'SUBMITTED', 'VALIDATED'],
    ]);
  });

  test('has people come back to a front end at another port too', async () => {
    const db = await freshDb();
    await seedHabilitations(db, await readSeeds({ issuer: ISSUER, clock, servicePort: 4999 }));
    const register = await openHabilitationRegister(db);
    expect(register.getService('creche' as ClientId)?.returnUrls).toEqual([
      'http://127.0.0.1:4020/creche/retour',
      'http://127.0.0.1:4999/creche/retour',
    ]);
  });

  test('has them come back to the port of this start, to those that somebody entered, and to none of earlier starts', async () => {
    const db = await freshDb();
    const startAt = async (servicePort: number) =>
      seedHabilitations(db, await readSeeds({ issuer: ISSUER, clock, servicePort }));
    const creche = 'creche' as ClientId;
    const at = (port: number) => `http://127.0.0.1:${port}/creche/retour`;
    await startAt(50_001);
    await startAt(50_002);
    const register = await openHabilitationRegister(db);
    const entered = { clientId: creche, actor: { role: 'operator' } } as const;
    for (const url of [at(3000), 'https://creche.example/retour']) {
      await register.changeServices({ ...entered, type: 'RETURN_URL_ADDED', about: url }, (transaction) =>
        insertReturnUrl(transaction, creche, url),
      );
    }
    await startAt(50_003);
    await register.reload();
    expect(register.getService(creche)?.returnUrls).toEqual(
      [at(3000), at(4020), at(50_003), 'https://creche.example/retour'].sort(),
    );
  });

  test('holds a habilitation on its first and last day, and no day longer; the newest version counts', async () => {
    const db = await freshDb();
    const versions = [
      aVersion(1, '2026-01-01', '2026-12-31', ['adresse_declaree']),
      aVersion(2, '2026-06-01', '2026-06-30', ['adresse_declaree', 'birth']),
    ];
    await seedHabilitations(db, { services: [aService], habilitations: versions });
    const register = await openHabilitationRegister(db);
    const on = (day: string) => register.findHabilitation('town' as ClientId, 'parking-permit', day);

    expect(on('2025-12-31')).toBeUndefined();
    expect(on('2026-01-01')).toMatchObject({ version: 1, minimumAcr: 'eidas2', retentionMonths: 6 });
    expect([...on('2026-06-30')!.scopes].sort()).toEqual(['adresse_declaree', 'birthcountry', 'birthplace']);
    expect(on('2026-07-01')).toMatchObject({ version: 1 });
    expect(on('2026-12-31')).toMatchObject({ version: 1 });
    expect(on('2027-01-01')).toBeUndefined();
    expect(register.findHabilitation('town' as ClientId, 'housing-file', '2026-06-15')).toBeUndefined();
  });

  test('sees what is added after a reload', async () => {
    const db = await freshDb();
    const register = await openHabilitationRegister(db);
    await seedHabilitations(db, { services: [aService], habilitations: [] });
    expect(register.getService('town' as ClientId)).toBeUndefined();
    await register.reload();
    expect(register.getService('town' as ClientId)).toBeDefined();
  });

  test("loads the sandbox's seeds twice without doubling, under today's days", async () => {
    const { db } = await databases.freshHub<HabilitationTables & ConsentTables>();
    const seeds = await readSeeds({ issuer: ISSUER, clock });
    const subjectKeyOf = createSubjectKeyOf({ subjectSecret: Buffer.alloc(32, 1) });
    for (let time = 0; time < 2; time += 1) {
      await seedHabilitations(db as never, seeds);
      await seedConsents(db as never, seeds, subjectKeyOf);
    }
    const register = await openHabilitationRegister(db as never);
    const ledger = await createConsentLedger({ database: databases.database(), db: db as never, clock });

    expect(register.findService(ISSUER, 'canteen')).toMatchObject({ clientId: 'canteen' });
    expect(register.findHabilitation(CANTEEN, 'canteen-pricing', '2026-11-23')?.scopes).toContain('birthplace');
    const { consents } = seeds as { consents: { pivot: never; clientId: ClientId; status: string }[] };
    for (const { pivot } of consents) {
      const said = consents.filter((consent) => subjectKeyOf(consent.pivot) === subjectKeyOf(pivot));
      const statuses = (of: readonly { clientId: string; status: string }[]) =>
        of.map(({ clientId, status }) => `${clientId} ${status}`).sort();
      expect(statuses(await ledger.listConsents(subjectKeyOf(pivot)))).toEqual(statuses(said));
    }
  });

  test('does not give again at the next start what a citizen has withdrawn since', async () => {
    const { db } = await databases.freshHub<HabilitationTables & ConsentTables>();
    const seeds = await readSeeds({ issuer: ISSUER, clock });
    const subjectKeyOf = createSubjectKeyOf({ subjectSecret: Buffer.alloc(32, 1) });
    await seedHabilitations(db as never, seeds);
    await seedConsents(db as never, seeds, subjectKeyOf);
    const ledger = await createConsentLedger({ database: databases.database(), db: db as never, clock });
    const { consents } = seeds as { consents: { pivot: never; status: string }[] };
    const subject = subjectKeyOf(consents.find((consent) => consent.status === 'ACTIVE')!.pivot);
    for (const consent of await ledger.listConsents(subject)) await ledger.withdrawConsent(subject, consent.id);

    await seedConsents(db as never, seeds, subjectKeyOf);

    expect((await ledger.listConsents(subject)).filter((consent) => consent.status === 'ACTIVE')).toEqual([]);
  });

  test.each([
    [
      'an unknown scope',
      { habilitations: [aVersion(1, '2026-01-01', '2026-12-31', ['no_such'])] },
      '"habilitations.0.scopes.0" is no scope of the treaty',
    ],
    ['a bad SIRET', { services: [{ ...aService, siret: '1' }] }, '"services.0.siret"'],
  ])('refuses seeds with %s', async (_, change, fault) => {
    const db = await freshDb();
    await expect(seedHabilitations(db, { services: [], habilitations: [], ...change })).rejects.toThrow(fault);
  });
});
