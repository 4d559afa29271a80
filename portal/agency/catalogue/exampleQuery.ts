import type { Catalogue, CatalogueField } from './catalogue.ts';

/** Deeper ways to a field are no examples any more. */
const MAX_DEPTH = 8;
/** Of an object behind the field, so many values are asked. */
const MAX_LEAVES = 6;

/** A query that asks for that field of the citizen who is signed in; undefined for what needs an input, or leads through somebody else. */
export function exampleQuery(catalogue: Catalogue, field: CatalogueField, incomeYear: number): string | undefined {
  const way = wayTo(catalogue, field);
  if (way === undefined) return undefined;
  const calls = way.map((step) => callOf(step, incomeYear));
  if (calls.some((call) => call === undefined)) return undefined;
  const leaves = leavesOf(catalogue, namedType(field.type));
  if (leaves?.length === 0) return undefined;
  const inner = leaves === undefined ? '' : ` { ${leaves.join(' ')} }`;
  return `query {${indented(calls as string[], inner, 1)}\n}`;
}

/** Fields from the root to that one, the shortest way. */
function wayTo(catalogue: Catalogue, field: CatalogueField): readonly CatalogueField[] | undefined {
  const byCoordinate = new Map(catalogue.fields.map((one) => [one.coordinate, one]));
  let ways: (readonly CatalogueField[])[] = [[field]];
  for (let depth = 0; depth < MAX_DEPTH && ways.length > 0; depth += 1) {
    const found = ways.find(([first]) => first!.coordinate === 'Query.me');
    if (found !== undefined) return found;
    ways = ways.flatMap((way) => {
      return way[0]!.openedBy.flatMap((coordinate) => {
        const opener = byCoordinate.get(coordinate);
        return opener === undefined || way.includes(opener) ? [] : [[opener, ...way]];
      });
    });
  }
  return undefined;
}

/** `taxAssessment(incomeYear: 2025)`; undefined when an argument cannot be guessed. */
function callOf({ coordinate, arguments: given }: CatalogueField, incomeYear: number): string | undefined {
  const name = coordinate.split('.')[1]!;
  const required = given.filter((argument) => argument.endsWith('!'));
  if (required.length === 0) return name;
  return required.length === 1 && required[0]!.startsWith('incomeYear:')
    ? `${name}(incomeYear: ${incomeYear})`
    : undefined;
}

/** Values of an object; undefined for what is a value itself, none for an object that holds objects alone. */
function leavesOf(catalogue: Catalogue, type: string): readonly string[] | undefined {
  const members = catalogue.fields.filter(({ coordinate }) => coordinate.startsWith(`${type}.`));
  if (members.length === 0) return undefined;
  const isObject = (name: string) => catalogue.fields.some(({ coordinate }) => coordinate.startsWith(`${name}.`));
  return members
    .filter((member) => !isObject(namedType(member.type)) && member.arguments.every((one) => !one.endsWith('!')))
    .map(({ coordinate }) => coordinate.split('.')[1]!)
    .slice(0, MAX_LEAVES);
}

function namedType(type: string): string {
  return type.replace(/[[\]!]/g, '');
}

function indented([first, ...others]: readonly string[], inner: string, depth: number): string {
  const space = `\n${'  '.repeat(depth)}`;
  if (others.length === 0) return `${space}${first!}${inner}`;
  return `${space}${first!} {${indented(others, inner, depth + 1)}${space}}`;
}
