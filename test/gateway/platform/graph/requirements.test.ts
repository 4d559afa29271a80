import { describe, expect, test } from '@jest/globals';
import { asked, refused } from '../../../support/testDecision.ts';
import { testGraph } from '../../../support/testGraph.ts';
import type { Graph } from '../../../../gateway/platform/graph/graph.ts';

const CITIZEN = 'type Citizen @key(fields: "id") @subject { id: ID!';
const SCOPE = '@requiresScopes(scopes: [["dgfip_rfr"]])';
const query = '{ me { eligible } }';

function computedFrom(source: string, type = 'Int', needs = 'income'): Graph {
  return testGraph({
    hub: `type Query { me: Citizen @authenticated } ${CITIZEN} }`,
    income: `${CITIZEN} ${source} }`,
    family: `${CITIZEN} income: ${type} @external eligible: Boolean @requires(fields: "${needs}") ${SCOPE} }`,
  });
}

describe('what a field is computed from', () => {
  test('asks its minimum acr of the computed field, which composition does not know of', () => {
    const graph = computedFrom(`income: Int ${SCOPE} @minimumAcr(level: EIDAS3)`);
    expect(refused({ graph, query, token: ['dgfip_rfr'], acr: 'eidas2' })).toEqual([
      'me.eligible: Citizen.eligible ACR_TOO_LOW',
    ]);
    expect(asked({ graph, query, token: ['dgfip_rfr'], acr: 'eidas3' })).toBe(query);
  });

  test('is not read for anybody when no rule opens it', () => {
    const graph = computedFrom('income: Int');
    expect(asked({ graph, query, token: ['dgfip_rfr'] })).toBe('{ me { __typename } }');
  });

  test('is no income year: its scope changes with the calendar', () => {
    const source = `income(incomeYear: Int!): Int ${SCOPE} @scopeByYear(argument: "incomeYear")`;
    const load = () =>
      testGraph({
        hub: `type Query { me: Citizen @authenticated } ${CITIZEN} }`,
        income: `${CITIZEN} ${source} }`,
        family: `${CITIZEN} income(incomeYear: Int!): Int @external eligible: Boolean @requires(fields: "income(incomeYear: 2025)") ${SCOPE} }`,
      });
    expect(load).toThrow('supergraph: Citizen.eligible: expected @requires without income years, got Citizen.income');
  });
});
