import {
  isAbstractType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type InlineFragmentNode,
} from 'graphql';
import { TYPENAME, type Model } from './model.ts';

/** The operation with every `__typename` asked as a field of each concrete type that may stand there. */
export function withJudgedTypename({ schema }: Model, document: DocumentNode): DocumentNode {
  const typeInfo = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node): FieldNode | InlineFragmentNode | undefined {
        const parent = typeInfo.getParentType();
        if (node.name.value !== '__typename' || !parent) return undefined;
        const name = { kind: Kind.NAME, value: TYPENAME } as const;
        const asked: FieldNode = { ...node, alias: node.alias ?? node.name, name };
        if (isObjectType(parent)) return asked;
        const types = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [];
        return {
          kind: Kind.INLINE_FRAGMENT,
          selectionSet: {
            kind: Kind.SELECTION_SET,
            selections: types.map((type) => ({
              kind: Kind.INLINE_FRAGMENT,
              typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } },
              selectionSet: { kind: Kind.SELECTION_SET, selections: [asked] },
            })),
          },
        };
      },
    }),
  );
}
