import { Kind, parseValue, visit, type ArgumentNode, type OperationDefinitionNode } from 'graphql';
import type { Stand } from '../plan/lowerRequires.ts';

/** The request as the agency reads it: fields under the planner's own names are asked by theirs, with their arguments, and answered under ours. */
export function withoutStandIns(
  operation: OperationDefinitionNode,
  standIns: ReadonlyMap<string, Stand>,
): OperationDefinitionNode {
  if (standIns.size === 0) return operation;
  return visit(operation, {
    Field(field) {
      const standIn = standIns.get(field.name.value);
      if (!standIn) return undefined;
      return {
        ...field,
        alias: { kind: Kind.NAME, value: field.alias?.value ?? field.name.value },
        name: { kind: Kind.NAME, value: standIn.fieldName },
        arguments: argumentsOf(standIn),
      };
    },
  });
}

function argumentsOf({ argumentsText }: Stand): readonly ArgumentNode[] {
  const value = parseValue(`{${argumentsText.slice(1, -1)}}`, { noLocation: true });
  if (value.kind !== Kind.OBJECT) return [];
  return value.fields.map((field) => ({ kind: Kind.ARGUMENT, name: field.name, value: field.value }));
}
