import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Grant, GrantSubject } from '../../../schema/grant.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { grantText } from '../../../gateway/platform/grantText.ts';

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,43}$/);
const anything = fc.string({ unit: 'binary' });
const scopes = fc.array(fc.constantFrom('dgfip_rfr', 'cnaf_enfants', 'family_name'), { maxLength: 3 });
const role = fc.constantFrom('SELF', 'CHILD_PROVEN', 'SPOUSE', 'IN_FILE');
const pivot = fc.record({
  given_name: anything,
  family_name: anything,
  birthdate: anything,
  gender: fc.constantFrom('male', 'female'),
  birthplace: anything,
  birthcountry: anything,
});
/** `Required`: what a grant or its subject may hold one day is to be written too. */
const subject = fc.record<Required<GrantSubject>>({ reference: id, role, scopes, pivot } as never);
const grant = fc.record<Required<Grant>>({
  iss: fc.constant('hub'),
  aud: id,
  jti: id,
  iat: fc.nat(),
  exp: fc.nat(),
  requestId: id,
  service: fc.record({ clientId: anything, siret: anything }),
  purpose: fc.constantFrom('canteen-pricing', 'my-data'),
  acr: fc.constantFrom('eidas1', 'eidas2'),
  digest: id,
  subjects: fc.array(subject, { maxLength: 3 }),
  met: fc.oneof(fc.constant({}), fc.record({ IN_FILE: scopes }), fc.record({ CHILD_PROVEN: scopes, SPOUSE: scopes })),
});

test('the text of a grant is its JSON', () => {
  fc.assert(
    fc.property(grant, (any) => {
      expect(grantText(any)).toBe(JSON.stringify(any));
      expect(grantText({ ...any, jti: 'another' })).toBe(JSON.stringify({ ...any, jti: 'another' }));
    }),
  );
});

test('one identity at two agencies, in two roles and with two sets of scopes, is never mixed up', () => {
  const one = { given_name: 'Camille', family_name: 'D’Arc' } as PivotIdentity;
  const members: Pick<GrantSubject, 'reference' | 'role' | 'scopes'>[] = [
    { reference: 'a', role: 'SELF', scopes: ['dgfip_rfr'] },
    { reference: 'b', role: 'SELF', scopes: ['dgfip_rfr'] },
    { reference: 'a', role: 'SPOUSE', scopes: ['dgfip_rfr'] },
    { reference: 'a', role: 'SPOUSE', scopes: [] },
    { reference: 'a', role: 'SELF', scopes: ['dgfip_rfr'] },
  ];
  for (const member of members) {
    const grantOf = {
      iss: 'hub',
      iat: 0,
      exp: 0,
      service: { clientId: 'x', siret: 'y' },
      subjects: [{ ...member, pivot: one }],
      met: {},
    } as unknown as Grant;
    expect((JSON.parse(grantText(grantOf)) as Grant).subjects).toEqual([{ ...member, pivot: one }]);
  }
});
