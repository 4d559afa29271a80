import { expect, test } from '@jest/globals';
import { refusals } from '../../../gateway/request/decide/explain.ts';
import { decided } from '../../support/testDecision.ts';
import { testGraph } from '../../support/testGraph.ts';

/* What a citizen is asked to open is what the service has asked for: enough, and nothing more. */

const graph = testGraph({
  hub: `
    type Query { me: Citizen @authenticated }
    type Citizen @key(fields: "id") @subject {
      id: ID!
      plain: Int @requiresScopes(scopes: [["a"]])
      file: File @requiresScopes(scopes: [["a"], ["b"], ["c"]])
      income(year: Int!): Income @requiresScopes(scopes: [["a"], ["b"]]) @scopeByYear(argument: "year")
      either: Int @requiresScopes(scopes: [["a", "b"], ["c"]])
    }
    type File {
      source: String
      a: Int @requiresScopes(scopes: [["a"]])
      b: Int @requiresScopes(scopes: [["b"]])
      c: Int @requiresScopes(scopes: [["c"]])
      inner: File
    }
    type Income { a: Int @requiresScopes(scopes: [["a"]]) b: Int @requiresScopes(scopes: [["b"]]) }
  `,
});

function offered(query: string, token: readonly string[] = ['a', 'b', 'c', 'dgfip_annee_n_moins_1']) {
  const { judgement } = decided({ graph, query, token, consents: [] });
  return refusals(judgement).map(({ path, consentScopes }) => [path.join('.'), consentScopes]);
}

test('an object that any of its scopes would open is offered with those of what is asked below it', () => {
  expect(offered('{ me { file { b } } }')).toEqual([['me.file', ['b']]]);
  expect(offered('{ me { file { source inner { c } a } } }')).toEqual([['me.file', ['a', 'c']]]);
});

test('an object of which nothing ruled is asked is offered with the first scope that opens it', () => {
  expect(offered('{ me { file { source } } }')).toEqual([['me.file', ['a']]]);
});

test('the scope of the income year is offered with the income', () => {
  expect(offered('{ me { income(year: 2025) { b } } }')).toEqual([['me.income', ['b', 'dgfip_annee_n_moins_1']]]);
});

test('of two ways the one is offered that asks for less', () => {
  expect(offered('{ me { either } }')).toEqual([['me.either', ['c']]]);
});

test('what the token does not hold is not offered: no consent would open it', () => {
  expect(offered('{ me { plain file { a c } } }', ['a', 'b'])).toEqual([
    ['me.plain', ['a']],
    ['me.file', ['a']],
  ]);
  expect(offered('{ me { plain } }', [])).toEqual([['me.plain', undefined]]);
});
