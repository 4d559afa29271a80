import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { loadGraph } from '../../../gateway/platform/graph/loadGraph.ts';
import { createDecideOffice } from '../../../gateway/request/decide/decideOffice.ts';
import type { AgentOffice, Identified, Office, Received } from '../../../gateway/request/exchange.ts';
import { createUnderstand } from '../../../gateway/request/understand/understand.ts';
import { print } from 'graphql';

const graph = loadGraph(readFileSync('schema/composed/supergraph.graphql', 'utf8'));
const understand = createUnderstand({ graph: () => graph, introspection: 'everyone' });
const decide = createDecideOffice();

const service = { clientId: 'agency-portal', name: 'Pages', siret: '99900000500012', credentials: [] } as never;
const anAgent = (...roles: string[]): AgentOffice => ({
  kind: 'agent',
  service,
  agent: { reference: 'r', siret: '99900000100011', roles },
});
const aService: Office = { kind: 'service', service };

function ask(caller: Office, query: string, mode: Received['mode'] = 'partial') {
  const received = { query, variables: {}, operationName: undefined, method: 'POST', operator: false, mode };
  const decided = decide(understand({ ...received, caller } as unknown as Identified<Office>));
  const { verdicts, operation, narrowed } = decided.judgement;
  const refused = operation.fields
    .filter(({ index }) => !verdicts[index]!.allowed)
    .map(({ index, coordinate }) => {
      const verdict = verdicts[index]!;
      return `${coordinate} ${verdict.allowed ? '' : verdict.reason}`;
    });
  return { refused, narrowed: narrowed && print(narrowed).replace(/\s+/g, ' ') };
}

test('an office reads nobody: what is anybody’s is cut before planning, whatever its rule', () => {
  for (const caller of [anAgent('requester', 'instructor', 'dpo'), aService]) {
    expect(ask(caller, '{ me { id civilStatus { birthName } } }')).toEqual({
      refused: [
        'Query.me NOT_AUTHENTICATED',
        'Citizen.id NOT_AUTHENTICATED',
        'Citizen.civilStatus NOT_AUTHENTICATED',
        'CivilStatus.birthName NOT_AUTHENTICATED',
      ],
      narrowed: undefined,
    });
    const consent = 'mutation { withdrawConsent(id: "con_1") { receipt } }';
    expect(ask(caller, consent).refused[0]).toBe('Mutation.withdrawConsent NOT_AUTHENTICATED');
  }
});

test('what stands beside it is still answered', () => {
  const { narrowed, refused } = ask(anAgent('requester'), '{ me { id } habilitationRequests { id state } }');
  expect(refused).toEqual(['Query.me NOT_AUTHENTICATED', 'Citizen.id NOT_AUTHENTICATED']);
  expect(narrowed).toBe('{ habilitationRequests { id state } }');
});

test.each([
  ['a requester', anAgent('requester'), ['validateHabilitation']],
  ['an instructor', anAgent('instructor'), ['submitHabilitation']],
  ['an agent without a role', anAgent(), ['submitHabilitation', 'validateHabilitation']],
  ['a service', aService, ['submitHabilitation', 'validateHabilitation']],
] as const)('%s acts by their own role alone', (_, caller, closed) => {
  const query =
    'mutation { submitHabilitation(id: "1") { request { id } } validateHabilitation(id: "1") { request { id } } }';
  const refused = ask(caller, query).refused.filter((text) => text.startsWith('Mutation.'));
  expect(refused).toEqual(closed.map((name) => `Mutation.${name} POLICY_NOT_MET`));
});

test('an office gets no verdicts for nothing: a dry run shows what citizens’ data would be', () => {
  expect(() => ask(anAgent('instructor'), '{ me { id } }', 'dry-run')).toThrow('HUB_REQUEST_MODE_UNKNOWN');
});
