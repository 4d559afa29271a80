import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Name of a commune by its official geographic code; null when none has that code. */
export type CommuneNames = (inseeCode: string) => string | null;

interface Commune {
  readonly code: string;
  readonly nom: string;
  readonly type: 'commune-actuelle' | 'commune-deleguee' | 'commune-associee' | 'arrondissement-municipal';
}

/**
 * Communes of today, the merged ones that live on as delegated or associated communes, and the districts of Paris, Lyon and Marseille
 * (`@etalab/decoupage-administratif`, from the COG). A commune and the delegated one at its seat share a code: today's name counts.
 *
 * The package's own entry reads `./data` from the working directory, so its data file is read instead. 8 MB, of which the names stay.
 */
export async function loadCommuneNames(): Promise<CommuneNames> {
  const file = createRequire(import.meta.url).resolve('@etalab/decoupage-administratif/data/communes.json');
  const communes = JSON.parse(await readFile(file, 'utf8')) as readonly Commune[];
  const names = new Map<string, string>();
  for (const { code, nom, type } of communes) {
    if (type === 'commune-actuelle' || !names.has(code)) names.set(code, nom);
  }
  return (inseeCode) => names.get(inseeCode) ?? null;
}
