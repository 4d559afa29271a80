import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import {
  getNamedType,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { UnionMembers } from './unionMembers.ts';

export interface PlannedOn {
  /** The whole supergraph. */
  readonly schema: GraphQLSchema;
  readonly unionMembers: UnionMembers;
}

/**
 * Gives back what the planner drops (tried with @apollo/query-planner 2.14.4): where a union's object could be had from two agencies
 * and one of them does not know a member, it asks nobody for that member's fields. An agency that is asked for the object anyway, and
 * knows the member, is asked for them too. A restored field takes its arguments and conditions along.
 */
export function restoreMembers(plan: QueryPlan, document: DocumentNode, planned: PlannedOn): QueryPlan {
  const { node } = plan;
  if (planned.unionMembers.membersOf.size === 0 || !node || node.kind === 'Subscription') return plan;
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const operation = document.definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) return plan;
  return { ...plan, node: restoreNode(node, [operation.selectionSet]) };

  function restoreNode(one: PlanNode, wanted: readonly SelectionSetNode[]): PlanNode {
    switch (one.kind) {
      case 'Sequence':
      case 'Parallel':
        return { ...one, nodes: one.nodes.map((child) => restoreNode(child, wanted)) };
      case 'Flatten': {
        const keys = one.path.map(String).filter((key) => /^[A-Za-z_]/.test(key));
        return { ...one, node: restoreNode(one.node, keys.reduce<readonly SelectionSetNode[]>(childrenOf, wanted)) };
      }
      case 'Condition':
        return {
          ...one,
          ...(one.ifClause && { ifClause: restoreNode(one.ifClause, wanted) }),
          ...(one.elseClause && { elseClause: restoreNode(one.elseClause, wanted) }),
        };
      case 'Fetch':
        return restoreFetch(one, wanted);
      default:
        return one;
    }
  }

  function restoreFetch(fetch: FetchNode, wanted: readonly SelectionSetNode[]): FetchNode {
    const own = parse(fetch.operation, { noLocation: true }).definitions[0];
    if (own?.kind !== Kind.OPERATION_DEFINITION) return fetch;
    const root = planned.schema.getRootType(own.operation) ?? undefined;
    const restored = fetch.requires
      ? restoreEntities(own.selectionSet, wanted, fetch.serviceName)
      : restoreSet(own.selectionSet, root, wanted, fetch.serviceName);
    if (restored === own.selectionSet) return fetch;
    const used = new Set(fetch.variableUsages);
    visit(restored, { Variable: ({ name }) => void used.add(name.value) });
    const declared = new Set(own.variableDefinitions?.map(({ variable }) => variable.name.value));
    const added = operation!.variableDefinitions?.filter(
      ({ variable: { name } }) => used.has(name.value) && !declared.has(name.value),
    );
    const variableDefinitions = [...(own.variableDefinitions ?? []), ...(added ?? [])];
    return {
      ...fetch,
      operation: print({ ...own, selectionSet: restored, variableDefinitions }),
      variableUsages: [...used].filter((name) => name !== 'representations'),
    };
  }

  /** `_entities` is of no type of the supergraph; what stands under it names its types. */
  function restoreEntities(
    set: SelectionSetNode,
    wanted: readonly SelectionSetNode[],
    agency: string,
  ): SelectionSetNode {
    return mapSelections(set, (selection) => {
      if (selection.kind !== Kind.FIELD || !selection.selectionSet) return selection;
      return withSet(selection, restoreSet(selection.selectionSet, undefined, wanted, agency));
    });
  }

  function restoreSet(
    set: SelectionSetNode,
    type: GraphQLCompositeType | undefined,
    wanted: readonly SelectionSetNode[],
    agency: string,
  ): SelectionSetNode {
    return mapSelections(set, (selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) return selection;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition && planned.schema.getType(selection.typeCondition.name.value);
        const narrowed = condition ? (condition as GraphQLCompositeType) : type;
        return withSet(selection, restoreSet(selection.selectionSet, narrowed, wanted, agency));
      }
      const fieldType = fieldTypeOf(type, selection);
      const below = childrenOf(wanted, (selection.alias ?? selection.name).value);
      const inner = restoreSet(selection.selectionSet, fieldType, below, agency);
      const missing = isUnionType(fieldType) ? missingMembers(inner, fieldType.name, below, agency) : [];
      return withSet(
        selection,
        missing.length === 0 ? inner : { ...inner, selections: [...inner.selections, ...missing] },
      );
    });
  }

  function missingMembers(
    set: SelectionSetNode,
    union: string,
    wanted: readonly SelectionSetNode[],
    agency: string,
  ): InlineFragmentNode[] {
    const members = [...(planned.unionMembers.membersOf.get(`${agency}|${union}`) ?? [])];
    return members.flatMap((member): InlineFragmentNode[] => {
      const isAsked = set.selections.some(
        (one) => one.kind === Kind.INLINE_FRAGMENT && one.typeCondition?.name.value === member,
      );
      const selections = isAsked
        ? []
        : wanted.flatMap((one) => onMember(one, member)).filter((one) => isLocal(one, member, agency));
      if (selections.length === 0) return [];
      const typeCondition = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: member } } as const;
      return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet: { kind: Kind.SELECTION_SET, selections } }];
    });
  }

  /** What is asked of exactly this member, with the conditions under which it is. */
  function onMember(set: SelectionSetNode, member: string): SelectionNode[] {
    return set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return [];
      const { condition, inner } = fragmentOf(selection);
      if (!inner) return [];
      const found = condition === member ? [...inner.selections] : onMember(inner, member);
      if (found.length === 0 || !selection.directives?.length) return found;
      return [
        {
          kind: Kind.INLINE_FRAGMENT,
          directives: selection.directives,
          selectionSet: { kind: Kind.SELECTION_SET, selections: found },
        },
      ];
    });
  }

  function isLocal(selection: SelectionNode, typeName: string, agency: string): boolean {
    if (selection.kind !== Kind.FIELD) {
      const { condition, inner } = fragmentOf(selection);
      return inner !== undefined && inner.selections.every((one) => isLocal(one, condition ?? typeName, agency));
    }
    if (selection.name.value === '__typename') return true;
    if (!planned.unionMembers.resolves(agency, typeName, selection.name.value)) return false;
    const type = fieldTypeOf(planned.schema.getType(typeName) as GraphQLCompositeType, selection);
    if (!selection.selectionSet) return true;
    return isObjectType(type) && selection.selectionSet.selections.every((one) => isLocal(one, type.name, agency));
  }

  function childrenOf(sets: readonly SelectionSetNode[], key: string): readonly SelectionSetNode[] {
    return sets.flatMap((set) =>
      set.selections.flatMap((selection): readonly SelectionSetNode[] => {
        if (selection.kind === Kind.FIELD) {
          const isIt = (selection.alias ?? selection.name).value === key;
          return isIt && selection.selectionSet ? [selection.selectionSet] : [];
        }
        const { inner } = fragmentOf(selection);
        return inner ? childrenOf([inner], key) : [];
      }),
    );
  }

  function fragmentOf(selection: Exclude<SelectionNode, FieldNode>) {
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return { condition: fragment?.typeCondition?.name.value, inner: fragment?.selectionSet };
  }

  function fieldTypeOf(type: GraphQLCompositeType | undefined, field: FieldNode): GraphQLCompositeType | undefined {
    const definition = type && 'getFields' in type ? type.getFields()[field.name.value] : undefined;
    return definition && (getNamedType(definition.type) as GraphQLCompositeType);
  }
}

/** The same set when nothing in it has changed. */
function mapSelections(set: SelectionSetNode, change: (one: SelectionNode) => SelectionNode): SelectionSetNode {
  const selections = set.selections.map(change);
  return selections.every((one, at) => one === set.selections[at]) ? set : { ...set, selections };
}

function withSet<Of extends FieldNode | InlineFragmentNode>(selection: Of, selectionSet: SelectionSetNode): Of {
  return selection.selectionSet === selectionSet ? selection : { ...selection, selectionSet };
}
