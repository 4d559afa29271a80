import { faultAt, HubSilent, operation, type Ask, type Fault } from '../../graph.ts';
import type { Language } from '../../i18n/language.ts';
import type { Fact, Holder } from './fact.ts';

/** What came of asking for a fact. */
export type Told =
  | { readonly kind: 'known'; readonly lines: readonly string[]; readonly value: unknown }
  | { readonly kind: 'absent' }
  | { readonly kind: 'missing'; readonly fault: Fault };

/** A fact and its answer. */
export interface AskedFact {
  readonly fact: Fact;
  readonly told: Told;
}

/** One agency's file of a person, as it answered. */
export interface Holding {
  readonly holder: Holder;
  /** Year in which the income was earned, for a tax assessment. */
  readonly incomeYear?: number;
  /** The holder's own name. */
  readonly source: string | undefined;
  /** Day or instant of which the facts are. */
  readonly asOf: string | undefined;
  readonly facts: readonly AskedFact[];
}

/** Fields that hold one answer a year. */
const BY_YEAR = 'taxAssessment';

/**
 * Asks for these facts in one query, and says what came of each. A holder of yearly facts is asked for each of `years`. The caller sees to it that
 * the years are open ones.
 */
export async function askFacts(
  ask: Ask,
  facts: readonly Fact[],
  years: readonly number[],
  language: Language,
): Promise<readonly Holding[]> {
  const files = toFiles(facts, years);
  if (files.length === 0) return [];
  const { data, faults } = await ask(operation<{ me: unknown }>(factsDocument(facts, years)));
  // Without an answer nothing may be said to be on nobody's file: agencies that are silent are named one by one, a hub that is silent is a page of its own.
  const silence = faults.find(({ code }) => code.startsWith('HUB_AGENCY'));
  if (data === null && silence === undefined) throw new HubSilent(faults[0]?.code ?? 'no answer');
  const known = data === null ? [...faults, { ...silence!, path: ['me'] }] : faults;
  return files.map((file) => toHolding(file, data?.me, known, language));
}

/** What is asked of one field below `me`. */
interface File {
  /** The field's name, or its alias. */
  readonly key: string;
  /** As it is written: `income2025: taxAssessment(incomeYear: 2025)`. */
  readonly field: string;
  readonly incomeYear?: number;
  readonly facts: readonly Fact[];
}

function toFiles(facts: readonly Fact[], years: readonly number[]): readonly File[] {
  const names = [...new Set(facts.map(({ path }) => path[0]!))];
  return names.flatMap((name): readonly File[] => {
    const own = facts.filter(({ path }) => path[0] === name);
    if (name !== BY_YEAR) return [{ key: name, field: name, facts: own }];
    return years.map((incomeYear) => {
      const key = `income${incomeYear}`;
      return { key, field: `${key}: ${BY_YEAR}(incomeYear: ${incomeYear})`, incomeYear, facts: own };
    });
  });
}

/** The query for them, each object that holds facts together with who holds it and since when. */
export function factsDocument(facts: readonly Fact[], years: readonly number[]): string {
  const fields = toFiles(facts, years).map(({ field, facts }) => {
    const [first] = facts;
    // The field is itself the fact: a list of declarations, each with its holder and its day.
    if (first?.path.length === 1) return `${field} ${(first.selection ?? '{ }').replace(/^\{/, '{ source asOf')}`;
    return `${field} { source asOf ${selectionsOf(facts, 1)} }`;
  });
  return `query Facts { me { ${fields.join(' ')} } }`;
}

function selectionsOf(facts: readonly Fact[], depth: number): string {
  const names = [...new Set(facts.map(({ path }) => path[depth]!))];
  return names
    .map((name) => {
      const own = facts.filter(({ path }) => path[depth] === name);
      const inner = own.filter(({ path }) => path.length > depth + 1);
      if (inner.length > 0) return `${name} { ${selectionsOf(inner, depth + 1)} }`;
      return `${name} ${own[0]!.selection ?? ''}`;
    })
    .join(' ');
}

function toHolding(file: File, me: unknown, faults: readonly Fault[], language: Language): Holding {
  const answer = read(me, [file.key]);
  const source = read(Array.isArray(answer) ? answer[0] : answer, ['source']);
  const asOf = read(Array.isArray(answer) ? answer[0] : answer, ['asOf']);
  return {
    holder: file.facts[0]!.holder,
    ...(file.incomeYear !== undefined && { incomeYear: file.incomeYear }),
    source: typeof source === 'string' ? source : undefined,
    asOf: typeof asOf === 'string' ? asOf : undefined,
    facts: file.facts.map((fact) => ({ fact, told: tell(fact, file.key, me, faults, language) })),
  };
}

function tell(fact: Fact, key: string, me: unknown, faults: readonly Fault[], language: Language): Told {
  const path = [key, ...fact.path.slice(1)];
  const value = read(me, path);
  if (value !== undefined && value !== null) {
    const said = fact.say(value as never, language);
    const lines = said === undefined ? [] : typeof said === 'string' ? [said] : said;
    if (lines.length > 0) return { kind: 'known', lines, value };
  }
  const fault = faultAt(faults, 'me', ...path);
  return fault === undefined ? { kind: 'absent' } : { kind: 'missing', fault };
}

function read(from: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => {
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }, from);
}
