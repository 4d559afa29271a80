import type { FieldDefinitionNode } from 'graphql';
import { minimalAlternatives, type Alternatives } from '../../gateway/platform/graph/accessRule.ts';
import type { AccessRule } from '../../subgraphs/kit/rules.ts';
import { hasDirective, namedType, ROOT_TYPES, type SchemaView } from './schemaView.ts';

/**
 * Whether every personal field has a rule, and every field that opens an object the right one. Composition itself checks neither.
 * Returns the faults, each a sentence that says what to do.
 */
export function checkRules(schema: SchemaView): readonly string[] {
  return [
    ...subscriptions(schema),
    ...fieldsWithoutRule(schema),
    ...openingFields(schema),
    ...subjectMarks(schema),
    ...yearArguments(schema),
  ];
}

/** The hub alone knows when something has changed: it follows its own registers, and asks agencies at each event. */
function* subscriptions({ name, objects }: SchemaView): Generator<string> {
  if (name !== 'hub' && objects.has('Subscription')) {
    yield 'Subscription is the hub’s own. Leave the type out: what an agency tells of changes goes through the hub';
  }
}

/** Entry points are what can be reached without passing another field: root fields, and fields of entities. */
function* fieldsWithoutRule({ objects, entities, rules }: SchemaView): Generator<string> {
  for (const [type, fields] of objects) {
    if (!ROOT_TYPES.has(type) && !entities.has(type)) continue;
    const isPerson = rules.personTypes.has(type);
    for (const field of fields) {
      const coordinate = `${type}.${field.name.value}`;
      if (isPerson && field.name.value === 'id') continue;
      if (hasDirective(field, 'external')) continue;
      const own = [rules.rules.get(type), rules.rules.get(coordinate)];
      if (isPerson && !own.some((rule) => rule?.scopes !== undefined)) {
        yield (
          `${coordinate} is a personal field without a scope: no consent and no habilitation would cover it. ` +
          `Add @requiresScopes with the scope that opens it`
        );
      } else if (!own.some(opensSomething)) {
        yield `${coordinate} has no rule and would never be served. Add @requiresScopes, or @authenticated when it holds no personal data`;
      }
    }
  }
}

function opensSomething(rule: AccessRule | undefined): boolean {
  return rule !== undefined && (rule.authenticated || rule.scopes !== undefined || rule.policed === true);
}

/**
 * A field that opens an object whose own fields have scopes needs the OR of them: with less, what a scope opens could not be reached;
 * with more, the agency would be asked for an object of which nothing may be read.
 */
function* openingFields(schema: SchemaView): Generator<string> {
  for (const [type, fields] of schema.objects) {
    for (const field of fields) {
      const behind = schema.objectsBehind(field.type).filter((name) => !schema.rules.personTypes.has(name));
      const inside = behind.flatMap((name) => scopesInside(schema, name));
      if (inside.length === 0) continue;
      const coordinate = `${type}.${field.name.value}`;
      const expected = minimalAlternatives(inside);
      const given = schema.rules.rules.get(coordinate)?.scopes;
      if (given && JSON.stringify(minimalAlternatives(given)) === JSON.stringify(expected)) continue;
      yield (
        `${coordinate} opens ${namedType(field.type)} and must have the OR of the scopes inside, no more and no less. ` +
        `Write @requiresScopes(scopes: ${JSON.stringify(expected)})`
      );
    }
  }
}

/** The scopes by which something of an object may be read: its fields' own rules. Persons inside have rights of their own. */
function scopesInside({ objects, rules }: SchemaView, type: string): Alternatives {
  const ofType = rules.rules.get(type)?.scopes;
  return (objects.get(type) ?? []).flatMap((field: FieldDefinitionNode) => {
    const ofField = rules.rules.get(`${type}.${field.name.value}`)?.scopes;
    if (!ofField || !ofType) return ofField ?? [];
    return ofField.flatMap((one) => ofType.map((other) => [...one, ...other]));
  });
}

function* subjectMarks({ objects, rules, objectsBehind }: SchemaView): Generator<string> {
  for (const [at, { from }] of rules.subjects) {
    if (from === undefined) continue;
    const [type, fieldName] = at.split('.') as [string, string?];
    const marked =
      fieldName === undefined ? undefined : objects.get(type)?.find((field) => field.name.value === fieldName);
    const holders = fieldName === undefined ? [type] : marked ? objectsBehind(marked.type) : [];
    for (const holder of holders) {
      const named = objects.get(holder)?.find((field) => field.name.value === from);
      if (!named || !rules.personTypes.has(namedType(named.type))) {
        yield `${at}: @subject(from: "${from}") must name a field of ${holder} that returns a person (${[...rules.personTypes].join(', ')})`;
      }
    }
  }
}

function* yearArguments({ objects, rules }: SchemaView): Generator<string> {
  for (const [type, fields] of objects) {
    for (const field of fields) {
      const coordinate = `${type}.${field.name.value}`;
      const name = rules.rules.get(coordinate)?.yearArgument;
      if (name === undefined) continue;
      const argument = field.arguments?.find((one) => one.name.value === name);
      if (!argument || namedType(argument.type) !== 'Int') {
        yield `${coordinate}: @scopeByYear(argument: "${name}") must name an Int argument of the field`;
      }
    }
  }
}
