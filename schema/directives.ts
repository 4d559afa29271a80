/**
 * The hub's own directives, beside Apollo's `@authenticated`, `@requiresScopes` and `@policy`.
 * An agency imports them in its `schema.graphql` by `@link` and carries them into the supergraph by `@composeDirective`.
 * Meaning: DESIGN, "How a verdict is made".
 */
export const HUB_SPEC_URL = 'https://specs.trait-dunion.example/hub/v1.0';

/** Names, without `@`, of every directive of the hub's specification. */
export const HUB_DIRECTIVES = ['subject', 'minimumAcr', 'scopeByYear', 'subjectId'] as const;
export type HubDirective = (typeof HUB_DIRECTIVES)[number];

/**
 * Definitions as the kit adds them to every agency's schema. The enum carries the specification's prefix: under that name composition
 * (2.14) keeps it in the supergraph and takes it out of the public schema; a plain or imported name would be published.
 */
export const HUB_DIRECTIVES_SDL = /* GraphQL */ `
  """
  Whose data an object is. On a type with @key: this entity is a person. \`from\`: the subject is that of the named field.
  \`inFileOf\`: a third party inside the caller's own file. Alone on a field: what the field says of a third party (an age bracket) is the file
  owner's to know.
  """
  directive @subject(from: String, inFileOf: Boolean = false) on OBJECT | FIELD_DEFINITION

  "Levels of assurance (Regulation (EU) 910/2014, article 8), weakest first."
  enum hub__EidasLevel {
    EIDAS1
    EIDAS2
    EIDAS3
  }

  "The least level of assurance (eIDAS) of the citizen's session; the strictest of field and scopes used counts."
  directive @minimumAcr(level: hub__EidasLevel!) on OBJECT | FIELD_DEFINITION

  "Besides its own rule the field needs the scope of the income year that the named argument holds."
  directive @scopeByYear(argument: String!) on FIELD_DEFINITION

  "This id is a person's reference: the hub translates it for each agency."
  directive @subjectId on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
`;

/** What an agency's schema opens with; the kit's contract test refuses a schema that links otherwise. */
export const AGENCY_SCHEMA_HEADER = /* GraphQL */ `
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.9"
      import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@tag", "@composeDirective", "@authenticated", "@requiresScopes", "@policy"]
    )
    @link(url: "${HUB_SPEC_URL}", import: ["@subject", "@minimumAcr", "@scopeByYear", "@subjectId"])
    @composeDirective(name: "@subject")
    @composeDirective(name: "@minimumAcr")
    @composeDirective(name: "@scopeByYear")
    @composeDirective(name: "@subjectId")
`;
