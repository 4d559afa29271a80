import { getVariableValues, Kind, type GraphQLSchema } from 'graphql';
import { HubError } from '../../platform/errors.ts';
import type { Operation } from '../exchange.ts';

const NONE: Readonly<Record<string, unknown>> = Object.freeze({});

/**
 * The variables that the operation defines, coerced to their types, defaults filled in; others are left out.
 * Throws HUB_OPERATION_VARIABLES_INVALID with the names of those that do not fit, never with a value.
 */
export function coerceVariables(
  operation: Operation,
  schema: GraphQLSchema,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (operation.variableDefinitions.length === 0) return NONE;
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions, variables, { maxErrors: 10 });
  if (coerced) return coerced;
  const faulty = errors.flatMap((error) => error.nodes ?? []).filter((node) => node.kind === Kind.VARIABLE_DEFINITION);
  throw new HubError('HUB_OPERATION_VARIABLES_INVALID', {
    extensions: {
      variables: [...new Set(faulty.map((node) => node.variable.name.value))],
      locations: errors[0]?.locations ?? [],
    },
  });
}
