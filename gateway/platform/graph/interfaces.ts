import { isInterfaceType, type GraphQLInterfaceType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { bothRules, NO_RULE, sameRights } from './accessRule.ts';
import type { AccessRule } from './graph.ts';
import type { WrittenRules } from './readRules.ts';

/** As the supergraph has it: what one interface hands down must not pass for part of another one's sum. */
type Written = Pick<WrittenRules, 'ofType' | 'ofField'>;

/**
 * Makes the rules complete per concrete type, since that is where verdicts are made. Composition (2.14) writes on an interface what all
 * its implementations ask together, so that such a rule adds nothing to the one of a single type. A rule of an interface that is not
 * just that sum was written there: it counts on every implementation, else a fragment on the type would go around it
 * (GHSA-mx7m-j9xf-62hw). Our own directives are handed down wherever the type does not say otherwise.
 */
export function handDownFromInterfaces(rules: WrittenRules, schema: GraphQLSchema): void {
  const written: Written = { ofType: new Map(rules.ofType), ofField: new Map(rules.ofField) };
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isInterfaceType(type)) continue;
    const implementations = schema.getPossibleTypes(type);
    const names = implementations.map((one) => one.name);
    handDownRule(rules.ofType, written.ofType, type.name, names);
    for (const field of Object.keys(type.getFields())) handDownField(rules, written, type, field, implementations);
  }
}

function handDownField(
  rules: WrittenRules,
  written: Written,
  interfaceType: GraphQLInterfaceType,
  field: string,
  implementations: readonly GraphQLObjectType[],
): void {
  const onInterface = `${interfaceType.name}.${field}`;
  const onTypes = implementations.map((type) => `${type.name}.${field}`);
  handDownRule(rules.ofField, written.ofField, onInterface, onTypes);
  const subject = rules.subjectOf.get(onInterface);
  const byYear = rules.scopeByYear.get(onInterface);
  for (const coordinate of onTypes) {
    if (subject && !rules.subjectOf.has(coordinate)) rules.subjectOf.set(coordinate, subject);
    if (byYear !== undefined && !rules.scopeByYear.has(coordinate)) rules.scopeByYear.set(coordinate, byYear);
  }
}

function handDownRule(
  into: Map<string, AccessRule>,
  written: ReadonlyMap<string, AccessRule>,
  onInterface: string,
  onTypes: readonly string[],
): void {
  const rule = written.get(onInterface);
  if (!rule) return;
  const sum = onTypes.reduce((all, key) => bothRules(all, written.get(key)), NO_RULE);
  const added = sameRights(rule, sum) ? { ...NO_RULE, minimumAcr: rule.minimumAcr } : rule;
  if (added !== rule && !added.minimumAcr) return;
  for (const key of onTypes) into.set(key, bothRules(into.get(key), added));
}
