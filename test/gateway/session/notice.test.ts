import { expect, test } from '@jest/globals';
import type { SubjectKey } from '../../../gateway/platform/ids.ts';
import { askWhole, exchange } from './client.ts';
import { FC_CLIENT, setting, useHub } from './setting.ts';

useHub();

/** A citizen whom nobody has met yet, at a service. */
async function visit(clientId: string, family_name: string) {
  const subject_token = setting.franceConnect.issue(FC_CLIENT(clientId), { family_name });
  const reply = await exchange({ client_id: clientId, subject_token });
  const subject = ((await askWhole(reply.access_token)).body as { subject: SubjectKey }).subject;
  return { reply, entries: await setting.ledger.listConsents(subject), subject };
}

test('a citizen is told, at the first exchange, of what the law lets the service read', async () => {
  const { entries } = await visit('canteen', 'PREMIERE');
  expect(entries).toMatchObject([
    {
      kind: 'NOTICE',
      status: 'ACTIVE',
      clientId: 'canteen',
      purpose: 'canteen-pricing',
      legalBasis: 'INFORMATION_L114_8',
      expiresAt: '2099-12-31T23:00:00.000Z',
    },
  ]);
  expect(entries[0]!.scopes).toContain('cnaf_quotient_familial');
});

test('the same notice is given once, however many times the citizen comes, and of two visits at once', async () => {
  await Promise.all([visit('canteen', 'SOUVENT'), visit('canteen', 'SOUVENT'), visit('canteen', 'SOUVENT')]);
  expect((await visit('canteen', 'SOUVENT')).entries).toHaveLength(1);
});

test('each service gives its own', async () => {
  await visit('canteen', 'DEUXIEME');
  const { entries } = await visit('canteen-app', 'DEUXIEME');
  expect(entries.map(({ clientId }) => clientId).sort()).toEqual(['canteen', 'canteen-app']);
});

test('who has objected is not told again, and nothing opens again behind their back', async () => {
  const { entries, subject } = await visit('canteen', 'OPPOSEE');
  await setting.ledger.withdrawConsent(subject, entries[0]!.id);
  const again = await visit('canteen', 'OPPOSEE');
  expect(again.reply.status).toBe(200);
  expect(again.entries.map(({ status }) => status)).toEqual(['OBJECTED']);
  expect((await setting.ledger.openConsents(subject, 'canteen' as never, 'canteen-pricing')).scopes.size).toBe(0);
});

test('where the basis is consent the hub writes nothing: that is for the citizen to say', async () => {
  expect((await visit('creche', 'LIBRE')).entries).toEqual([]);
});

test('an exchange that is refused leaves no notice behind', async () => {
  const subject_token = setting.franceConnect.issue(FC_CLIENT('canteen'), { family_name: 'REFUSEE' });
  await exchange({ subject_token, scope: 'cnaf_adresse' });
  const { entries } = await visit('creche', 'REFUSEE');
  expect(entries).toEqual([]);
});
