import { Kind, visit, type DocumentNode } from 'graphql';
import type { HoistedDocument } from './subjectIds.ts';

/** How the planner (2.14) calls the list of entities in every fetch that joins: the same for every client, so no client may use it. */
const REPRESENTATIONS = 'representations';

/**
 * Renames a client's variable that is called as the planner's own: both would stand in one request, and the agency would take the
 * entities for the client's value. Everything else stays as it is.
 */
export function freePlannersVariable({ document, sources }: HoistedDocument): HoistedDocument {
  const taken = variableNames(document);
  if (!taken.has(REPRESENTATIONS)) return { document, sources };
  const name = freeName(`${REPRESENTATIONS}_client`, taken);
  const source = sources.get(REPRESENTATIONS) ?? ((variables) => variables[REPRESENTATIONS]);
  return {
    document: visit(document, {
      Variable: (variable) =>
        variable.name.value === REPRESENTATIONS ? { ...variable, name: { ...variable.name, value: name } } : undefined,
    }),
    sources: new Map([...sources, [name, source]]),
  };
}

export function variableNames(document: DocumentNode): ReadonlySet<string> {
  const definitions = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [],
  );
  return new Set(definitions.map((definition) => definition.variable.name.value));
}

/** `wanted`, or with as many underscores more as it takes. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  return taken.has(wanted) ? freeName(`${wanted}_`, taken) : wanted;
}
