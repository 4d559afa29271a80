import { describe, expect, test } from '@jest/globals';
import { ERROR_CODES } from '../../../schema/errorCodes.ts';
import { REFUSAL_REASONS, REFUSAL_TEXTS } from '../../../schema/refusals.ts';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import type { Decided, Refusal, ReplyFault } from '../../../gateway/request/exchange.ts';
import { createMask } from '../../../gateway/request/mask/mask.ts';
import { decided } from '../../support/testDecision.ts';
import { testGraph } from '../../support/testGraph.ts';

const GRAPH = testGraph({
  hub: 'type Query { me: Citizen @authenticated } type Citizen @key(fields: "id") @subject { id: ID! a: Int @requiresScopes(scopes: [["sa"]]) b(input: On): Int @requiresScopes(scopes: [["sa"]]) } input On { day: String }',
});
const PORTAL = 'https://portal.example/portal';

function maskedErrors(faults: readonly ReplyFault[], request: Partial<Decided> = {}, maxErrors?: number) {
  const decision = decided({ graph: GRAPH, query: '{ me { a } }', token: [], request });
  const mask = createMask({ portalUrl: PORTAL, ...(maxErrors !== undefined && { maxErrors }) });
  return mask({ ...decision, data: 'null', faults, traces: [] }).errors;
}

const refusal = (change: Partial<Refusal> = {}): Refusal => ({
  reason: 'CONSENT_REQUIRED',
  missingScopes: [['dgfip_rfr', 'dgfip_annee_n_moins_1'], ['dgfip_rbg']],
  subject: 'SELF',
  ...change,
});
const refused = (change: Partial<Refusal> = {}): ReplyFault => ({
  code: 'UNAUTHORIZED_FIELD_OR_TYPE',
  path: ['me', 'list', 3, 'alias'],
  refusal: refusal(change),
});

describe('the mask step', () => {
  test('says of a refusal why, what is missing, whose, and where to open it', () => {
    expect(maskedErrors([refused()])).toEqual([
      {
        message: REFUSAL_TEXTS.CONSENT_REQUIRED.fr,
        path: ['me', 'list', 3, 'alias'],
        extensions: {
          code: 'UNAUTHORIZED_FIELD_OR_TYPE',
          reason: 'CONSENT_REQUIRED',
          missingScopes: [['dgfip_rfr', 'dgfip_annee_n_moins_1'], ['dgfip_rbg']],
          subject: 'SELF',
          consentUrl: `${PORTAL}/consents/new?service=canteen&purpose=canteen-pricing&scopes=dgfip_rfr+dgfip_annee_n_moins_1`,
          requestId: 'req_test',
        },
      },
    ]);
  });

  test.each(REFUSAL_REASONS.filter((reason) => reason !== 'CONSENT_REQUIRED'))(
    'offers no consent where none would help: %s',
    (reason) => {
      expect(maskedErrors([refused({ reason })])[0]!.extensions).not.toHaveProperty('consentUrl');
    },
  );

  test('says when to ask an agency again, also when it said nothing of it', () => {
    const unavailable: ReplyFault = { code: 'HUB_AGENCY_UNAVAILABLE', path: ['me'], agency: 'family' as AgencyId };
    const [unsaid, said] = maskedErrors([unavailable, { ...unavailable, retryAfterSeconds: 30 }]);
    expect([unsaid, said].map((error) => error!.extensions['retryAfterSeconds'])).toEqual([2, 30]);
  });

  test('names an input that was refused, and repeats no other text of an agency', () => {
    const refusedInput = (agency: string, input: string): ReplyFault => ({
      ...{ code: 'HUB_AGENCY_INPUT_REFUSED', path: ['me', 'b'], agency: agency as AgencyId, input },
    });
    const told = maskedErrors([
      refusedInput('family', 'input.day'),
      refusedInput('family', 'DURAND'),
      refusedInput('family', 'day DURAND'),
      refusedInput('hub', 'expiresAt'),
    ]).map(({ extensions: { argument, detailKey } }) => argument ?? detailKey);
    expect(told).toEqual(['input.day', undefined, undefined, 'expiresAt']);
  });

  test('speaks the language of the reader', () => {
    const [error] = maskedErrors([refused({ reason: 'ACR_TOO_LOW' })], { language: 'en' } as Partial<Decided>);
    expect(error!.message).toBe(REFUSAL_TEXTS.ACR_TOO_LOW.en);
  });

  test('names the agency that is down and when to come back, in the words of the catalogue', () => {
    const fault: ReplyFault = {
      code: 'HUB_AGENCY_UNAVAILABLE',
      path: ['me', 'a'],
      agency: 'income' as AgencyId,
      retryAfterSeconds: 5,
    };
    expect(maskedErrors([fault])).toEqual([
      {
        message: ERROR_CODES.HUB_AGENCY_UNAVAILABLE.message.fr,
        path: ['me', 'a'],
        extensions: {
          code: 'HUB_AGENCY_UNAVAILABLE',
          remedy: ERROR_CODES.HUB_AGENCY_UNAVAILABLE.remedy.fr,
          agency: 'income',
          retryAfterSeconds: 5,
          requestId: 'req_test',
        },
      },
    ]);
  });

  test('lets nothing out that a fault was not made to carry', () => {
    const smuggled = { ...refused(), message: 'SECRET', extensions: { sql: 'SECRET' }, stack: 'SECRET' };
    expect(JSON.stringify(maskedErrors([smuggled]))).not.toContain('SECRET');
  });

  test('holds nothing of the citizen', () => {
    const text = JSON.stringify(maskedErrors([refused()]));
    for (const value of ['DURAND', 'Ines', '1990-01-01', '75107', 'a'.repeat(30)]) expect(text).not.toContain(value);
  });

  test('shows a thousand errors at most, the last of which says how many are left out', () => {
    expect(maskedErrors(Array.from({ length: 1_000 }, () => refused()))).toHaveLength(1_000);
    const errors = maskedErrors(Array.from({ length: 5_000 }, () => refused()));
    expect(errors).toHaveLength(1_000);
    expect(errors.at(-1)).toMatchObject({ extensions: { leftOut: 4_001, requestId: 'req_test' } });
    expect(errors.at(-1)).not.toHaveProperty('path');
  });

  test('has nothing to say of a request without fault', () => {
    expect(maskedErrors([])).toEqual([]);
  });
});
