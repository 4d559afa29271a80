import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { dataFields, type Catalogue } from '../../portal/agency/catalogue/catalogue.ts';
import { exampleQuery } from '../../portal/agency/catalogue/exampleQuery.ts';
import { fieldName } from '../../portal/agency/catalogue/fieldName.ts';
import { createSearch } from '../../portal/agency/catalogue/search.ts';
import { buildSchema, parse, validate } from 'graphql';

const composed = (file: string) => readFileSync(new URL(`../../schema/composed/${file}`, import.meta.url), 'utf8');
const catalogue = JSON.parse(composed('catalogue.json')) as Catalogue;
const fields = dataFields(catalogue);
const search = createSearch(catalogue);
const found = (words: string) => search(words).map(({ coordinate }) => coordinate);

describe('the search', () => {
  it.each([
    ['cotient familial', 'FamilyFile.quotient'],
    ['quotient CAF de la famille', 'FamilyFile.quotient'],
    ['combien gagne', 'TaxAssessment.referenceTaxIncome'],
    ['income', 'TaxAssessment.referenceTaxIncome'],
    ['revenu fiscal', 'TaxAssessment.referenceTaxIncome'],
    ['RFR', 'TaxAssessment.referenceTaxIncome'],
    ['nombre de parts', 'TaxAssessment.householdParts'],
    ['prenoms', 'CivilStatus.givenNames'],
    ['date de naissance', 'CivilStatus.birthDate'],
    ['acte de naissanse', 'CivilStatus.birthCertificate'],
    ['mariage', 'CivilStatus.union'],
    ['autorité parentale', 'Filiation.parentalAuthority'],
    ['parental autority', 'Filiation.parentalAuthority'],
    ['addresse', 'Citizen.addresses'],
    ['enfants à charge', 'FamilyFile.children'],
    ['code postal', 'PostalAddress.postCode'],
    ['electricity contract', 'Citizen.energyContracts'],
  ])('finds by “%s”, among the first eight, %s', (words, coordinate) => {
    expect(found(words).slice(0, 8)).toContain(coordinate);
  });

  it.each(fields.map(({ coordinate }) => coordinate))(
    'finds %s by what its own page calls it, in both languages',
    (coordinate) => {
      const field = fields.find((one) => one.coordinate === coordinate)!;
      for (const language of ['fr', 'en'] as const) {
        expect(found(fieldName(field, catalogue, language).plain)).toContain(coordinate);
      }
    },
  );

  it('finds nothing for what is no word of ours', () => {
    expect(found('zzzzz')).toEqual([]);
  });
});

describe('a field', () => {
  const named = (coordinate: string, language: 'fr' | 'en') =>
    fieldName(
      fields.find((one) => one.coordinate === coordinate)!,
      catalogue,
      language,
    );

  it('is called by its category, or by its own words after those of its category', () => {
    expect(named('TaxAssessment.referenceTaxIncome', 'fr').plain).toBe('Revenu fiscal de référence');
    expect(named('CivilUnion.since', 'fr').plain).toMatch(/: date de l’union$/);
    expect(named('CivilUnion.since', 'en').plain).toMatch(/: day of the celebration or registration$/);
    expect(named('TaxAssessment.issuedOn', 'fr').shown.toString()).toContain('<span lang="en">Day the assessment');
  });

  it('has, where it can be asked for without an input, an example that the graph takes', () => {
    const schema = buildSchema(composed('api.graphql'));
    const queries = fields.flatMap((field) => exampleQuery(catalogue, field, 2025) ?? []);
    expect(queries.length).toBeGreaterThan(100);
    for (const query of queries) expect(validate(schema, parse(query))).toEqual([]);
  });
});
