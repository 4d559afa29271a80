import {
  getNamedType,
  Kind,
  parse,
  isObjectType,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { bothRules } from './accessRule.ts';
import type { AccessRule } from './graph.ts';
import type { WrittenRules } from './readRules.ts';

/** A rule that nobody meets: OR of nothing. */
const NEVER: AccessRule = { authenticated: false, scopes: [], policies: undefined, minimumAcr: undefined };

/**
 * What a field is computed from (`@requires`) is read for it, so that its rule holds theirs: DESIGN, "How a verdict is made". Composition (2.14)
 * sees to that for Apollo's directives and knows nothing of the hub's own. A requirement that no rule of the field can express is a
 * TypeError: an income year, whose scope changes with the calendar.
 */
export function handDownFromRequirements(rules: WrittenRules, document: DocumentNode, schema: GraphQLSchema): void {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const type = schema.getType(definition.name.value);
    if (!isObjectType(type)) continue;
    for (const field of definition.fields ?? []) {
      for (const directive of field.directives ?? []) {
        const argument = directive.arguments?.find((one) => one.name.value === 'requires');
        if (directive.name.value !== 'join__field' || !argument) continue;
        const coordinate = `${type.name}.${field.name.value}`;
        const needed = rulesBelow(rules, parseFieldSet(String(valueFromASTUntyped(argument.value))), type, coordinate);
        for (const rule of needed) rules.ofField.set(coordinate, bothRules(rules.ofField.get(coordinate), rule));
      }
    }
  }
}

function parseFieldSet(text: string): SelectionSetNode {
  const [definition] = parse(`{${text}}`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError(`not a field set: ${text}`);
  return definition.selectionSet;
}

function rulesBelow(
  rules: WrittenRules,
  { selections }: SelectionSetNode,
  type: GraphQLObjectType,
  computed: string,
): readonly AccessRule[] {
  return selections.flatMap((selection): readonly AccessRule[] => {
    // Fragments within a field set: composition (2.14) has multiplied what Apollo's directives ask there.
    if (selection.kind !== Kind.FIELD || selection.name.value === '__typename') return [];
    return rulesOfField(rules, selection, type, computed);
  });
}

function rulesOfField(
  rules: WrittenRules,
  node: FieldNode,
  type: GraphQLObjectType,
  computed: string,
): readonly AccessRule[] {
  const name = node.name.value;
  const coordinate = `${type.name}.${name}`;
  if (rules.scopeByYear.has(coordinate)) {
    throw new TypeError(`supergraph: ${computed}: expected @requires without income years, got ${coordinate}`);
  }
  const returned = getNamedType(type.getFields()[name]!.type);
  const own = [rules.ofType.get(type.name), rules.ofField.get(coordinate), rules.ofType.get(returned.name)];
  const held = own.filter((rule) => rule !== undefined);
  const opens = held.some(({ authenticated, scopes, policies }) => authenticated || scopes || policies);
  const isUnruled = rules.personTypes.has(type.name) && name !== 'id' && !opens;
  const below =
    node.selectionSet && isObjectType(returned) ? rulesBelow(rules, node.selectionSet, returned, computed) : [];
  return [...held, ...(isUnruled ? [NEVER] : []), ...below];
}
