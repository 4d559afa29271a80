import { describe, expect, test } from '@jest/globals';
import { loadGraph } from '../../../../gateway/platform/graph/loadGraph.ts';
import { replaceGraph } from '../../../../gateway/platform/graph/replaceGraph.ts';
import { composeTest, testGraph } from '../../../support/testGraph.ts';

const subgraph = `
  type Query { me: Citizen @authenticated town(id: ID @subjectId): Town }
  type Citizen @key(fields: "id") @subject { id: ID! income(year: Int): Int @requiresScopes(scopes: [["s"]]) @scopeByYear(argument: "year") }
  type Town { name: String mayor: Citizen }
`;
const protectedGraph = testGraph({ a: subgraph });

describe('replaceGraph', () => {
  test('takes any graph at the start, and the same again', () => {
    expect(replaceGraph(undefined, protectedGraph)).toBe(protectedGraph);
    expect(replaceGraph(protectedGraph, protectedGraph)).toBe(protectedGraph);
  });

  test('refuses a supergraph without any rule where the previous one had some', () => {
    const bare = subgraph.replaceAll(
      / @(authenticated|subjectId|subject|requiresScopes\(.*?\]\]\)|scopeByYear\(.*?\))/g,
      '',
    );
    const next = testGraph(
      { a: bare },
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) ',
    );
    expect(next.rules.empty).toBe(true);
    expect(() => replaceGraph(protectedGraph, next)).toThrow('got none for Citizen.income, Query.me, Citizen');
  });

  test.each([
    ['a rule', ' @requiresScopes(scopes: [["s"]])', 'Citizen.income'],
    ['the mark of a person', ' @subject ', 'Citizen'],
    ['the year of a field', ' @scopeByYear(argument: "year")', 'Citizen.income'],
    ["the mark of a person's reference", ' @subjectId', 'Query.town(id:)'],
  ])('refuses a supergraph that loses %s of something that stays', (_what, text, named) => {
    const next = loadGraph(composeTest({ a: subgraph.replace(text, ' ') }));
    expect(() => replaceGraph(protectedGraph, next)).toThrow(`got none for ${named}`);
  });

  test('takes a supergraph from which a protected field has gone', () => {
    const next = testGraph({ a: subgraph.replace(/income\(.*\)(?= })/, '') });
    expect(replaceGraph(protectedGraph, next)).toBe(next);
  });
});
