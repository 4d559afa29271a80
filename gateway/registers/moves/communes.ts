import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { foldPlace } from './foldPlace.ts';

export type CommuneKind = 'COMMUNE' | 'DELEGATED' | 'ASSOCIATED' | 'DISTRICT';

/** A town of France as an address names it. */
export interface Commune {
  /** Five characters of the COG. A commune and the delegated one at its seat share theirs. */
  readonly inseeCode: string;
  readonly name: string;
  readonly kind: CommuneKind;
  /** The commune that it is a part of; null for a commune itself. */
  readonly partOf: string | null;
  readonly postCodes: readonly string[];
  readonly department: string | null;
}

export interface Communes {
  /** Towns whose name begins so and whose postcode begins so, whole names first, then by name; either may be left out, not both. */
  search(asked: { readonly name?: string; readonly postCode?: string; readonly first: number }): readonly Commune[];
  /** Every town of exactly that name, however it is spelt. */
  named(name: string): readonly Commune[];
  withPostCode(postCode: string): readonly Commune[];
  /** The commune of that code, before the delegated one at its seat. */
  withCode(inseeCode: string): Commune | undefined;
}

interface Row {
  readonly code: string;
  readonly nom: string;
  readonly type: 'commune-actuelle' | 'commune-deleguee' | 'commune-associee' | 'arrondissement-municipal';
  readonly chefLieu?: string;
  readonly commune?: string;
  readonly departement?: string;
  readonly codesPostaux?: readonly string[];
}

const KINDS: Readonly<Record<Row['type'], CommuneKind>> = {
  'commune-actuelle': 'COMMUNE',
  'commune-deleguee': 'DELEGATED',
  'commune-associee': 'ASSOCIATED',
  'arrondissement-municipal': 'DISTRICT',
};

/** Overseas collectivities are in the communes' file with their code, and not in that of departments (COG). */
const COLLECTIVITIES: ReadonlyMap<string, string> = new Map([
  ['975', 'Saint-Pierre-et-Miquelon'],
  ['977', 'Saint-Barthélemy'],
  ['978', 'Saint-Martin'],
  ['984', 'Terres australes et antarctiques françaises'],
  ['986', 'Wallis-et-Futuna'],
  ['987', 'Polynésie française'],
  ['988', 'Nouvelle-Calédonie'],
  ['989', 'Île de Clipperton'],
]);

let loading: Promise<Communes> | undefined;

/**
 * Communes of today with their postcodes, delegated and associated communes, districts (`@etalab/decoupage-administratif`, COG): 37,590 towns,
 * read once for all (8 MB, 150 ms). A delegated or associated commune has no postcodes in these data; it is served with those of the commune it is part of.
 */
export function loadCommunes(): Promise<Communes> {
  loading ??= readCommunes();
  return loading;
}

async function readCommunes(): Promise<Communes> {
  const rows = await readData<Row>('communes');
  const departments = new Map(
    (await readData<{ code: string; nom: string }>('departements')).map(({ code, nom }) => [code, nom]),
  );
  const whole = new Map(rows.filter(({ type }) => type === 'commune-actuelle').map((row) => [row.code, row]));
  const communes = rows.map((row): Commune => {
    const partOf = row.commune ?? row.chefLieu ?? null;
    const department = row.departement ?? '';
    return {
      inseeCode: row.code,
      name: row.nom,
      kind: KINDS[row.type],
      partOf,
      postCodes: row.codesPostaux ?? whole.get(partOf ?? '')?.codesPostaux ?? [],
      department: departments.get(department) ?? COLLECTIVITIES.get(row.code.slice(0, 3)) ?? null,
    };
  });
  return indexed(communes);
}

function indexed(communes: readonly Commune[]): Communes {
  const folded = communes.map((commune) => ({ commune, name: foldPlace(commune.name) }));
  folded.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : rank(a.commune) - rank(b.commune)));
  const byName = grouped(folded.map(({ name, commune }) => [name, commune]));
  const byPostCode = grouped(
    folded.flatMap(({ commune }) => commune.postCodes.map((postCode) => [postCode, commune] as const)),
  );
  const byCode = new Map<string, Commune>();
  for (const { commune } of folded) {
    if (commune.kind === 'COMMUNE' || !byCode.has(commune.inseeCode)) byCode.set(commune.inseeCode, commune);
  }

  return {
    search({ name = '', postCode = '', first }) {
      const beginning = foldPlace(name);
      if (beginning === '' && postCode === '') return [];
      const found = folded.filter((one) => {
        return one.name.startsWith(beginning) && one.commune.postCodes.some((code) => code.startsWith(postCode));
      });
      const exact = found.filter((one) => one.name === beginning);
      const others = found.filter((one) => one.name !== beginning);
      return [...exact, ...others].slice(0, first).map(({ commune }) => commune);
    },
    named: (name) => byName.get(foldPlace(name)) ?? [],
    withPostCode: (postCode) => byPostCode.get(postCode) ?? [],
    withCode: (inseeCode) => byCode.get(inseeCode.toUpperCase()),
  };
}

function grouped(entries: readonly (readonly [string, Commune])[]): ReadonlyMap<string, readonly Commune[]> {
  const groups = new Map<string, Commune[]>();
  for (const [key, commune] of entries) groups.set(key, [...(groups.get(key) ?? []), commune]);
  return groups;
}

function rank({ kind }: Commune): number {
  return kind === 'COMMUNE' ? 0 : 1;
}

/** The package's own entry reads `./data` from the working directory, so its data files are read instead. */
async function readData<Entry>(name: string): Promise<readonly Entry[]> {
  const file = createRequire(import.meta.url).resolve(`@etalab/decoupage-administratif/data/${name}.json`);
  return JSON.parse(await readFile(file, 'utf8')) as readonly Entry[];
}
