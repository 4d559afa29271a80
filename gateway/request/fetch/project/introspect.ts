import { executeSync, Kind, OperationTypeNode, type FieldNode, type GraphQLSchema } from 'graphql';
import type { Operation, OperationField } from '../../exchange.ts';
import { byPlace, isPresent } from './projectOperation.ts';

/** Answers `__schema` and `__type` from the public schema: JSON text by response key. No agency is asked. */
export function introspect(
  operation: Operation,
  apiSchema: GraphQLSchema,
  variables: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, string> {
  const fields = [...operation.root.byType.values()]
    .flat()
    .filter((field) => field.fieldName === '__schema' || field.fieldName === '__type')
    .filter((field) => isPresent(field.presence, variables));
  if (fields.length === 0) return new Map();
  const { data } = executeSync({
    schema: apiSchema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        {
          kind: Kind.OPERATION_DEFINITION,
          operation: OperationTypeNode.QUERY,
          variableDefinitions: operation.variableDefinitions,
          selectionSet: { kind: Kind.SELECTION_SET, selections: fields.map((field) => toFieldNode(field, variables)) },
        },
      ],
    },
    variableValues: variables,
  });
  return new Map(fields.map((field) => [field.responseKey, JSON.stringify(data?.[field.responseKey] ?? null)]));
}

function toFieldNode(field: OperationField, variables: Readonly<Record<string, unknown>>): FieldNode {
  const below = [...(field.selection?.byType.values() ?? [])]
    .flat()
    .filter(({ presence }) => isPresent(presence, variables))
    .toSorted(byPlace(variables));
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: field.responseKey },
    name: { kind: Kind.NAME, value: field.fieldName },
    arguments: field.arguments,
    ...(field.selection && {
      selectionSet: { kind: Kind.SELECTION_SET, selections: below.map((child) => toFieldNode(child, variables)) },
    }),
  };
}
