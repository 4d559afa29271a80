import { expect, test } from '@jest/globals';
import type { HubError } from '../../../gateway/platform/errors.ts';
import type { ClientId } from '../../../gateway/platform/ids.ts';
import type {
  HabilitationAct,
  HabilitationTerms,
} from '../../../gateway/registers/habilitation/habilitationRequest.ts';
import { type CallVolumes, openCallVolumes } from '../../../gateway/registers/habilitation/callVolumes.ts';
import { openHabilitationRegister } from '../../../gateway/registers/habilitation/habilitationRegister.ts';
import type { HabilitationTables } from '../../../gateway/registers/habilitation/habilitationTables.ts';
import { seedHabilitations } from '../../../gateway/registers/habilitation/seedHabilitations.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import { until } from '../../support/until.ts';

const TOWN = 'town' as ClientId;
const applicant = { agent: 'agent-1', siret: '99900000000009', role: 'applicant' } as const;
const instructor = { agent: 'agent-2', siret: '99900000000001', role: 'instructor' } as const;
const terms: HabilitationTerms = {
  ...{ clientId: TOWN, purpose: 'parking-permit', scopes: ['adresse_declaree'] },
  ...({ legalBasis: 'INFORMATION_L114_8', minimumAcr: 'eidas1' } as const),
  ...{ retentionMonths: 6, firstDay: '2026-01-01', lastDay: '2026-12-31' },
};

const draft = (change: Partial<HabilitationTerms> = {}) =>
  ({ type: 'DRAFTED', actor: applicant, terms: { ...terms, ...change } }) as const;
const submit = { type: 'SUBMITTED', actor: applicant } as const;
const validate = { type: 'VALIDATED', actor: instructor } as const;
const reopen = { type: 'REOPENED', actor: applicant } as const;
const because = <Type extends string>(type: Type) => ({ type, actor: instructor, reason: 'the legal text is missing' });

const refusedFor = (words: string) => ({
  code: 'HUB_HABILITATION_ACT_REFUSED',
  detail: expect.stringContaining(words) as unknown,
});

describeOnDatabases("a habilitation's life", (databases) => {
  async function aRegister() {
    const { db, owner } = await databases.freshHub<HabilitationTables>();
    const service = { clientId: TOWN, name: 'Town', siret: applicant.siret, credentials: [] };
    await seedHabilitations(db, { services: [service], habilitations: [] });
    const register = await openHabilitationRegister(db, { database: databases.database() });
    const openSecond = async () => {
      const database = await databases.openAnother();
      return openHabilitationRegister(await database.forOwner<HabilitationTables>(owner), { database });
    };
    const inForce = (of = register) => of.findHabilitation(TOWN, 'parking-permit', '2026-06-01');
    const go = async (...acts: Omit<HabilitationAct, 'at'>[]) => {
      for (const act of acts) await register.act('hab-1', act);
      return register.findRequest('hab-1');
    };
    return { db, register, openSecond, inForce, go };
  }

  test('is in force when an instructor has validated it, and not before', async () => {
    const { inForce, go } = await aRegister();
    expect(await go(draft())).toMatchObject({ state: 'draft', reopening: false });
    expect(await go(submit)).toMatchObject({ state: 'submitted' });
    expect(await go(because('CHANGES_REQUESTED'))).toMatchObject({ state: 'changes_requested' });
    await go(draft({ retentionMonths: 3 }), submit);
    expect(inForce()).toBeUndefined();
    expect(await go(validate)).toMatchObject({ state: 'validated' });
    expect(inForce()).toMatchObject({ id: 'hab-1', version: 1, retentionMonths: 3 });
  });

  test('stays as it was while its successor is drafted, examined and even refused', async () => {
    const { inForce, go } = await aRegister();
    await go(draft(), submit, validate, reopen);
    expect(await go(draft({ scopes: ['adresse_declaree', 'family_name'] }))).toMatchObject({ reopening: true });
    await go(submit, because('REFUSED'));
    expect(inForce()).toMatchObject({ version: 1 });
    await go(reopen, draft({ scopes: ['adresse_declaree', 'family_name'] }), submit, validate);
    expect(inForce()?.version).toBe(2);
    expect(inForce()?.scopes).toContain('family_name');
  });

  test('holds the service to the calls a minute that this version was approved for, and no other', async () => {
    const { inForce, go } = await aRegister();
    const file = {
      ...{ justifications: {}, legalText: 'Code', legalUrl: 'https://law.example' },
      dpoContact: 'dpo@town.example',
    };
    await go(draft({ file: { ...file, callsPerMinute: 10 } }), draft({ file: { ...file, callsPerMinute: 20 } }));
    await go(submit, validate, reopen, draft({ file: { ...file, callsPerMinute: 30 } }), submit);
    expect(inForce()).toMatchObject({ version: 1, callsPerMinute: 20 });
    await go(validate, reopen, draft());
    expect(inForce()).toMatchObject({ version: 2, callsPerMinute: 30 });
  });

  test('has one volume on all nodes: each takes off its own what the others let through', async () => {
    const time = { now: 1_000_000 };
    const aNode = async (database = databases.database()) => {
      const db = (await database.forOwner('hub')) as never;
      return openCallVolumes({
        database,
        db,
        clock: () => time.now,
        log: { warn: () => expect('told').toBe('not told') },
      });
    };
    const parking = { clientId: TOWN, purpose: 'parking-permit', callsPerMinute: 6 };
    const [here, there] = [await aNode(), await aNode(await databases.openAnother())];
    const faultOf = (node: CallVolumes, of: Parameters<CallVolumes['count']>[0] = parking): unknown => {
      try {
        node.count(of);
      } catch (fault) {
        return fault;
      }
      return undefined;
    };
    const refusal = (retryAfterSeconds: number) => ({
      code: 'HUB_HABILITATION_VOLUME_EXCEEDED',
      extensions: { limit: 'callsPerMinute', limitValue: 6, retryAfterSeconds },
    });
    for (let call = 0; call < 6; call += 1) expect(faultOf(here)).toBeUndefined();
    expect(faultOf(here)).toMatchObject(refusal(10));
    // Another procedure of the same service, and a habilitation without a volume, are as they were.
    expect(faultOf(here, { ...parking, purpose: 'canteen-pricing' })).toBeUndefined();
    const unlimited = { clientId: TOWN, purpose: 'parking-permit' };
    for (let call = 0; call < 100; call += 1) expect(faultOf(here, unlimited)).toBeUndefined();
    time.now += 10_000;
    expect(faultOf(here)).toBeUndefined();
    if (databases.kind === 'server') {
      await here.tell();
      await until('there it is known what went through here', () => faultOf(there) !== undefined, { everyMs: 1 });
      // Seven have gone through here, of six: one more minute's sixth than elsewhere.
      expect((faultOf(there) as HubError).extensions['retryAfterSeconds']).toBeGreaterThanOrEqual(20);
    }
    await Promise.all([here.close(), there.close()]);
  });

  test('ends on every node with its revocation, all versions of it, and for good', async () => {
    const { register, openSecond, inForce, go } = await aRegister();
    const second = await openSecond();
    await go(draft(), submit, validate, reopen, draft(), submit, validate, reopen);
    const onSecond = async () => {
      if (databases.kind === 'embedded') await second.reload();
      return inForce(second);
    };
    expect(await onSecond()).toMatchObject({ version: 2 });
    expect(await go(because('REVOKED'))).toMatchObject({ state: 'revoked', reopening: false });
    expect(inForce()).toBeUndefined();
    expect(await onSecond()).toBeUndefined();
    await expect(go(reopen)).rejects.toMatchObject(refusedFor('not possible from the state revoked'));
    await register.close();
    await second.close();
  });

  test.each([
    ['the applicant validates', [draft(), submit], { type: 'VALIDATED', actor: applicant }, 'is for the instructor'],
    [
      'somebody of another body submits',
      [draft()],
      { ...submit, actor: { ...applicant, siret: '1' } },
      'body that asks',
    ],
    [
      'an instructor of the same body validates',
      [draft(), submit],
      { ...validate, actor: { ...instructor, siret: applicant.siret } },
      'nobody examines',
    ],
    ['a draft is validated', [draft()], validate, 'not possible from the state draft'],
    ['it is refused without a reason', [draft(), submit], { type: 'REFUSED', actor: instructor }, 'needs a reason'],
    ['what was never in force is revoked', [draft()], because('REVOKED'), 'nothing is in force'],
    ['it is turned to another purpose', [draft()], draft({ purpose: 'housing-file' }), 'keeps its service and purpose'],
    ['terms change on validation', [draft(), submit], { ...validate, terms }, 'terms come with a draft'],
  ])('changes nothing when %s', async (_, before, act, words) => {
    const { inForce, go, register } = await aRegister();
    const was = await go(...before);
    await expect(go(act as never)).rejects.toMatchObject(refusedFor(words));
    expect(await register.findRequest('hab-1')).toEqual(was);
    expect(inForce()).toBeUndefined();
  });

  test('keeps who did what, when and why', async () => {
    const { go } = await aRegister();
    const request = await go(draft(), submit, because('REFUSED'));
    expect(request!.acts.map(({ type, actor, reason }) => [type, actor.agent, reason])).toEqual([
      ['DRAFTED', 'agent-1', undefined],
      ['SUBMITTED', 'agent-1', undefined],
      ['REFUSED', 'agent-2', 'the legal text is missing'],
    ]);
  });
});
