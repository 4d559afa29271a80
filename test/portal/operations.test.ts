import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isObjectType, parse, validate, visit } from 'graphql';
import { ERASE, MOVES_IN_FULL, requestsDocument } from '../../portal/citizen/account/accountGraph.ts';
import * as authorisations from '../../portal/citizen/authorisations/authorisationGraph.ts';
import * as consents from '../../portal/citizen/consents/consentGraph.ts';
import { factsDocument } from '../../portal/citizen/facts/askFacts.ts';
import { groupByHolder } from '../../portal/citizen/facts/byScope.ts';
import { findContradictions } from '../../portal/citizen/facts/contradictions.ts';
import { KNOWN_FACTS } from '../../portal/citizen/facts/knownFacts.ts';
import { myDataRoutes } from '../../portal/citizen/myData/myData.ts';
import * as moves from '../../portal/citizen/moves/moveGraph.ts';
import { inBothLanguages, preferredLanguage } from '../../portal/i18n/language.ts';
import { localPath } from '../../portal/web/localPath.ts';
import { html } from '../../portal/web/html.ts';
import { findScope } from '../../schema/scopes.ts';

const schema = buildSchema(readFileSync(new URL('../../schema/composed/api.graphql', import.meta.url), 'utf8'));

const requests = { document: requestsDocument(2) };
const account = { ERASE, MOVES_IN_FULL, requests };
const operations = [consents, authorisations, moves, account].flatMap((room) => Object.entries(room));

describe('what the portal asks', () => {
  it.each(operations)('is valid on the public graph: %s', (_name, { document }) => {
    expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
  });

  it('covers every category of data that an agency holds about somebody', () => {
    const document = parse(factsDocument(KNOWN_FACTS, [2025, 2024]));
    expect(validate(schema, document)).toEqual([]);
    const asked = new Set<string>();
    visit(document, { Field: ({ name }) => void asked.add(name.value) });
    for (const holder of ['CivilStatus', 'FamilyFile', 'TaxAssessment']) {
      const type = schema.getType(holder);
      if (!isObjectType(type)) throw new TypeError(`${holder} is no object type`);
      const objects = Object.values(type.getFields()).filter(({ type }) => isObjectType(getNamedType(type)));
      // Parents are other people, shown by nobody's page but their own.
      const missing = objects.map(({ name }) => name).filter((name) => name !== 'parents' && !asked.has(name));
      expect(missing).toEqual([]);
    }
    expect(KNOWN_FACTS.map(({ scope }) => scope).filter((scope) => findScope(scope) === undefined)).toEqual([]);
  });
});

describe('what holders say', () => {
  const known = (index: number, value: unknown, line: string) => ({
    fact: KNOWN_FACTS[index]!,
    told: { kind: 'known' as const, lines: [line], value },
  });
  const at = (holder: string, topic: string) =>
    KNOWN_FACTS.findIndex((fact) => fact.holder === holder && fact.topic === topic);

  it('contradicts itself in what it says, not in how it spells it', () => {
    const family = (street: string) => ({
      holder: 'family' as const,
      source: 'CAF',
      asOf: '2025-02-28',
      facts: [known(at('family', 'address'), { streetLine: street, postCode: '75002', city: 'PARIS' }, street)],
    });
    const tax = {
      holder: 'income' as const,
      incomeYear: 2025,
      source: 'DGFiP',
      asOf: '2026-01-01',
      facts: [
        known(at('income', 'address'), { streetLine: '1, rue Montorgueil', postCode: '75002', city: 'Paris' }, 'x'),
      ],
    };
    expect(findContradictions([family('1 RUE MONTORGUEIL'), tax])).toEqual([]);
    expect(findContradictions([family('2 RUE MONTORGUEIL'), tax])).toMatchObject([
      { topic: 'address', versions: [{}, {}] },
    ]);
  });

  it('is grouped by who holds it, with the year said as the year that it is', () => {
    const groups = groupByHolder(['dgfip_rfr', 'dgfip_annee_n_moins_1', 'given_name'], [], 'en', 2026);
    expect(groups.map(({ holder }) => holder)).toEqual(['civil-status', 'income']);
    expect(groups[1]!.lines.map(({ label }) => label)).toEqual(['Open the income year 2025', 'Reference tax income']);
  });
});

describe('my data, when agencies do not answer', () => {
  const YEARS = [2025, 2024, 2023].map((year) => `income${year}`);
  const FILES = ['civilStatus', 'familyFile', ...YEARS, 'addresses', 'energyContracts'];
  const silent = (...path: string[]) => ({ message: 'x', path, code: 'HUB_AGENCY_UNAVAILABLE', agency: 'family' });
  const show = async (answer: { readonly data: unknown; readonly faults: readonly object[] }) => {
    const visit = { ask: () => Promise.resolve(answer), clock: () => Date.UTC(2026, 10, 23), language: 'en' };
    const shown = (await myDataRoutes[0]!.handle(visit as never)) as { readonly main: unknown };
    return String(shown.main);
  };
  const SILENT = 'This administration does not answer at the moment';
  const NOTHING = 'This administration has nothing on file about you';
  const holders = new Set(KNOWN_FACTS.map(({ holder }) => holder)).size;

  it.each([
    [
      'each file is null',
      Object.fromEntries(FILES.map((file) => [file, null])),
      FILES.map((file) => silent('me', file)),
    ],
    ['the person is null', null, [silent('me')]],
  ])('says so of each of them where %s', async (_case, me, faults) => {
    const shown = await show({ data: { me }, faults });
    expect([shown.split(SILENT).length - 1, shown.split(NOTHING).length - 1]).toEqual([holders, 0]);
  });

  it('says so of each of them where nothing came at all, and never that nothing is on file', async () => {
    const shown = await show({ data: null, faults: [silent()] });
    expect([shown.split(SILENT).length - 1, shown.split(NOTHING).length - 1]).toEqual([holders, 0]);
  });

  it('says so of the one that is silent, and of the others what they answer', async () => {
    const shown = await show({ data: { me: {} }, faults: [silent('me', 'familyFile')] });
    expect([shown.split(SILENT).length - 1, shown.split(NOTHING).length - 1]).toEqual([1, holders - 1]);
  });

  it('is no page of agencies when it is the hub that does not answer', async () => {
    const faults = [{ message: 'x', path: [], code: 'HUB_LEDGER_UNAVAILABLE' }];
    await expect(show({ data: null, faults })).rejects.toThrow('HUB_LEDGER_UNAVAILABLE');
  });
});

describe('what pages are made of', () => {
  it('escapes what is put into it, and nothing twice', () => {
    const inner = html`<b>${'<script>"\'&'}</b>`;
    expect(html`<p title="${'"'}">${[inner, inner]}${false}${undefined}</p>`.toString()).toBe(
      '<p title="&quot;"><b>&lt;script&gt;&quot;&#39;&amp;</b><b>&lt;script&gt;&quot;&#39;&amp;</b></p>',
    );
  });

  it.each([
    ['/my-data?a=b', '/my-data?a=b'],
    ['//evil.example', undefined],
    ['/\\evil.example', undefined],
    ['/\t/evil.example', undefined],
    ['https://evil.example', undefined],
    ['javascript:alert(1)', undefined],
    [null, undefined],
  ])('leads back to this site alone: %j', (written, expected) => {
    expect(localPath(written)).toBe(expected);
  });

  it('puts French no-break spaces where they belong, and takes the browser’s language', () => {
    const words = inBothLanguages(
      { ask: 'Qui ? « moi »', list: ['a ; b'], count: (n: number) => `${n} !` },
      { ask: 'Who?', list: [''], count: String },
    );
    expect(words('fr').ask).toBe('Qui\u00a0? «\u00a0moi\u00a0»');
    expect(words('fr').list).toEqual(['a\u00a0; b']);
    expect(words('fr').count(2)).toBe('2\u00a0!');
    expect(words('en').ask).toBe('Who?');
    expect([undefined, 'de', 'en-GB,fr;q=0.5', 'de,fr;q=0.4,en;q=0.3'].map(preferredLanguage)).toEqual([
      'fr',
      'fr',
      'en',
      'fr',
    ]);
  });
});
