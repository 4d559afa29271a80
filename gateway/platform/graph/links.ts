import {
  Kind,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type ConstObjectValueNode,
  type DocumentNode,
} from 'graphql';
import { HUB_DIRECTIVES, HUB_SPEC_URL, type HubDirective } from '../../../schema/directives.ts';

/** One `@link` (or, in older supergraphs, `@core`) of the schema definition. Core schemas: https://specs.apollo.dev/link/v1.0 */
export interface Link {
  readonly node: ConstDirectiveNode;
  readonly url: string;
  /** URL without the version. */
  readonly identity: string;
  readonly version: string;
  /** Prefix of its names in this schema. */
  readonly namespace: string;
  readonly purpose: string | undefined;
  /** Name in the specification -> name here, both as written (`@` for directives). */
  readonly imports: ReadonlyMap<string, string>;
}

export type RuleDirective = 'authenticated' | 'requiresScopes' | 'policy' | HubDirective;

/** Specifications whose rules we enforce, and the directives each defines. */
const RULE_SPECIFICATIONS: Readonly<Record<string, readonly RuleDirective[]>> = {
  'https://specs.apollo.dev/authenticated/v0.1': ['authenticated'],
  'https://specs.apollo.dev/requiresScopes/v0.1': ['requiresScopes'],
  'https://specs.apollo.dev/policy/v0.1': ['policy'],
  [HUB_SPEC_URL]: HUB_DIRECTIVES,
};

/** Features `for: SECURITY` that the federation library itself enforces, in the public schema. */
const ENFORCED_BY_LIBRARY = new Set([
  'https://specs.apollo.dev/inaccessible/v0.1',
  'https://specs.apollo.dev/inaccessible/v0.2',
]);

const RULE_IDENTITIES = new Set(Object.keys(RULE_SPECIFICATIONS).map((url) => url.slice(0, url.lastIndexOf('/'))));

const LINK_IDENTITIES = new Set(['https://specs.apollo.dev/link', 'https://specs.apollo.dev/core']);

/** Every link of a supergraph. Throws a TypeError when one is not readable. */
export function readLinks(document: DocumentNode): readonly Link[] {
  const directives = document.definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? [])
      : [],
  );
  const linkName = directives.find((node) => isLinkOfLinks(node))?.name.value;
  return directives.filter((node) => node.name.value === linkName).map(toLink);
}

/** The specification of links links itself; its name here is the name of every link. */
function isLinkOfLinks(node: ConstDirectiveNode): boolean {
  const link = hasUrl(node) ? toLink(node) : undefined;
  return link !== undefined && LINK_IDENTITIES.has(link.identity) && link.namespace === node.name.value;
}

function hasUrl(node: ConstDirectiveNode): boolean {
  return node.arguments?.some((one) => ['url', 'feature'].includes(one.name.value)) ?? false;
}

function toLink(node: ConstDirectiveNode): Link {
  const values = Object.fromEntries(
    (node.arguments ?? []).map((one) => [one.name.value, valueFromASTUntyped(one.value)]),
  ) as Record<string, unknown>;
  const url = values.url ?? values.feature;
  const match = typeof url === 'string' ? /^(.*\/([^/]+))\/(v\d+\.\d+)$/.exec(url) : null;
  if (!match)
    throw new TypeError(`supergraph: expected @link with the URL of a versioned specification, got ${String(url)}`);
  return {
    node,
    url: url as string,
    identity: match[1]!,
    version: match[3]!,
    namespace: typeof values.as === 'string' ? values.as : match[2]!,
    purpose: typeof values.for === 'string' ? values.for : undefined,
    imports: readImports(node),
  };
}

function readImports(node: ConstDirectiveNode): ReadonlyMap<string, string> {
  const list = node.arguments?.find((one) => one.name.value === 'import')?.value;
  const imports = new Map<string, string>();
  if (list?.kind !== Kind.LIST) return imports;
  for (const entry of list.values) {
    if (entry.kind === Kind.STRING) imports.set(entry.value, entry.value);
    if (entry.kind !== Kind.OBJECT) continue;
    const name = stringField(entry, 'name');
    if (name) imports.set(name, stringField(entry, 'as') ?? name);
  }
  return imports;
}

function stringField(object: ConstObjectValueNode, field: string): string | undefined {
  const value = object.fields.find((one) => one.name.value === field)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** Whether a link is to one of the specifications we enforce. */
export function isRuleLink(link: Link): boolean {
  return Object.hasOwn(RULE_SPECIFICATIONS, link.url);
}

/**
 * Name in this schema -> rule, renames followed (`import: [{name, as}]`, `as:` on the specification, namespaced use): a rule that is
 * known by its default name only is not enforced once renamed (GHSA-g8jh-vg5j-4h3f).
 * Throws a TypeError for another version of a specification we enforce, and for any other feature `for: SECURITY`.
 */
export function bindRules(links: readonly Link[]): ReadonlyMap<string, RuleDirective> {
  const bound = new Map<string, RuleDirective>();
  for (const link of links) {
    if (!isRuleLink(link)) {
      refuseUnknownSecurity(link);
      continue;
    }
    for (const rule of RULE_SPECIFICATIONS[link.url]!) for (const name of namesOf(link, rule)) bound.set(name, rule);
  }
  return bound;
}

function refuseUnknownSecurity(link: Link): void {
  if (RULE_IDENTITIES.has(link.identity)) {
    throw new TypeError(
      `supergraph: expected a version of ${link.identity} that this hub enforces, got ${link.version}`,
    );
  }
  if (link.purpose === 'SECURITY' && !ENFORCED_BY_LIBRARY.has(link.url)) {
    throw new TypeError(`supergraph: expected only security features that this hub enforces, got ${link.url}`);
  }
}

/** A directive that bears the specification's own name goes by the namespace; it is namespaced as well where it is imported under another name. */
function namesOf(link: Link, rule: RuleDirective): readonly string[] {
  const imported = link.imports.get(`@${rule}`);
  const ownName = link.identity.slice(link.identity.lastIndexOf('/') + 1) === rule;
  return [imported?.slice(1), ownName ? link.namespace : undefined, `${link.namespace}__${rule}`].filter(
    (name) => name !== undefined,
  );
}
