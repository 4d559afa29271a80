/** Type of a generated field: a named type under some lists; `nonNull` from the outermost to the named type. */
export interface TypeRef {
  readonly named: string;
  readonly nonNull: readonly boolean[];
}

export interface FieldModel {
  readonly name: string;
  readonly type: TypeRef;
  readonly hasArgument: boolean;
  /** Agencies that resolve it. */
  readonly agencies: readonly number[];
  /** Field set of `@requires`: names of fields of another agency. */
  readonly requires: readonly string[];
}

export type AlternativeKey = 'code' | 'ref { a b }' | 'id code';

export interface EntityModel {
  readonly name: string;
  readonly owner: number;
  /** Other agencies that know it, and by which key. */
  readonly others: ReadonlyMap<number, 'id' | AlternativeKey>;
  readonly alternative: AlternativeKey | undefined;
  readonly fields: FieldModel[];
}

export interface AbstractModel {
  readonly name: string;
  readonly kind: 'interface' | 'union';
  readonly agency: number;
  readonly members: readonly string[];
  /** Agency that holds the interface as one object. */
  readonly objectIn: number | undefined;
}

export const SCALARS = ['Int', 'String', 'Float', 'Boolean', 'ID', 'Color'] as const;
