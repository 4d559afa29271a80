import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionNode,
} from 'graphql';
import type { DataKeys } from './dataKeys.ts';
import type { SupergraphFacts } from '../plan/supergraphFacts.ts';

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
const ID: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'id' } };

/**
 * The narrowed document as it is planned: data keys instead of aliases, `__typename` wherever the type is open, and the `id` of
 * every person, so that the engine knows whose data it carries.
 */
export function toPlanningDocument(
  narrowed: DocumentNode,
  known: {
    readonly apiSchema: GraphQLSchema;
    readonly personTypes: ReadonlySet<string>;
    readonly facts: SupergraphFacts;
    readonly dataKeys: DataKeys;
  },
): DocumentNode {
  const { apiSchema, personTypes, facts, dataKeys } = known;
  const typeInfo = new TypeInfo(apiSchema);

  // An interface that some agency holds as one object (`@interfaceObject`) gets no `__typename` of ours: it would force a fetch
  // that the operation does not need, and that may be impossible.
  function addedTo(type: GraphQLNamedType | null | undefined): SelectionNode[] {
    if (isObjectType(type)) return personTypes.has(type.name) ? [ID] : [];
    if (!isAbstractType(type) || (isInterfaceType(type) && facts.interfaceObjects.has(type.name))) return [];
    const persons = apiSchema.getPossibleTypes(type).filter((possible) => personTypes.has(possible.name));
    return [TYPENAME, ...persons.map((person) => onType(person.name, ID))];
  }

  return visit(
    narrowed,
    visitWithTypeInfo(typeInfo, {
      // Of a client's directives the planner knows these two; no other goes to an agency.
      Directive: ({ name }) => (name.value === 'include' || name.value === 'skip' ? undefined : null),
      // A client's name of an operation says nothing to an agency; without it the same selection is the same request.
      OperationDefinition: (operation) => ({ ...operation, name: undefined }),
      Field: {
        leave(field) {
          const key = dataKeys.keyOf({
            responseKey: field.alias?.value ?? field.name.value,
            fieldName: field.name.value,
            hasArguments: (field.arguments ?? []).length > 0,
          });
          const alias = key === field.name.value ? undefined : { kind: Kind.NAME, value: key };
          if (!field.selectionSet) return { ...field, alias };
          const type = getNamedType(typeInfo.getType());
          const below = field.selectionSet.selections;
          const added = addedTo(type);
          // An object of which conditions may leave nothing is still an object, and the planner (2.14) would not ask for it.
          const isHollow =
            isObjectType(type) && added.length === 0 && below.every((each) => isConditional(each, narrowed));
          const selections = [...(isHollow ? [TYPENAME] : added), ...below];
          return { ...field, alias, selectionSet: { ...field.selectionSet, selections } };
        },
      },
    }),
  );
}

function isConditional(selection: SelectionNode, document: DocumentNode): boolean {
  if (selection.directives?.some(({ name }) => name.value === 'include' || name.value === 'skip')) return true;
  if (selection.kind === Kind.FIELD) return false;
  const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(document, selection.name.value);
  return fragment?.selectionSet.selections.every((each) => isConditional(each, document)) ?? false;
}

function fragmentOf(document: DocumentNode, name: string): FragmentDefinitionNode | undefined {
  return document.definitions.find(
    (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
  ) as FragmentDefinitionNode | undefined;
}

function onType(name: string, selection: SelectionNode): SelectionNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
    selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] },
  };
}
