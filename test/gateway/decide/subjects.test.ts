import { describe, expect, test } from '@jest/globals';
import type { SubjectKey } from '../../../gateway/platform/ids.ts';
import { explain, refusals } from '../../../gateway/request/decide/explain.ts';
import type { ProvenRelative } from '../../../gateway/request/exchange.ts';
import { asked, decided, decidedAmong, refused, type Asked } from '../../support/testDecision.ts';
import { testGraph } from '../../support/testGraph.ts';

const CITIZEN = 'type Citizen @key(fields: "id") @subject { id: ID!';
const graph = testGraph({
  hub: `type Query { me: Citizen @authenticated } ${CITIZEN} }`,
  'civil-status': `
    ${CITIZEN} civilStatus: CivilStatus @requiresScopes(scopes: [["birthdate"], ["etatcivil_filiation"]]) }
    type CivilStatus { birthDate: String @requiresScopes(scopes: [["birthdate"]]) children: [Filiation!] @requiresScopes(scopes: [["etatcivil_filiation"]]) }
    type Filiation { child: Citizen! parentalAuthority: Boolean! }
    type Query { citizen(id: ID! @subjectId): Citizen @authenticated node(id: ID!): Node anyone: [Anyone] @authenticated }
    interface Node { id: ID! }
    type Town implements Node { id: ID! name: String }
    extend type Citizen implements Node
    union Anyone = Citizen | Town
    type Mutation { me: Citizen @authenticated }
  `,
  family: `
    ${CITIZEN} familyFile: FamilyFile @requiresScopes(scopes: [["cnaf_enfants"]]) }
    type FamilyFile { children: [FamilyMember!] @requiresScopes(scopes: [["cnaf_enfants"]]) landlord: Landlord }
    type FamilyMember @subject(from: "person", inFileOf: true) { birthName: String ageBracket: String @subject person: Citizen }
    type Landlord @subject(from: "person") { name: String person: Citizen }
  `,
  income: `
    ${CITIZEN} tax: Tax @requiresScopes(scopes: [["dgfip_rfr"]]) }
    type Tax { rfr: Int declarant2: Declarant @subject(inFileOf: true) }
    type Declarant { birthName: String @requiresScopes(scopes: [["dgfip_nmNaiDec2"]]) }
  `,
});

const token = ['birthdate', 'etatcivil_filiation', 'cnaf_enfants', 'dgfip_rfr', 'dgfip_nmNaiDec2'];
const law = { token, legalBasis: 'INFORMATION_L114_8', purpose: 'canteen-pricing' } as const;

function slots(query: string, options: Omit<Asked, 'graph' | 'query'> = law): Record<string, string> {
  const { judgement } = decided({ graph, query, ...options });
  return Object.fromEntries(
    judgement.operation.fields.map((field) => [field.coordinate, judgement.subjects[field.index]!.kind]),
  );
}

describe('whose data a field is', () => {
  test('under Query.me is the caller, values included', () => {
    expect(slots('{ me { id civilStatus { birthDate } tax { rfr } } }')).toEqual({
      'Query.me': 'CALLER',
      'Citizen.id': 'CALLER',
      'Citizen.civilStatus': 'CALLER',
      'CivilStatus.birthDate': 'CALLER',
      'Citizen.tax': 'CALLER',
      'Tax.rfr': 'CALLER',
    });
  });

  test('under any further person is that person, reached through a named field', () => {
    const query = '{ me { civilStatus { children { parentalAuthority child { id civilStatus { birthDate } } } } } }';
    const { judgement } = decided({ graph, query, ...law });
    const child = judgement.operation.fields.find((field) => field.coordinate === 'Filiation.child')!;
    const beneath = judgement.operation.fields.filter((field) => field.index > child.index);
    expect(judgement.subjects[child.index]).toEqual({ kind: 'CALLER' });
    expect(beneath.map((field) => judgement.subjects[field.index])).toEqual(
      beneath.map(() => ({ kind: 'RELATIVE', through: child.index })),
    );
  });

  test('in a file is the third party, for a type and for a single field', () => {
    expect(slots('{ me { familyFile { children { birthName } } tax { declarant2 { birthName } } } }')).toMatchObject({
      'FamilyFile.children': 'CALLER',
      'FamilyMember.birthName': 'IN_FILE',
      'Tax.declarant2': 'IN_FILE',
      'Declarant.birthName': 'IN_FILE',
    });
  });

  test('what the file says of a third party for its owner to know is the owner’s, also where their names are refused', () => {
    const query = '{ me { familyFile { children { birthName ageBracket } } } }';
    const consent = { ...law, legalBasis: 'CONSENT_RGPD_6_1_A', purpose: 'creche-place' } as const;
    expect(slots(query, consent)['FamilyMember.ageBracket']).toBe('CALLER');
    expect(asked({ graph, query, ...consent })).toBe('{ me { familyFile { children { ageBracket } } } }');
  });

  test('in a file of somebody else stays that somebody', () => {
    const query = '{ me { civilStatus { children { child { familyFile { children { birthName } } } } } } }';
    expect(slots(query)['FamilyMember.birthName']).toBe('RELATIVE');
  });

  test('named by another field and not in the file is unknown until the agency has answered', () => {
    expect(slots('{ me { familyFile { landlord { name } } } }')['Landlord.name']).toBe('RELATIVE');
  });
});

describe('another person', () => {
  const query =
    '{ me { civilStatus { children { parentalAuthority child { id __typename civilStatus { birthDate } } } } } }';

  test('is named and no more, whatever the caller may read of themself', () => {
    expect(asked({ graph, query, ...law })).toBe(
      '{ me { civilStatus { children { parentalAuthority child { id __typename } } } } }',
    );
    expect(refused({ graph, query, ...law })).toEqual([
      'me.civilStatus.children.child.civilStatus: Citizen.civilStatus SUBJECT_NOT_COVERED',
    ]);
  });

  test('of whom nothing may be read stays an object', () => {
    const bare = '{ me { civilStatus { children { child { civilStatus { birthDate } } } } } }';
    expect(asked({ graph, query: bare, ...law })).toBe('{ me { civilStatus { children { child { __typename } } } } }');
  });

  test.each([
    ['an id', '{ citizen(id: "x") { id } }', 'citizen: Query.citizen SUBJECT_NOT_COVERED'],
    ['a global id', '{ node(id: "x") { id ... on Town { name } } }', 'node: Query.node SUBJECT_NOT_COVERED'],
    ['a search', '{ anyone { ... on Citizen { id } } }', 'anyone: Query.anyone SUBJECT_NOT_COVERED'],
    ['a write', 'mutation { me { id } }', 'me: Mutation.me SUBJECT_NOT_COVERED'],
  ])('is not asked for by the front door: %s', (_how, door, refusal) => {
    expect(asked({ graph, query: door, ...law })).toBeUndefined();
    expect(refused({ graph, query: door, ...law })).toEqual([refusal]);
    expect(decided({ graph, query: door, ...law }).judgement.verdicts.every((verdict) => !verdict.allowed)).toBe(true);
  });

  test('gets the same verdict under an alias of the caller', () => {
    expect(refused({ graph, query: '{ me: citizen(id: "x") { id } }', ...law })).toEqual([
      'me: Query.citizen SUBJECT_NOT_COVERED',
    ]);
  });
});

const child: ProvenRelative = {
  subject: 'child' as SubjectKey,
  pivot: {
    family_name: 'X',
    given_name: 'Y',
    birthdate: '2016-05-01',
    gender: 'female',
    birthplace: '75056',
    birthcountry: '99100',
  },
  ...{ role: 'CHILD', parentalAuthority: true, standing: 'PRESENT' },
};

describe('who is named beside something of a relative’s', () => {
  const query = `{ me { civilStatus { children { child { id } } } familyFile { landlord { __typename name person { id } } } } }`;

  test.each([
    ['with a child', [child]],
    ['without relatives', []],
  ])('is somebody there, and no more: %s', async (_whose, relatives) => {
    const { judgement } = await decidedAmong(relatives, { graph, query, ...law });
    expect(refusals(judgement).map(({ coordinate, reason, subject }) => [coordinate, reason, subject])).toEqual([
      ['Landlord.name', 'SUBJECT_NOT_COVERED', 'OTHER'],
      ['Landlord.person', 'SUBJECT_NOT_COVERED', 'OTHER'],
    ]);
  });

  test.each([
    ['with a child', [child]],
    ['without relatives', []],
  ])('has no rule where nobody’s file names them: %s', async (_whose, relatives) => {
    const files = testGraph({
      hub: `type Query { me: Citizen @authenticated files: [File!] }
        ${CITIZEN} partner: Citizen @requiresScopes(scopes: [["birthdate"]]) }
        type File { tenant: Citizen @subject(inFileOf: true) }`,
    });
    const asks = '{ me { partner { id } } files { tenant { id } } }';
    const { judgement } = await decidedAmong(relatives, { graph: files, query: asks, ...law });
    expect(refusals(judgement).map(({ coordinate, reason, subject }) => [coordinate, reason, subject])).toEqual([
      ['File.tenant', 'NO_RULE', 'OTHER'],
    ]);
  });

  test('stays an object to a child of whom all may be read', async () => {
    const { relatives, judgement } = await decidedAmong([child], {
      graph,
      query: '{ me { civilStatus { children { child { familyFile { landlord { __typename name } } } } } } }',
      ...law,
    });
    const theirs = relatives!.bySubject.get(child.subject)!.verdicts;
    const allowed = judgement.operation.fields.filter(({ index }) => theirs[index]!.allowed);
    expect(allowed.slice(-2).map(({ coordinate }) => coordinate)).toEqual([
      'FamilyFile.landlord',
      'Landlord.__typename',
    ]);
  });
});

describe('a dry run', () => {
  const query = '{ me { civilStatus { children { child { id civilStatus { birthDate } tax { rfr } } } } } }';
  const dryRun = { mode: 'dry-run', operator: true } as const;
  const AT_CHILD = 'me.civilStatus.children.child';

  /** `way: who verdict, who verdict`, where it tells of relatives. */
  function told(options: Omit<Asked, 'graph' | 'query'>): readonly string[] {
    const proveRelations = () => {
      throw new Error('somebody was looked up');
    };
    const { judgement, supposed } = decided({ graph, query, ...options, request: dryRun, powers: { proveRelations } });
    return explain(judgement, supposed).flatMap(({ path, relatives = [] }) => {
      const each = relatives.map((one) => `${one.subject} ${one.allowed ? 'allowed' : one.reason}`);
      return each.length > 0 ? [`${path.join('.')}: ${each.join(', ')}`] : [];
    });
  }

  test('tells of each kind of relative what would hold, and looks nobody up', () => {
    expect(told(law)).toEqual([
      `${AT_CHILD}.id: CHILD allowed, SPOUSE allowed`,
      `${AT_CHILD}.civilStatus: CHILD allowed, SPOUSE CONSENT_REQUIRED`,
      `${AT_CHILD}.civilStatus.birthDate: CHILD allowed, SPOUSE CONSENT_REQUIRED`,
      `${AT_CHILD}.tax: CHILD allowed, SPOUSE CONSENT_REQUIRED`,
      `${AT_CHILD}.tax.rfr: CHILD allowed, SPOUSE CONSENT_REQUIRED`,
    ]);
  });

  test('tells whose own word is missing, and what no word would open', () => {
    const consent = { legalBasis: 'CONSENT_RGPD_6_1_A', purpose: 'creche-place' } as const;
    expect(told({ token: ['birthdate', 'etatcivil_filiation'], ...consent })).toEqual([
      `${AT_CHILD}.id: CHILD allowed, SPOUSE allowed`,
      `${AT_CHILD}.civilStatus: CHILD CONSENT_REQUIRED, SPOUSE CONSENT_REQUIRED`,
      `${AT_CHILD}.tax: CHILD SCOPE_NOT_IN_TOKEN, SPOUSE SCOPE_NOT_IN_TOKEN`,
    ]);
  });

  test('tells that by right of access a partner is read by nobody', () => {
    const access = { token, legalBasis: 'RIGHT_OF_ACCESS_RGPD_15', purpose: 'my-data' } as const;
    expect(told(access)[1]).toBe(`${AT_CHILD}.civilStatus: CHILD allowed, SPOUSE SUBJECT_NOT_COVERED`);
  });
});

describe("a third party in the caller's own file", () => {
  const query =
    '{ me { familyFile { children { birthName person { id familyFile { children { birthName } } } } } tax { rfr declarant2 { birthName } } } }';

  test.each([
    ['the law, for a purpose computed on the household', law],
    ['the right of access', { token, legalBasis: 'RIGHT_OF_ACCESS_RGPD_15', purpose: 'my-data', consents: [] }],
  ] as const)("is read under the caller's verdict by %s", (_basis, options) => {
    expect(asked({ graph, query, ...options })).toBe(
      '{ me { familyFile { children { birthName person { id } } } tax { rfr declarant2 { birthName } } } }',
    );
  });

  test.each([
    ['consent', { token, legalBasis: 'CONSENT_RGPD_6_1_A', purpose: 'creche-place' }],
    ['the law, for a purpose of one person', { token, legalBasis: 'INFORMATION_L114_8', purpose: 'parking-permit' }],
  ] as const)('speaks for themself under %s: the list keeps its length and shows nobody', (_basis, options) => {
    expect(asked({ graph, query, ...options })).toBe('{ me { familyFile { children { __typename } } tax { rfr } } }');
    expect(refused({ graph, query, ...options })).toEqual([
      'me.familyFile.children.birthName: FamilyMember.birthName SUBJECT_NOT_COVERED',
      'me.familyFile.children.person: FamilyMember.person SUBJECT_NOT_COVERED',
      'me.tax.declarant2: Tax.declarant2 SUBJECT_NOT_COVERED',
    ]);
    expect(decided({ graph, query, ...options }).judgement.inFileScopes.size).toBe(0);
  });

  test("needs the caller's scope all the same", () => {
    const options = { ...law, token: ['cnaf_enfants', 'dgfip_rfr'] };
    expect(refused({ graph, query: '{ me { tax { declarant2 { birthName } } } }', ...options })).toEqual([
      'me.tax.declarant2.birthName: Declarant.birthName SCOPE_NOT_IN_TOKEN dgfip_nmNaiDec2',
    ]);
  });
});

describe('the right of access', () => {
  const portal = { token, legalBasis: 'RIGHT_OF_ACCESS_RGPD_15', purpose: 'my-data' } as const;

  test("stands in for consent on the caller's own data, and asks the ledger nothing", () => {
    const openConsents = () => {
      throw new Error('the ledger was asked');
    };
    expect(refused({ graph, query: '{ me { tax { rfr } } }', ...portal, powers: { openConsents } })).toEqual([]);
  });

  test('does not stand in for it under another purpose', () => {
    const options = { ...portal, purpose: 'canteen-pricing', consents: [] };
    expect(refused({ graph, query: '{ me { tax { rfr } } }', ...options })).toEqual([
      'me.tax: Citizen.tax CONSENT_REQUIRED dgfip_rfr',
    ]);
  });

  test('is no access to anybody else', () => {
    const query = '{ me { civilStatus { children { child { civilStatus { birthDate } } } } } }';
    expect(refused({ graph, query, ...portal })[0]).toMatch('SUBJECT_NOT_COVERED');
  });
});

test('relatives are proven where one may stand of whom nothing is asked, since the dead and the protected are not there', async () => {
  const union = testGraph({
    hub: `type Query { me: Citizen @authenticated } ${CITIZEN} }`,
    family: `${CITIZEN} near: Near @requiresScopes(scopes: [["cnaf_enfants"]]) }
      union Near = Citizen | School
      type School { name: String }`,
  });
  const proofOf = async (query: string): Promise<string | undefined> =>
    (await decidedAmong([], { graph: union, query, ...law })).relationProof?.id;
  expect(await proofOf('{ me { near { ... on School { name } } } }')).toBe('rel_1');
  expect(await proofOf('{ me { id } }')).toBeUndefined();
});

test('under an order of protection a place where an address may stand among others is an address', async () => {
  const open = '@requiresScopes(scopes: [["cnaf_enfants"]])';
  const abstract = testGraph({
    hub: `type Query { me: Citizen @authenticated } ${CITIZEN} }`,
    family: `${CITIZEN} found: Found ${open} places: [Place!] ${open} desks: Desk ${open} }
      union Found = PostalAddress | School
      interface Place { name: String }
      type PostalAddress implements Place { name: String }
      union Desk = School | Shop
      type School { name: String }
      type Shop { name: String }`,
  });
  const query = '{ me { found { ... on School { name } } places { name } desks { ... on School { name } } } }';
  const { judgement } = await decidedAmong([{ ...child, standing: 'PROTECTED' }], { graph: abstract, query, ...law });
  const withheld = judgement.operation.fields.flatMap(({ coordinate, index }) => {
    const verdict = judgement.verdicts[index]!;
    return !verdict.allowed && verdict.withheld === 'ABSENT' ? [coordinate] : [];
  });
  expect(withheld).toEqual(['Citizen.found', 'School.name', 'Citizen.places', 'PostalAddress.name']);
});

test("a mark for a file's owner on a person's own field does not hand it to whoever leads to that person", () => {
  const marked = testGraph({
    hub: `type Query { me: Citizen @authenticated } ${CITIZEN} age: Int @subject @requiresScopes(scopes: [["birthdate"]]) partner: Citizen @requiresScopes(scopes: [["birthdate"]]) }`,
  });
  expect(asked({ graph: marked, query: '{ me { age partner { age } } }', ...law })).toBe(
    '{ me { age partner { __typename } } }',
  );
});

test('a graph whose Query.me has no rule knows no caller', () => {
  const open = testGraph({ hub: `type Query { me: Citizen } ${CITIZEN} a: Int @authenticated }` });
  expect(refused({ graph: open, query: '{ me { id a } }' })).toEqual(['me: Query.me NO_RULE']);
});

test("a mark for a file's owner opens nothing in a file that nobody owns", () => {
  const marked = testGraph({
    hub: `type Query { me: Citizen @authenticated files: [File!] } ${CITIZEN} }
      type File { member: Member @requiresScopes(scopes: [["birthdate"]]) }
      type Member @subject(from: "person") { person: Citizen age: Int @subject }`,
  });
  expect(refused({ graph: marked, query: '{ files { member { age } } }', ...law })).toEqual([
    'files.member.age: Member.age NO_RULE',
  ]);
});
