import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { FetchDataRewrite } from '@apollo/query-planner';
import { compileLeaf, type Leaf } from './leaf.ts';
import type { Place } from './place.ts';

/** How one key of an agency's object is taken into the data tree. */
export interface FieldReader {
  /** Key in the agency's answer, and as it stands in the answer's text. */
  readonly key: string;
  readonly keyText: string;
  readonly slot: number;
  /** The key must be there: it was asked for without condition. */
  readonly required: boolean;
  /** The key is a property of every object (`constructor`), so that only an own one counts. */
  readonly inherited: boolean;
  /** Number of lists around the value. */
  readonly listDepth: number;
  /** The `id` of a person: a reference on the way in, a subject in the tree. */
  readonly isPersonId: boolean;
  /** A key of the entity, so that a value other than the one asked about is a wrong answer. */
  readonly isKey: boolean;
  /** Computed from what other agencies gave (`@requires`). */
  readonly isComputed: boolean;
  /** One of the two is there: a leaf, or objects. */
  readonly leaf: Leaf | undefined;
  readonly object: ObjectReader | undefined;
}

/** Reads the objects of one selection of one fetch into the nodes of one place. */
export interface ObjectReader {
  readonly place: Place;
  /** Concrete type when the declared one is an object type; undefined when the answer or the node has to tell. */
  readonly staticType: string | undefined;
  /** What is read of an object of that type; undefined when it cannot stand here. */
  fieldsOf(type: string | undefined): readonly FieldReader[] | undefined;
  readonly asksTypename: boolean;
  /** The whole object as one expression, a group per field of `fieldsOf`; undefined where it holds more than plain leaves. */
  patternOf(type: string): RegExp | undefined;
  isPossible(typename: string): boolean;
  isConcrete(typename: string): boolean;
  /** Whether `typename` is a type of the interface or union `abstract`. */
  narrows(abstract: string, typename: string): boolean;
}

export interface ReaderContext {
  readonly schema: GraphQLSchema;
  readonly personTypes: ReadonlySet<string>;
  /** Plain key fields of a type in the agency that is read. */
  keysOf(type: string): ReadonlySet<string> | undefined;
  isComputed(type: string, field: string): boolean;
  /** Variables in a field's arguments that may name somebody. */
  namingOf(field: FieldNode): readonly string[];
  readonly fetchIndex: number;
}

/** A selection set that counts at a position; `certain` when all of it is there as soon as the object is. */
export interface Source {
  readonly selectionSet: SelectionSetNode;
  readonly certain: boolean;
}

/** `declaredType`: name of the selection's type; undefined for `_entities`, where the node tells. */
export function compileObjectReader(
  sources: readonly Source[],
  declaredType: string | undefined,
  place: Place,
  rewrites: readonly FetchDataRewrite[],
  context: ReaderContext,
): ObjectReader {
  const { schema } = context;
  const declared = declaredType === undefined ? undefined : schema.getType(declaredType);
  const patterns = new Map<string, RegExp | undefined>();
  const byType = new Map<string | undefined, readonly FieldReader[] | undefined>();
  const selectionSets = sources.map((source) => source.selectionSet);
  reserve(selectionSets, place, rewrites, context);

  function isPossible(typename: string): boolean {
    const type = schema.getType(typename);
    if (!isObjectType(type) && !isInterfaceType(type)) return false;
    if (!declared || declared === type) return true;
    if (isAbstractType(declared)) return schema.isSubType(declared, type);
    // An agency that holds an interface as one object (`@interfaceObject`) names the interface.
    return isInterfaceType(type) && isObjectType(declared) && schema.isSubType(type, declared);
  }

  return {
    place,
    staticType: isObjectType(declared) ? declared.name : undefined,
    asksTypename: selectionSets.some(selectsTypename),
    patternOf(type) {
      if (patterns.has(type)) return patterns.get(type);
      const pattern = compilePattern(this.fieldsOf(type), type);
      patterns.set(type, pattern);
      return pattern;
    },
    isPossible,
    isConcrete: (typename) => isObjectType(schema.getType(typename)),
    narrows: (abstract, typename) => isOfType(schema, typename, abstract),
    fieldsOf(type) {
      const name = type ?? declaredType;
      if (byType.has(name)) return byType.get(name);
      const fields = name === undefined ? undefined : compileFields(sources, name, place, rewrites, context);
      byType.set(name, fields);
      return fields;
    },
  };
}

/** Captures beyond this make the expression slower than reading field by field. */
const MAX_PATTERN_FIELDS = 60;

function compilePattern(fields: readonly FieldReader[] | undefined, type: string): RegExp | undefined {
  if (!fields || fields.length === 0 || fields.length > MAX_PATTERN_FIELDS) return undefined;
  const parts: string[] = [];
  for (const { leaf, listDepth: depth, required, isPersonId, keyText } of fields) {
    if (!leaf || depth > 0 || !required || isPersonId) return undefined;
    parts.push(`${keyText}(${leaf.pattern}|null)`);
  }
  return new RegExp(`\\{(?:"__typename":"${type}",)?${parts.join(',')}\\}`, 'y');
}

interface Found {
  readonly name: string;
  required: boolean;
  readonly sources: Source[];
}

function compileFields(
  sources: readonly Source[],
  typeName: string,
  place: Place,
  rewrites: readonly FetchDataRewrite[],
  context: ReaderContext,
): readonly FieldReader[] {
  const found = new Map<string, Found>();
  for (const { selectionSet, certain } of sources) collect(selectionSet, typeName, certain, context.schema, found);
  const active = rewrites.flatMap((rewrite) => enterType(rewrite, typeName, context.schema) ?? []);

  return [...found].map(([key, field]): FieldReader => {
    const here = active.filter((rewrite) => rewrite.path[0] === key);
    const renamed = here.find((rewrite) => rewrite.kind === 'KeyRenamer' && rewrite.path.length === 1);
    const dataKey = renamed?.kind === 'KeyRenamer' ? renamed.renameKeyTo : key;
    const type = fieldType(context.schema, typeName, field.name);
    const named = getNamedType(type);
    const below = here
      .filter((rewrite) => rewrite.path.length > 1)
      .map((rewrite) => ({ ...rewrite, path: rewrite.path.slice(1) }));
    return {
      key,
      keyText: `"${key}":`,
      slot: place.slot(dataKey),
      required: field.required,
      inherited: key in Object.prototype,
      listDepth: listDepth(type),
      isPersonId: field.name === 'id' && context.personTypes.has(typeName),
      isKey: context.keysOf(typeName)?.has(field.name) === true && !isCompositeType(named),
      isComputed: context.isComputed(typeName, field.name),
      leaf: isCompositeType(named) ? undefined : compileLeaf(named),
      object: isCompositeType(named)
        ? compileObjectReader(sourcesBelow(field), named.name, place.child(dataKey), below, context)
        : undefined,
    };
  });
}

function collect(
  selectionSet: SelectionSetNode,
  typeName: string,
  required: boolean,
  schema: GraphQLSchema,
  found: Map<string, Found>,
): void {
  for (const selection of selectionSet.selections) {
    const certain = required && !selection.directives?.length;
    if (selection.kind === Kind.FIELD) {
      const name = selection.name.value;
      if (name === '__typename') continue;
      const key = selection.alias?.value ?? name;
      const field = found.get(key) ?? { name, required: false, sources: [] };
      field.required ||= certain;
      if (selection.selectionSet) field.sources.push({ selectionSet: selection.selectionSet, certain });
      found.set(key, field);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      if (condition !== undefined && !isOfType(schema, typeName, condition)) continue;
      // Whether an agency counts a type into an interface or union is its own affair: then the key may be missing.
      collect(selection.selectionSet, typeName, certain && (!condition || condition === typeName), schema, found);
    } else {
      throw new TypeError(`fragment ${selection.name.value}: plans are made without named fragments`);
    }
  }
}

/** Of a field that was asked for twice, once under a condition, that once may lack what is below it. */
function sourcesBelow({ sources }: Found): readonly Source[] {
  return sources.length === 1 ? [{ ...sources[0]!, certain: true }] : sources;
}

/** Reserves slots and notes the writer for every key this selection may write, whatever the type. */
function reserve(
  selectionSets: readonly SelectionSetNode[],
  place: Place,
  rewrites: readonly FetchDataRewrite[],
  context: Pick<ReaderContext, 'fetchIndex' | 'namingOf'>,
): void {
  const { fetchIndex, namingOf } = context;
  for (const { selections } of selectionSets) {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        reserve([selection.selectionSet], place, rewrites, context);
        continue;
      }
      if (selection.kind !== Kind.FIELD) continue;
      if (selection.name.value === '__typename') {
        place.addWriter('__typename', fetchIndex);
        continue;
      }
      const key = selection.alias?.value ?? selection.name.value;
      const bare = rewrites.map((rewrite) => ({ ...rewrite, path: rewrite.path.filter((part) => !isCondition(part)) }));
      const here = bare.filter((rewrite) => rewrite.path[0] === key);
      const keys = [key];
      for (const rewrite of here) {
        if (rewrite.kind === 'KeyRenamer' && rewrite.path.length === 1) keys.push(rewrite.renameKeyTo);
      }
      const below = here.map((rewrite) => ({ ...rewrite, path: rewrite.path.slice(1) }));
      for (const dataKey of keys) {
        place.slot(dataKey);
        place.addWriter(dataKey, fetchIndex);
        for (const name of namingOf(selection)) place.addNaming(dataKey, fetchIndex, name);
        if (selection.selectionSet) reserve([selection.selectionSet], place.child(dataKey), below, context);
      }
    }
  }
}

const CONDITION_PREFIX = '... on ';

function isCondition(part: string): boolean {
  return part.startsWith(CONDITION_PREFIX);
}

/** The rewrite as it stands inside an object of that type; undefined when it does not concern it. */
export function enterType<Rewrite extends FetchDataRewrite>(
  rewrite: Rewrite,
  typeName: string,
  schema: GraphQLSchema,
): Rewrite | undefined {
  let path = rewrite.path;
  while (path[0] !== undefined && isCondition(path[0])) {
    if (!isOfType(schema, typeName, path[0].slice(CONDITION_PREFIX.length))) return undefined;
    path = path.slice(1);
  }
  return { ...rewrite, path };
}

/** Whether `typeName` is `condition`, or one of its types. */
export function isOfType(schema: GraphQLSchema, typeName: string, condition: string): boolean {
  if (typeName === condition) return true;
  const type = schema.getType(typeName);
  const abstract = schema.getType(condition);
  if (!isAbstractType(abstract)) return false;
  return (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(abstract, type);
}

/** Type of a field of the supergraph; throws a TypeError when there is no such field, which a plan cannot ask for. */
export function fieldType(schema: GraphQLSchema, typeName: string, fieldName: string): GraphQLOutputType {
  const type = schema.getType(typeName);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
  if (!field) throw new TypeError(`plan: no field ${typeName}.${fieldName} in the supergraph`);
  return field.type;
}

/** Number of lists around a type. */
export function listDepth(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listDepth(type.ofType);
  return isListType(type) ? 1 + listDepth(type.ofType) : 0;
}

function selectsTypename(selectionSet: SelectionSetNode): boolean {
  return selectionSet.selections.some((selection) =>
    selection.kind === Kind.FIELD
      ? selection.name.value === '__typename'
      : selection.kind === Kind.INLINE_FRAGMENT && selectsTypename(selection.selectionSet),
  );
}
