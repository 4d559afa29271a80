import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  type GraphQLInputType,
  type GraphQLNamedInputType,
} from 'graphql';
import { bothRules } from '../../platform/graph/accessRule.ts';
import type { AccessRule, Graph, OperationField } from '../exchange.ts';

/** What a field asks of whoever reads it, types and fields multiplied. */
export interface FieldNeed {
  /** Undefined = nothing at all is asked. */
  readonly rule: AccessRule | undefined;
  /** Whether something opens the field: a minimum acr alone narrows and opens nothing. */
  readonly opens: boolean;
}

export type FieldNeeds = (field: OperationField) => FieldNeed;

/**
 * Rule of a field = its own x that of the type it stands on x that of the type it returns x those of the enums and scalars in the
 * arguments it is given. Interfaces and unions have no say: their fields are judged on each concrete type. The last factor is ours, not
 * Apollo's: to filter or to sort by a thing is to read it, so a protected enum or scalar protects what it is handed to.
 */
export function createFieldNeeds(graph: Graph): FieldNeeds {
  const known = new Map<string, FieldNeed>();
  return (field) => {
    const given = field.arguments.map((argument) => argument.name.value).sort();
    const key = `${field.coordinate}(${given.join()})`;
    const found = known.get(key);
    if (found) return found;
    const need = toNeed(ruleOf(graph, field, given));
    known.set(key, need);
    return need;
  };
}

function ruleOf(graph: Graph, field: OperationField, given: readonly string[]): AccessRule | undefined {
  const { ofType, ofField } = graph.rules;
  const returned = getNamedType(field.type);
  const counted = isObjectType(returned) || isEnumType(returned) || isScalarType(returned);
  const factors = [
    ofType.get(field.parentType),
    ofField.get(field.coordinate),
    counted ? ofType.get(returned.name) : undefined,
    ...given.flatMap((name) => inputRules(graph, field, name)),
  ];
  return factors.reduce<AccessRule | undefined>(
    (all, one) => (all && one ? bothRules(all, one) : (all ?? one)),
    undefined,
  );
}

function inputRules(graph: Graph, field: OperationField, argumentName: string): readonly (AccessRule | undefined)[] {
  const parent = graph.apiSchema.getType(field.parentType);
  const definition = isObjectType(parent) ? parent.getFields()[field.fieldName] : undefined;
  const type = definition?.args.find((argument) => argument.name === argumentName)?.type;
  return type ? [...inputTypes(type)].map((one) => graph.rules.ofType.get(one.name)) : [];
}

/** The named types that a value of `type` may hold, input objects opened. */
function inputTypes(type: GraphQLInputType, seen = new Set<GraphQLNamedInputType>()): Set<GraphQLNamedInputType> {
  const named = getNamedType(type);
  if (seen.has(named)) return seen;
  seen.add(named);
  if (isInputObjectType(named)) for (const field of Object.values(named.getFields())) inputTypes(field.type, seen);
  return seen;
}

function toNeed(rule: AccessRule | undefined): FieldNeed {
  return {
    rule,
    opens: rule !== undefined && (rule.authenticated || rule.scopes !== undefined || rule.policies !== undefined),
  };
}
