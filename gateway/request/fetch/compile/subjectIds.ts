import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isInputObjectType,
  isInputType,
  isListType,
  Kind,
  parseType,
  print,
  TypeInfo,
  typeFromAST,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLSchema,
  type ValueNode,
  type VariableDefinitionNode,
  type VariableNode,
} from 'graphql';
import { freeName, variableNames } from './freeVariables.ts';

/** Agency's reference for a service's; throws UnknownSubject. */
export type TranslateId = (reference: string) => string;

/** Thrown when an argument names a person whom this service does not know. */
export class UnknownSubject extends Error {
  override readonly name = 'UnknownSubject';
}

/** Where the value of one variable of an agency's request comes from. */
export type VariableSource = (
  variables: Readonly<Record<string, unknown>>,
  translate: TranslateId | undefined,
) => unknown;

export interface HoistedDocument {
  readonly document: DocumentNode;
  /** Variables that hold somebody's reference, as they are written or somewhere inside. All others pass as they came. */
  readonly sources: ReadonlyMap<string, VariableSource>;
}

/**
 * Turns every argument and input field marked `@subjectId` into a variable of its own, since each agency is told another
 * reference. `subjectIds` holds `Type.field(argument:)` and `InputType.field`.
 */
export function hoistSubjectIds(
  document: DocumentNode,
  apiSchema: GraphQLSchema,
  subjectIds: ReadonlySet<string>,
): HoistedDocument {
  const sources = new Map<string, VariableSource>();
  if (subjectIds.size === 0) return { document, sources };
  const typeInfo = new TypeInfo(apiSchema);
  const definitions: VariableDefinitionNode[] = [];
  const hoistedByText = new Map<string, VariableNode>();
  const taken = variableNames(document);

  /** One value is one variable: a field that stands in two fragments is still the same field with the same arguments. */
  function hoist(value: ValueNode, type: GraphQLInputType): VariableNode {
    const text = `${String(type)} ${print(value)}`;
    const known = hoistedByText.get(text);
    if (known) return known;
    const name = freeName(`subject_${sources.size}`, taken);
    sources.set(name, (variables, translate) =>
      translateIds(valueFromASTUntyped(value, variables), getNullableType(type), true, subjectIds, translate),
    );
    const variable: VariableNode = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } };
    definitions.push({ kind: Kind.VARIABLE_DEFINITION, variable, type: parseType(String(type)) });
    hoistedByText.set(text, variable);
    return variable;
  }

  const hoisted = visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Argument(argument) {
        const definition = typeInfo.getArgument();
        const place = `${typeInfo.getFieldDef()?.name}(${argument.name.value}:)`;
        const marked = declaring(typeInfo.getParentType(), apiSchema).some((type) =>
          subjectIds.has(`${type}.${place}`),
        );
        if (!definition || !marked) return undefined;
        return { ...argument, value: hoist(argument.value, definition.type) };
      },
      ObjectField(field) {
        const parent = getNamedType(typeInfo.getParentInputType());
        if (!isInputObjectType(parent) || !subjectIds.has(`${parent.name}.${field.name.value}`)) return undefined;
        return { ...field, value: hoist(field.value, parent.getFields()[field.name.value]!.type) };
      },
    }),
  );

  return {
    document: visit(hoisted, {
      OperationDefinition(operation) {
        for (const definition of operation.variableDefinitions ?? []) {
          const type = typeFromAST(apiSchema, definition.type);
          const name = definition.variable.name.value;
          if (!isInputType(type) || !holdsIds(type, subjectIds, new Set())) continue;
          sources.set(name, (variables, translate) =>
            translateIds(variables[name], type, false, subjectIds, translate),
          );
        }
        return { ...operation, variableDefinitions: [...(operation.variableDefinitions ?? []), ...definitions] };
      },
    }),
    sources,
  };
}

/** Names of the types whose marks count for a field asked on `type`: through an interface every type that may stand there, and the interfaces of each. */
function declaring(type: GraphQLCompositeType | null | undefined, schema: GraphQLSchema): readonly string[] {
  if (!type) return [];
  const concrete = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  return [type.name, ...concrete.flatMap((each) => [each.name, ...each.getInterfaces().map(({ name }) => name)])];
}

function translateIds(
  value: unknown,
  type: GraphQLInputType,
  isId: boolean,
  subjectIds: ReadonlySet<string>,
  translate: TranslateId | undefined,
): unknown {
  if (value === null || value === undefined || !translate) return value;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const elements = Array.isArray(value) ? value : [value];
    return elements.map((element) => translateIds(element, nullable.ofType, isId, subjectIds, translate));
  }
  if (isInputObjectType(nullable)) {
    const fields = nullable.getFields();
    return Object.fromEntries(
      Object.entries(value as Readonly<Record<string, unknown>>).map(([name, held]) => {
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
        const marked = subjectIds.has(`${nullable.name}.${name}`);
        return [name, field ? translateIds(held, field.type, marked, subjectIds, translate) : held];
      }),
    );
  }
  return isId ? translate(String(value)) : value;
}

function holdsIds(type: GraphQLInputType, subjectIds: ReadonlySet<string>, seen: Set<string>): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named) || seen.has(named.name)) return false;
  seen.add(named.name);
  return Object.values(named.getFields()).some(
    (field) => subjectIds.has(`${named.name}.${field.name}`) || holdsIds(field.type, subjectIds, seen),
  );
}
