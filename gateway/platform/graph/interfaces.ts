import type { GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { bothRules, NO_RULE, sameRights } from './accessRule.ts';
import type { AccessRule } from './graph.ts';
import type { WrittenRules } from './readRules.ts';

/**
 * Makes the rules complete per concrete type, since that is where verdicts are made. Composition (2.14) writes on an interface what all
 * its implementations ask together, so that such a rule adds nothing to the one of a single type. A rule of an interface that is not
 * just that sum was written there: it counts on every implementation, else a fragment on the type would go around it
 * (GHSA-mx7m-j9xf-62hw). Our own directives are handed down wherever the type does not say otherwise.
 */
export function handDownFromInterfaces(rules: WrittenRules, schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!('getInterfaces' in type) || !('resolveType' in type)) continue;
    const implementations = schema.getPossibleTypes(type);
    handDownType(rules, type, implementations);
    for (const field of Object.keys(type.getFields())) handDownField(rules, type, field, implementations);
  }
}

function handDownType(
  rules: WrittenRules,
  interfaceType: GraphQLInterfaceType,
  implementations: readonly GraphQLObjectType[],
): void {
  for (const type of implementations) {
    if (rules.personTypes.has(interfaceType.name)) rules.personTypes.add(type.name);
  }
  handDownRule(
    rules.ofType,
    interfaceType.name,
    implementations.map((type) => type.name),
  );
}

function handDownField(
  rules: WrittenRules,
  interfaceType: GraphQLInterfaceType,
  field: string,
  implementations: readonly GraphQLObjectType[],
): void {
  const onInterface = `${interfaceType.name}.${field}`;
  const onTypes = implementations.map((type) => `${type.name}.${field}`);
  handDownRule(rules.ofField, onInterface, onTypes);
  const subject = rules.subjectOf.get(onInterface);
  const byYear = rules.scopeByYear.get(onInterface);
  for (const coordinate of onTypes) {
    if (subject && !rules.subjectOf.has(coordinate)) rules.subjectOf.set(coordinate, subject);
    if (byYear !== undefined && !rules.scopeByYear.has(coordinate)) rules.scopeByYear.set(coordinate, byYear);
  }
}

function handDownRule(of: Map<string, AccessRule>, onInterface: string, onTypes: readonly string[]): void {
  const written = of.get(onInterface);
  if (!written) return;
  const sum = onTypes.map((key) => of.get(key)).reduce<AccessRule>((all, one) => bothRules(all, one), NO_RULE);
  const added = sameRights(written, sum) ? { ...NO_RULE, minimumAcr: written.minimumAcr } : written;
  if (added === written || added.minimumAcr) for (const key of onTypes) of.set(key, bothRules(of.get(key), added));
}
