import type { Holding } from './askFacts.ts';
import type { Holder, Topic } from './fact.ts';
import type { Address } from './sayings.ts';

/** One holder's version of something that several write down. */
export interface Version {
  readonly holder: Holder;
  readonly source: string | undefined;
  readonly asOf: string | undefined;
  readonly line: string;
}

/** Something on which holders do not agree, each with its own words. */
export interface Contradiction {
  readonly topic: Topic;
  readonly versions: readonly Version[];
}

interface Compared extends Version {
  readonly topic: Topic;
  /** Equal for versions that differ in spelling alone. */
  readonly sameAs: string;
}

/** What several agencies say differently of one person. Of yearly files the newest speaks; of declared addresses that of the main home. */
export function findContradictions(holdings: readonly Holding[]): readonly Contradiction[] {
  const newest = Math.max(...holdings.map(({ incomeYear, facts }) => (isAnswered(facts) ? (incomeYear ?? 0) : 0)));
  const versions = holdings
    .filter(({ incomeYear }) => incomeYear === undefined || incomeYear === newest)
    .flatMap(versionsOf);
  const topics = [...new Set(versions.map(({ topic }) => topic))];
  return topics.flatMap((topic) => {
    const own = versions.filter((version) => version.topic === topic);
    return new Set(own.map(({ sameAs }) => sameAs)).size > 1 ? [{ topic, versions: own }] : [];
  });
}

function isAnswered(facts: Holding['facts']): boolean {
  return facts.some(({ told }) => told.kind === 'known');
}

function versionsOf({ holder, source, asOf, facts }: Holding): readonly Compared[] {
  return facts.flatMap(({ fact: { topic }, told }) => {
    if (topic === undefined || told.kind !== 'known') return [];
    const about = { holder, source, asOf, topic };
    if (topic !== 'address') return [{ ...about, line: told.lines[0]!, sameAs: plain(told.lines[0]!) }];
    const at = addressesIn(told.value).findIndex(({ isMain }) => isMain);
    const address = addressesIn(told.value)[at]?.address;
    return address === undefined ? [] : [{ ...about, line: told.lines[at] ?? '', sameAs: plainAddress(address) }];
  });
}

/** One address as it is, or the declarations of which one is the main home's. */
function addressesIn(value: unknown): readonly { readonly address: Address | undefined; readonly isMain: boolean }[] {
  if (!Array.isArray(value)) return [{ address: value as Address, isMain: true }];
  return (value as readonly { readonly usage: string | null; readonly address: Address | null }[]).map(
    ({ usage, address }) => ({ address: address ?? undefined, isMain: usage === 'MAIN' || usage === null }),
  );
}

/** Street, postcode and town: a flat or a country that one holder left out is no contradiction. */
function plainAddress({ streetLine, postCode, city }: Address): string {
  return [streetLine, postCode, city].map((part) => plain(part ?? '')).join('|');
}

/** Without accents, capitals and punctuation: holders spell each in their own way. */
function plain(text: string): string {
  const bare = text.normalize('NFD').replace(/\p{Diacritic}/gu, '');
  return bare
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim();
}
