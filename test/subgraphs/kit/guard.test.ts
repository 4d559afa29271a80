import { describe, expect, it } from '@jest/globals';
import { aSubject } from '../../../subgraphs/kit/testing/testGrant.ts';
import { exampleDefinition } from './example/agency.ts';
import { CHILD, entities, lise, openExample, ROWS } from './support.ts';

const FIELD_REFUSED = { message: 'Field refused', extensions: { code: 'AGENCY_FIELD_REFUSED' } };
const MEMBERS = 'file { members { name birthDate person { id } } }';

describe('fields are judged inside the agency too', () => {
  it('serves what a scope of the subject opens, with what inherits its rule', async () => {
    const agency = await openExample();
    const answer = await agency.ask({
      ...entities('id file { number quotient }'),
      subjects: [lise(['cnaf_quotient_familial'])],
    });
    expect(answer).toEqual({ data: { _entities: [{ id: 'ref-lise', file: { number: 'F1', quotient: 102 } }] } });
  });

  it('refuses a field whose scope the subject lacks, under an alias too, and serves its neighbour', async () => {
    const agency = await openExample();
    const answer = await agency.ask({
      ...entities('file { number hidden: quotient }'),
      subjects: [lise(['cnaf_adresse'])],
    });
    expect(answer.data).toEqual({ _entities: [{ file: { number: 'F1', hidden: null } }] });
    expect(answer.errors).toEqual([{ ...FIELD_REFUSED, path: ['_entities', 0, 'file', 'hidden'] }]);
  });

  it('closes the whole object when none of its scopes is held', async () => {
    const agency = await openExample();
    const answer = await agency.ask({ ...entities('file { number }'), subjects: [lise(['family_name'])] });
    expect(answer.data).toEqual({ _entities: [{ file: null }] });
  });

  it('refuses a field that was given no rule, on the person and at the root', async () => {
    const agency = await openExample();
    const onPerson = await agency.ask({ ...entities('forgotten'), subjects: [lise(['family_name'])] });
    const atRoot = await agency.ask({ query: '{ forgotten }', subjects: [lise(['family_name'])] });
    expect([onPerson.data, atRoot.data]).toEqual([{ _entities: [{ forgotten: null }] }, { forgotten: null }]);
    expect(JSON.stringify([onPerson, atRoot])).not.toContain('must not leave');
  });

  it("judges each subject of a fetch by that subject's own scopes", async () => {
    const agency = await openExample();
    const child = aSubject({ reference: 'ref-child', role: 'CHILD_PROVEN', pivot: CHILD, scopes: ['family_name'] });
    const answer = await agency.ask({
      ...entities('file { number }', ['ref-lise', 'ref-child']),
      subjects: [lise(['cnaf_adresse']), child],
    });
    expect(answer.data).toEqual({ _entities: [{ file: { number: 'F1' } }, { file: null }] });
    expect(answer.errors).toEqual([{ ...FIELD_REFUSED, path: ['_entities', 1, 'file'] }]);
  });

  it('asks for the level of assurance of the field, and for that of the scope', async () => {
    const agency = await openExample();
    const subjects = [lise(['family_name', 'etatcivil_acte_naissance'])];
    const low = await agency.ask({ ...entities('certificate birthAct'), subjects, acr: 'eidas1' });
    const enough = await agency.ask({ ...entities('certificate birthAct'), subjects, acr: 'eidas2' });
    expect(low.data).toEqual({ _entities: [{ certificate: null, birthAct: null }] });
    expect(enough.data).toEqual({ _entities: [{ certificate: 'certificate', birthAct: 'act' }] });
  });

  it('opens an income year by the scope of that year alone, counted in Paris', async () => {
    // 23:30 UTC on 31 December is 1 January in Paris.
    const agency = await openExample({ clock: () => Date.parse('2026-12-31T23:30:00Z') });
    const answer = await agency.ask({
      ...entities('n1: assessment(incomeYear: 2026) { reference } n2: assessment(incomeYear: 2025) { reference }'),
      subjects: [lise(['dgfip_rfr', 'dgfip_annee_n_moins_1'])],
    });
    expect(answer.data).toEqual({ _entities: [{ n1: { reference: 12_000 }, n2: null }] });
  });

  it('gives members of a file under the rights in the file, judged by the rules that led to them', async () => {
    const agency = await openExample();
    const subjects = [lise(['cnaf_allocataires'])];
    const inFile = await agency.ask({ ...entities(MEMBERS), subjects, met: { IN_FILE: ['cnaf_allocataires'] } });
    const otherScope = await agency.ask({ ...entities(MEMBERS), subjects, met: { IN_FILE: ['cnaf_adresse'] } });
    const none = await agency.ask({ ...entities(MEMBERS), subjects });
    expect(inFile.data).toMatchObject({
      _entities: [{ file: { members: [{ name: 'MARTIN', birthDate: '2015-01-02' }] } }],
    });
    for (const answer of [otherScope, none]) {
      expect(answer.data).toMatchObject({ _entities: [{ file: { members: [{ name: null, birthDate: null }] } }] });
    }
  });

  it('judges a field of a third party in the file under the rights in the file, however much the caller may read', async () => {
    const agency = await openExample();
    const asked = { ...entities('file { otherHolder }'), subjects: [lise(['cnaf_allocataires'])] };
    expect((await agency.ask(asked)).data).toEqual({ _entities: [{ file: { otherHolder: null } }] });
    const opened = await agency.ask({ ...asked, met: { IN_FILE: ['cnaf_allocataires'] } });
    expect(opened.data).toEqual({ _entities: [{ file: { otherHolder: 'OTHER' } }] });
  });

  it('lets of a person met in the answer nothing but a sealed reference out, unless the grant opens the role', async () => {
    const agency = await openExample();
    const asked = { ...entities('children { id file { number } }'), subjects: [lise(['etatcivil_filiation'])] };
    const closed = await agency.ask(asked);
    const opened = await agency.ask({ ...asked, met: { CHILD_PROVEN: ['cnaf_adresse'] } });
    expect(closed.data).toEqual({ _entities: [{ children: [{ id: expect.stringMatching(/^met:ey/), file: null }] }] });
    expect(opened.data).toMatchObject({ _entities: [{ children: [{ file: { number: 'F2' } }] }] });
  });

  it('knows a met person again whom the grant names, and gives the reference and rights of that subject', async () => {
    const agency = await openExample();
    const child = aSubject({ reference: 'ref-child', role: 'CHILD_PROVEN', pivot: CHILD, scopes: ['cnaf_adresse'] });
    const answer = await agency.ask({
      ...entities('children { id file { number } }'),
      subjects: [lise(['etatcivil_filiation']), child],
    });
    expect(answer.data).toEqual({ _entities: [{ children: [{ id: 'ref-child', file: { number: 'F2' } }] }] });
  });

  it.each([
    ['a relative whom the hub has proven', 'CHILD_PROVEN', 'ref-child'],
    ['nobody else', 'IN_FILE', expect.stringMatching(/^met:ey/)],
  ] as const)('takes whoever is met with a partial identity for %s', async (_whom, role, id) => {
    const agency = await openExample();
    const answer = await agency.ask({
      ...entities(MEMBERS),
      subjects: [lise(['cnaf_allocataires']), aSubject({ reference: 'ref-child', role, pivot: CHILD, scopes: [] })],
      met: { IN_FILE: ['cnaf_allocataires'] },
    });
    expect(answer.data).toMatchObject({ _entities: [{ file: { members: [{ person: { id } }] } }] });
  });

  it('does not choose between two subjects of the grant who could both be the person met', async () => {
    const agency = await openExample();
    const twin = (reference: string) =>
      aSubject({ reference, role: 'CHILD_PROVEN', pivot: CHILD, scopes: ['cnaf_adresse'] });
    const answer = await agency.ask({
      ...entities('children { id file { number } }'),
      subjects: [lise(['etatcivil_filiation']), twin('ref-one'), twin('ref-two')],
    });
    expect(answer.data).toEqual({ _entities: [{ children: [{ id: expect.stringMatching(/^met:ey/), file: null }] }] });
  });

  it('takes no object for a person that the agency made by itself', async () => {
    const agency = await openExample({
      changes: { resolvers: { Query: { me: () => ({ subject: lise(['family_name']) }) } } },
    });
    const answer = await agency.ask({ query: '{ me { id certificate } }', subjects: [lise(['family_name'])] });
    expect(answer.data).toEqual({ me: null });
  });

  it('reports a rule that throws as a defect, not as a refusal', async () => {
    const member = Object.defineProperty({}, 'person', {
      get: () => {
        throw new RangeError('whose is this?');
      },
    });
    const definition = exampleDefinition(ROWS);
    const resolvers = {
      ...definition.resolvers,
      File: { members: () => [member] },
      Member: { name: () => 'must not leave' },
    };
    const agency = await openExample({ changes: { resolvers } });
    const answer = await agency.ask({
      ...entities('file { members { name } }'),
      subjects: [lise(['cnaf_allocataires'])],
    });
    expect(answer).toEqual({
      data: { _entities: [{ file: { members: [{ name: null }] } }] },
      errors: [
        {
          message: 'Internal error',
          path: ['_entities', 0, 'file', 'members', 0, 'name'],
          extensions: { code: 'AGENCY_INTERNAL' },
        },
      ],
    });
    expect(agency.logged.at(-1)).toContain('RangeError');
  });
});
