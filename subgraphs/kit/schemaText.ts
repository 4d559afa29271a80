import { Kind, parse, print, type DocumentNode, type SchemaExtensionNode } from 'graphql';
import { AGENCY_SCHEMA_HEADER, HUB_DIRECTIVES_SDL } from '../../schema/directives.ts';

/**
 * The subgraph's whole SDL: the agency's `schema.graphql` and the definitions of the hub's directives behind it. Throws a TypeError
 * naming `file` when the schema does not open with the treaty's header: an `@authenticated` that is not imported by `@link`, or that
 * stands in a schema of Federation 1, composes without a word and protects nothing.
 */
export function agencySdl(schemaText: string, file: string): string {
  assertAgencyHeader(parse(schemaText), file);
  return `${schemaText.trimEnd()}\n${HUB_DIRECTIVES_SDL}`;
}

const HEADER = normalised(parse(AGENCY_SCHEMA_HEADER).definitions[0] as SchemaExtensionNode);

function assertAgencyHeader(document: DocumentNode, file: string): void {
  const [first, ...others] = document.definitions;
  const header = first?.kind === Kind.SCHEMA_EXTENSION ? normalised(first) : 'none';
  if (header !== HEADER) {
    throw new TypeError(
      `${file}: must open with AGENCY_SCHEMA_HEADER of schema/directives.ts, word for word; expected ${HEADER}, got ${header}`,
    );
  }
  for (const definition of others) {
    if (definition.kind === Kind.SCHEMA_EXTENSION || definition.kind === Kind.SCHEMA_DEFINITION) {
      throw new TypeError(`${file}: the header is the only "schema" definition an agency has; remove the second one`);
    }
    if (definition.kind === Kind.DIRECTIVE_DEFINITION) {
      throw new TypeError(
        `${file}: remove the definition of @${definition.name.value}: directives are the treaty's, the kit adds their definitions`,
      );
    }
  }
}

/** Without layout; the order of directives and imports counts, which keeps the rule easy to state: copy the header. */
function normalised(node: SchemaExtensionNode): string {
  return print(node).replace(/\s+/g, ' ');
}
