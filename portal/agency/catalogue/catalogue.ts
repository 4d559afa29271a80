import { HubSilent } from '../../graph.ts';
import type { Language } from '../../i18n/language.ts';

export type Bilingual = Readonly<Record<Language, string>>;

/** What the hub tells everybody at `/catalogue.json`; made of the graph in service, so that a new field is there at once. */
export interface Catalogue {
  readonly version: string;
  readonly agencies: readonly CatalogueAgency[];
  readonly scopes: readonly CatalogueScope[];
  readonly fields: readonly CatalogueField[];
  readonly purposes: readonly { readonly name: string; readonly label: Bilingual }[];
  /** By agency. */
  readonly health: Readonly<Record<string, { readonly status: 'ok' | 'unavailable'; readonly checkedAt: string }>>;
}

export interface CatalogueAgency {
  readonly name: string;
  readonly label: Bilingual;
  readonly siret: string;
  readonly owner: string;
  readonly contact: string;
  readonly legalBasis: string;
  readonly freshness: Bilingual;
}

export interface CatalogueScope {
  readonly name: string;
  readonly label: Bilingual;
  readonly holder: string;
  readonly minimumAcr: string;
}

export interface CatalogueField {
  /** `Type.field`. */
  readonly coordinate: string;
  readonly type: string;
  readonly description: string;
  /** `name: Type` each. */
  readonly arguments: readonly string[];
  /** Null for what belongs to the agency of the field that returned it. */
  readonly agency: string | null;
  /** OR of ANDs; null = whatever opens the fields of `openedBy`. */
  readonly scopes: readonly (readonly string[])[] | null;
  readonly openedBy: readonly string[];
  readonly minimumAcr: string;
  readonly yearArgument: string | null;
  /** For offices, not for citizens. */
  readonly policies: readonly (readonly string[])[] | null;
  readonly traps: readonly Bilingual[];
  readonly words: readonly string[];
}

export type ReadCatalogue = () => Promise<Catalogue>;

/** What was published is shown so soon after, ms. */
const KEPT_MS = 3_000;
const TIMEOUT_MS = 5_000;

/** The catalogue of the hub whose graph is at `graphUrl`. Rejects with HubSilent when the hub does not answer. */
export function createReadCatalogue(graphUrl: string, clock: () => number): ReadCatalogue {
  let known: { readonly askedAtMs: number; readonly answer: Promise<Catalogue> } | undefined;
  return () => {
    if (known !== undefined && clock() - known.askedAtMs < KEPT_MS) return known.answer;
    const answer = fetchCatalogue(new URL('catalogue.json', graphUrl));
    known = { askedAtMs: clock(), answer };
    answer.catch(() => (known = undefined));
    return answer;
  };
}

async function fetchCatalogue(url: URL): Promise<Catalogue> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return (await response.json()) as Catalogue;
  } catch (cause) {
    throw new HubSilent('no catalogue', { cause });
  }
}

/** Who answers for a field: its own agency, or that of the field that leads to it. */
export function holderOf({ fields, agencies }: Catalogue, field: CatalogueField): CatalogueAgency | undefined {
  const byCoordinate = new Map(fields.map((one) => [one.coordinate, one]));
  const seen = new Set<string>();
  let at: CatalogueField | undefined = field;
  while (at !== undefined && at.agency === null && !seen.has(at.coordinate)) {
    seen.add(at.coordinate);
    at = byCoordinate.get(at.openedBy[0] ?? '');
  }
  return agencies.find(({ name }) => name === at?.agency);
}

/** What opens the field, of its own or of the fields that lead to it: OR of ANDs; empty when nothing has to be held. */
export function scopesOf({ fields }: Catalogue, field: CatalogueField): readonly (readonly string[])[] {
  if (field.scopes !== null) return field.scopes;
  const openers = fields.filter(({ coordinate }) => field.openedBy.includes(coordinate));
  return openers.flatMap(({ scopes }) => scopes ?? []);
}

/** Fields that a citizen's data is in: what a service may ask for. */
export function dataFields({ fields, agencies }: Catalogue): readonly CatalogueField[] {
  const known = new Set(agencies.map(({ name }) => name));
  const catalogue = { fields, agencies } as Catalogue;
  return fields.filter((field) => known.has(holderOf(catalogue, field)?.name ?? ''));
}
