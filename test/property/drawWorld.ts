import { SCOPES } from '../../schema/scopes.ts';
import type { Draw } from '../engine/draw.ts';
import { ABSENTEES, PEOPLE, type World } from './world.ts';

type Rule = readonly (readonly string[])[];

interface Agency {
  readonly name: string;
  readonly at: number;
  readonly scopes: readonly string[];
  /** Lines of type definitions by type. */
  readonly types: Map<string, string[]>;
  readonly abstracts: string[];
  readonly values: string[];
  /** The type of its addresses, when it holds some: of no interface and no union, as in the catalogue. */
  readonly address: string | undefined;
}

/** A personal field that another agency may compute from. */
interface Source {
  readonly name: string;
  readonly agency: Agency;
  readonly rule: Rule;
}

const AGENCIES = ['civil-status', 'family', 'income', 'address'] as const;
const ADDRESSES = new Map([
  ['family', 'PostalAddress'],
  ['income', 'TaxResidence'],
  ['address', 'DeclaredAddress'],
]);
const SCALARS = ['String', 'Int', 'Boolean'] as const;

/** On either side of 15 and 18 on the day of hub.ts NOW, to the day; presumed dates among them. */
const BIRTHS = [
  '1990-01-01',
  '2016-05-04',
  '2011-11-24',
  '2011-11-23',
  '2010-02-28',
  '2008-11-24',
  '2008-11-23',
  '2011',
  '2011-12',
  '2008-11',
  '2008-12-00',
  '2008-00-00',
];

/**
 * Agencies that share the `Citizen`, each with value types, an entity that is no person, interfaces and unions, and rules of every
 * kind. They compose; what `npm run compose` would refuse (a personal field without a rule) is drawn all the same, since it must be refused.
 */
export function drawWorld(draw: Draw): World {
  const agencies = AGENCIES.filter((_, at) => at < 2 || draw.chance(40)).map((name, at) => drawAgency(name, at, draw));
  const sources: Source[] = [];
  for (const agency of agencies) drawPersonFields(agency, sources, draw);
  for (const agency of agencies) drawComputed(agency, sources, draw);
  for (const agency of agencies) drawEntity(agency, agencies, draw);
  for (const agency of agencies) drawRoots(agency, draw);
  return {
    salt: String(draw.below(1000)),
    births: Object.fromEntries([...PEOPLE, ...ABSENTEES].map((person) => [person, draw.pick(BIRTHS)])),
    namesakes: draw.chance(30),
    sdl: {
      hub: [
        'type Query { me: Citizen @authenticated }',
        'type Citizen @key(fields: "id") @subject { id: ID! }',
        'type Mutation { note: String @requiresScopes(scopes: [["hub_journal"]]) }',
      ].join('\n'),
      ...Object.fromEntries(agencies.map((agency) => [agency.name, writeAgency(agency)])),
    },
  };
}

function drawAgency(name: string, at: number, draw: Draw): Agency {
  const scopes = SCOPES.filter((scope) => scope.holder === name).map((scope) => scope.name);
  const types = new Map([['Citizen', ['id: ID!']]]);
  const values = Array.from({ length: 1 + draw.below(3) }, (_, index) => `V${at}${index}`);
  const address = draw.chance(50) ? ADDRESSES.get(name) : undefined;
  const agency: Agency = { name, at, scopes, types, abstracts: [], values, address };
  for (const value of values) types.set(value, []);
  drawAbstracts(agency, draw);
  for (const value of values) drawValue(agency, value, draw);
  if (address !== undefined) drawAddress(agency, address, draw);
  return agency;
}

function drawAbstracts(agency: Agency, draw: Draw): void {
  if (draw.chance(50)) agency.abstracts.push(`union U${agency.at} = ${['Citizen', ...agency.values].join(' | ')}`);
  if (draw.chance(50)) agency.abstracts.push(`interface I${agency.at} { label: String }`);
}

function hasAbstract(agency: Agency, letter: 'U' | 'I'): boolean {
  return agency.abstracts.some((text) => text.includes(` ${letter}${agency.at} `));
}

/** A keyless type: it inherits rule and subject, may narrow the one and change the other. */
function drawValue(agency: Agency, name: string, draw: Draw): void {
  const fields = agency.types.get(name)!;
  const mark = draw.pick(['', '', '', 'inFile', 'from', 'inFileFrom']);
  if (mark === 'from') fields.push('# @subject(from: "person")');
  if (mark === 'inFile') fields.push('# @subject(inFileOf: true)');
  if (mark === 'inFileFrom') fields.push('# @subject(from: "person", inFileOf: true)');
  if (draw.chance(15)) fields.push(`# ${ruleText(drawRule(agency, draw), draw)}`);
  if (mark.toLowerCase().includes('from')) fields.push('person: Citizen');
  if (hasAbstract(agency, 'I'))
    fields.push(`label: String${draw.chance(50) ? ruleText(drawRule(agency, draw), draw) : ''}`);
  for (let at = 0; at < 1 + draw.below(4); at++) {
    const type = drawType(agency, draw);
    const own = draw.chance(40) ? ruleText(drawRule(agency, draw), draw) : '';
    const owners = draw.chance(12) ? ' @subject' : draw.chance(8) ? ' @subject(inFileOf: true)' : '';
    fields.push(`f${at}: ${type}${own}${owners}`);
  }
}

function drawAddress(agency: Agency, name: string, draw: Draw): void {
  agency.types.set(name, []);
  drawValue(agency, name, draw);
  const rule = ruleText(drawRule(agency, draw), draw);
  agency.types.get('Citizen')!.push(`home${agency.at}: ${draw.pick([name, `[${name}!]`])}${rule}`);
}

function drawPersonFields(agency: Agency, sources: Source[], draw: Draw): void {
  const fields = agency.types.get('Citizen')!;
  for (let at = 0; at < 2 + draw.below(4); at++) {
    const name = `c${agency.at}${at}`;
    if (agency.name === 'income' && draw.chance(40)) {
      const given = draw.pick(['incomeYear: Int!', 'incomeYear: Int', 'incomeYear: Int = 2025']);
      const rule = draw.chance(80) ? ruleText(drawRule(agency, draw), draw) : ' @authenticated';
      fields.push(`${name}(${given}): ${drawType(agency, draw)}${rule} @scopeByYear(argument: "incomeYear")`);
    } else if (draw.chance(15)) {
      fields.push(`${name}(who: ID @subjectId): Int${ruleText(drawRule(agency, draw), draw)}`);
    } else if (draw.chance(35)) {
      const rule = drawRule(agency, draw);
      sources.push({ name, agency, rule });
      fields.push(`${name}: String${scopesText(rule)}${acrText(draw)}`);
    } else if (draw.chance(5))
      fields.push(`${name}: ${drawType(agency, draw)}${draw.pick(['', ' @minimumAcr(level: EIDAS1)'])}`);
    else fields.push(`${name}: ${drawType(agency, draw)}${ruleText(drawRule(agency, draw), draw)}`);
  }
}

/** `@requires` across agencies; composition asks that its rule holds all of what it is computed from. */
function drawComputed(agency: Agency, sources: readonly Source[], draw: Draw): void {
  const fields = agency.types.get('Citizen')!;
  for (const source of sources) {
    if (source.agency === agency || !draw.chance(30)) continue;
    if (!fields.includes(`${source.name}: String @external`)) fields.push(`${source.name}: String @external`);
    const own = draw.chance(50) ? drawRule(agency, draw) : [[]];
    const both = own.flatMap((left) => source.rule.map((right) => [...left, ...right]));
    fields.push(`r${agency.at}${source.name}: String @requires(fields: "${source.name}")${scopesText(both)}`);
  }
}

function drawEntity(agency: Agency, agencies: readonly Agency[], draw: Draw): void {
  if (!draw.chance(60)) return;
  const name = `E${agency.at}`;
  const key = ' @key(fields: "id")';
  agency.types.set(name, [
    `# ${key}`,
    'id: ID!',
    `e0: ${drawType(agency, draw)}${draw.chance(40) ? ruleText(drawRule(agency, draw), draw) : ''}`,
  ]);
  for (const other of agencies) {
    if (other === agency || !draw.chance(50)) continue;
    const own = draw.chance(50) ? ruleText(drawRule(other, draw), draw) : '';
    other.types.set(name, [`# ${key}`, 'id: ID!', `e1${other.at}: ${drawType(other, draw)}${own}`]);
  }
  const reached = draw.pick(['Citizen', ...agency.values]);
  const rule = reached === 'Citizen' || draw.chance(30) ? ruleText(drawRule(agency, draw), draw) : '';
  agency.types.get(reached)!.push(`to${name}: ${draw.pick([name, `[${name}!]`])}${rule}`);
}

function drawRoots(agency: Agency, draw: Draw): void {
  const roots: string[] = [];
  const { at, types } = agency;
  if (types.has(`E${at}`) && draw.chance(70)) roots.push(`all${at}: [E${at}!]`);
  if (draw.chance(40)) roots.push(`root${at}: ${agency.values[0]!}${ruleText(drawRule(agency, draw), draw)}`);
  if (draw.chance(40)) roots.push(`citizen${at}(id: ID! @subjectId): Citizen @authenticated`);
  if (hasAbstract(agency, 'U') && draw.chance(40)) roots.push(`any${at}: [U${at}] @authenticated`);
  if (roots.length > 0) types.set('Query', roots);
}

function drawType(agency: Agency, draw: Draw): string {
  const { at } = agency;
  const objects = ['Citizen', ...agency.values];
  if (agency.address !== undefined) objects.push(agency.address);
  if (hasAbstract(agency, 'U')) objects.push(`U${at}`);
  if (hasAbstract(agency, 'I')) objects.push(`I${at}`);
  const named = draw.chance(50) ? draw.pick(objects) : draw.pick(SCALARS);
  const bang = draw.chance(15) ? '!' : '';
  // An address may be absent wherever it stands.
  if (named === agency.address) return draw.pick([named, `[${named}${bang}]`]);
  return draw.pick([named, named, named, `${named}!`, `[${named}${bang}]`]);
}

/** Few scopes of one agency, so that a token holds some and not others. */
function drawRule(agency: Agency, draw: Draw): Rule {
  const few = agency.scopes.slice(0, 5);
  const all = draw.chance(20) ? few : few.slice(0, 3);
  return Array.from({ length: 1 + (draw.chance(35) ? 1 : 0) }, () =>
    Array.from({ length: 1 + (draw.chance(25) ? 1 : 0) }, () => draw.pick(all)),
  );
}

function ruleText(rule: Rule, draw: Draw): string {
  return scopesText(rule) + acrText(draw);
}

function acrText(draw: Draw): string {
  return draw.chance(10) ? ` @minimumAcr(level: ${draw.pick(['EIDAS2', 'EIDAS3'])})` : '';
}

function scopesText(rule: Rule): string {
  return ` @requiresScopes(scopes: ${JSON.stringify(rule.map((all) => [...new Set(all)]))})`;
}

/** Lines that begin with `#` are directives of the type itself. */
function writeAgency({ at, types, abstracts, values }: Agency): string {
  const written = Array.from(types, ([name, lines]) => {
    const own = lines.filter((line) => line.startsWith('#')).map((line) => ` ${line.slice(1).trim()}`);
    const key = name === 'Citizen' ? ' @key(fields: "id") @subject' : '';
    const face =
      values.includes(name) && abstracts.some((text) => text.startsWith('interface')) ? ` implements I${at}` : '';
    const fields = lines.filter((line) => !line.startsWith('#'));
    return `type ${name}${face}${key}${own.join('')} {\n  ${fields.join('\n  ')}\n}`;
  });
  return [...written, ...abstracts].join('\n');
}
