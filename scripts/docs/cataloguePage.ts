import type { Catalogue, CatalogueField } from '../../gateway/registers/catalogue/buildCatalogue.ts';
import { code, pageHead, table } from './markdown.ts';

export function cataloguePage({ agencies, fields }: Catalogue): string {
  const holders = agencies.map((agency) => [
    code(agency.name),
    `${agency.label.fr}<br>${agency.label.en}`,
    agency.kind === 'administration' ? 'administration' : 'private body with a public task',
    agency.legalBasis,
    agency.freshness.en,
  ]);
  return (
    pageHead(
      'Catalogue',
      'Every field of the public graph: who holds it and what opens it. Source: the agencies’ schemas, through `schema/composed/catalogue.json`.',
    ) +
    `\n## Agencies\n\n${table(['agency', 'name', 'kind', 'legal basis', 'freshness'], holders)}` +
    typesOf(fields)
      .map(
        ([type, members]) =>
          `\n## ${type}\n\n${table(['field', 'type', 'agency', 'opened by', 'what it is'], members.map(row))}`,
      )
      .join('')
  );
}

/** By type, in the order of the catalogue. */
function typesOf(fields: readonly CatalogueField[]): readonly [string, readonly CatalogueField[]][] {
  const byType = new Map<string, CatalogueField[]>();
  for (const field of fields) {
    const type = field.coordinate.split('.')[0]!;
    byType.set(type, [...(byType.get(type) ?? []), field]);
  }
  return [...byType];
}

function row(field: CatalogueField): string[] {
  const name = field.coordinate.split('.')[1]!;
  const signature = field.arguments.length === 0 ? name : `${name}(${field.arguments.join(', ')})`;
  return [code(signature), code(field.type), field.agency ?? '', openedBy(field), field.description];
}

function openedBy({
  scopes,
  openedBy: fields,
  authenticated,
  minimumAcr,
  yearArgument,
  policies,
}: CatalogueField): string {
  const level = minimumAcr === 'eidas1' ? '' : `, from ${minimumAcr}`;
  const year = yearArgument === null ? '' : `, and the scope of the year in ${code(yearArgument)}`;
  if (scopes !== null) return scopes.map((all) => all.map(code).join(' and ')).join(' or ') + year + level;
  if (policies !== null) return policies.map((all) => all.map(code).join(' and ')).join(' or ');
  if (fields.length > 0) return `whatever opens ${fields.map(code).join(', ')}`;
  return authenticated ? 'any citizen' : 'anybody';
}
