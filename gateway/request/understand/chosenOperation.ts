import { Kind, visit, type DocumentNode, type FragmentDefinitionNode, type OperationDefinitionNode } from 'graphql';
import { HubError } from '../../platform/errors.ts';

/**
 * The one operation that is judged and run. Throws HUB_OPERATION_NAME_UNKNOWN when the name is wrong, missing where there are
 * several, or carried by more than one.
 */
export function chooseOperation(document: DocumentNode, operationName: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const candidates =
    operationName === undefined
      ? operations
      : operations.filter((definition) => definition.name?.value === operationName);
  if (candidates.length !== 1) throw new HubError('HUB_OPERATION_NAME_UNKNOWN');
  return candidates[0]!;
}

/** The chosen operation and the fragments it reaches, in the document's order: nothing else may be planned. */
export function usedDefinitions(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const used = new Set<FragmentDefinitionNode>();
  const toVisit: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  for (let next = toVisit.pop(); next; next = toVisit.pop()) {
    visit(next, {
      FragmentSpread(spread) {
        const fragment = fragments.get(spread.name.value);
        if (!fragment || used.has(fragment)) return;
        used.add(fragment);
        toVisit.push(fragment);
      },
    });
  }
  const definitions = document.definitions.filter(
    (definition) => definition === operation || used.has(definition as FragmentDefinitionNode),
  );
  return definitions.length === document.definitions.length ? document : { kind: Kind.DOCUMENT, definitions };
}
