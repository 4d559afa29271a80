import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import type { Catalogue } from '../../../gateway/registers/catalogue/buildCatalogue.ts';
import type { CompositionRefused } from '../../../scripts/compose/composeGraph.ts';
import { composeGraph } from '../../../scripts/compose/composeGraph.ts';
import { loadGraph } from '../../../gateway/platform/graph/loadGraph.ts';
import type { AgencyManifest } from '../../../schema/agencyManifest.ts';
import { AGENCY_SCHEMA_HEADER } from '../../../schema/directives.ts';

const hub = {
  name: 'hub',
  url: 'hub:in-process',
  typeDefs: `${AGENCY_SCHEMA_HEADER}
    "Questions." type Query { "The caller." me: Citizen @authenticated }
    "A person." type Citizen @key(fields: "id") @subject { "Reference." id: ID! }`,
};
const income = {
  name: 'income',
  url: 'http://127.0.0.1:4103/graphql',
  typeDefs: `${AGENCY_SCHEMA_HEADER}
    "A person." type Citizen @key(fields: "id") @subject {
      "Reference." id: ID!
      "Assessment of a year." assessment(incomeYear: Int!): Assessment
        @requiresScopes(scopes: [["dgfip_rfr"], ["dgfip_rbg", "dgfip_nbpart"]]) @scopeByYear(argument: "incomeYear") @minimumAcr(level: EIDAS2)
    }
    "An assessment." type Assessment {
      "Reference income." reference: Int @requiresScopes(scopes: [["dgfip_rfr"]])
      "Per part." perPart: Int @requiresScopes(scopes: [["dgfip_rbg", "dgfip_nbpart"]])
      "Issued." issuedOn: String
    }`,
};
const manifest: AgencyManifest = {
  name: 'income',
  label: { fr: 'Impôts', en: 'Taxes' },
  siret: '99900000000001',
  kind: 'administration',
  owner: 'o',
  contact: 'c@trait-dunion.example',
  legalBasis: 'INFORMATION_L114_8',
  purposes: [],
  freshness: { fr: 'annuelle', en: 'yearly' },
  port: 4103,
  timeoutMs: 3000,
  database: false,
  declarations: [],
  fields: {},
};

describe('what is composed', () => {
  const files = composeGraph([income, hub], [manifest]);
  const catalogue = JSON.parse(files['catalogue.json']) as Catalogue;
  const field = (coordinate: string) => catalogue.fields.find((one) => one.coordinate === coordinate);

  it('is a supergraph whose rules the hub reads back', () => {
    const { rules } = loadGraph(files['supergraph.graphql']);
    expect(rules.ofField.get('Citizen.assessment')).toMatchObject({ minimumAcr: 'eidas2' });
    expect(rules.personTypes).toEqual(new Set(['Citizen']));
    expect(rules.agencyOf.get('Assessment.perPart')).toBe('income');
  });

  it('is a public schema without rules or federation', () => {
    expect(buildSchema(files['api.graphql']).getType('Assessment')).toBeDefined();
    expect(files['api.graphql']).not.toMatch(/@|join__|_entities|Eidas/);
  });

  it('is a catalogue that tells of each field who holds it and what opens it', () => {
    expect(field('Assessment.perPart')).toEqual({
      coordinate: 'Assessment.perPart',
      type: 'Int',
      description: 'Per part.',
      arguments: [],
      agency: 'income',
      scopes: [['dgfip_rbg', 'dgfip_nbpart']],
      openedBy: ['Citizen.assessment'],
      authenticated: true,
      minimumAcr: 'eidas1',
      yearArgument: null,
      subject: 'inherited',
      ...{ policies: null, traps: [], words: [] },
    });
    expect(field('Citizen.assessment')).toMatchObject({
      arguments: ['incomeYear: Int!'],
      minimumAcr: 'eidas2',
      yearArgument: 'incomeYear',
      subject: 'person',
    });
    expect(field('Assessment.issuedOn')).toMatchObject({ scopes: null, openedBy: ['Citizen.assessment'] });
    expect(field('Query.me')).toMatchObject({ agency: 'hub', scopes: null, authenticated: true, subject: 'none' });
    expect(catalogue.scopes.map(({ name }) => name)).toEqual([
      'dgfip_annee_n_moins_1',
      'dgfip_annee_n_moins_2',
      'dgfip_annee_n_moins_3',
      'dgfip_nbpart',
      'dgfip_rbg',
      'dgfip_rfr',
    ]);
    expect(catalogue.agencies).toMatchObject([{ name: 'income', siret: '99900000000001' }]);
  });

  it('is the same, byte by byte, in whatever order the folders are found', () => {
    expect(composeGraph([hub, income], [manifest])).toEqual(files);
  });
});

describe('what is not composed', () => {
  const faultsOf = (...parts: Parameters<typeof composeGraph>[0]): readonly string[] => {
    try {
      composeGraph(parts, []);
      return [];
    } catch (fault) {
      return (fault as CompositionRefused).faults;
    }
  };

  it('is told with the subgraph’s name, all faults at once', () => {
    const bad = { ...income, typeDefs: income.typeDefs.replaceAll('dgfip_rbg', 'dgfip_rgb') };
    const worse = { ...hub, typeDefs: hub.typeDefs.replace('@authenticated }', '}') };
    const faults = faultsOf(bad, worse);
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(expect.arrayContaining(['hub', 'income']));
  });

  it('includes types that do not fit together', () => {
    const other = { ...hub, typeDefs: `${hub.typeDefs} "X." type Assessment { "R." reference: String }` };
    expect(faultsOf(income, other).join('\n')).toContain('Assessment.reference');
  });

  it('includes rules on a field that another subgraph requires', () => {
    const family = {
      name: 'family',
      url: 'http://127.0.0.1:4102/graphql',
      typeDefs: `${AGENCY_SCHEMA_HEADER}
        "A person." type Citizen @key(fields: "id") @subject {
          "Reference." id: ID!
          "Assessment." assessment(incomeYear: Int!): Assessment @external
          "Aid." aid: Int @requires(fields: "assessment(incomeYear: 2024) { reference }") @requiresScopes(scopes: [["cnaf_enfants"]])
        }
        "An assessment." type Assessment { "Reference income." reference: Int @external }`,
    };
    expect(faultsOf(hub, income, family).join('\n')).toContain('Citizen.aid');
  });
});
