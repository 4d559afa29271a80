import { isEnumType, isScalarType, specifiedScalarTypes, type GraphQLNamedType } from 'graphql';
import {
  BOOLEAN_PATTERN,
  FLOAT_PATTERN,
  INT_PATTERN,
  scanBoolean,
  scanFloat,
  scanInt,
  scanPlain,
  scanString,
  STRING_PATTERN,
} from '../merge/scanLeaf.ts';

/** How values of one leaf type become JSON text: in the data tree a leaf is the text that the reply will hold. */
export interface Leaf {
  /** Text of a parsed value other than null; undefined when it is not a value of the type. */
  toText(value: unknown): string | undefined;
  /** Where the value that begins at `at` ends, when its text may stand in the reply as it is; -1 when it has to be parsed. */
  scan(text: string, at: number): number;
  /** Regular expression of what `scan` accepts. */
  readonly pattern: string;
}

// Characters that a JSON string may hold as they are (RFC 8259, section 7); lone surrogates are escaped as JSON.stringify does.
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;
const PLAIN_PATTERN = `${STRING_PATTERN}|${FLOAT_PATTERN}|${BOOLEAN_PATTERN}`;
const MAX_INT = 2_147_483_647;

/** A JSON string; a regular expression and a join cost half of JSON.stringify on the short texts of a reply. */
export function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** Checks as `Result Coercion` of the GraphQL specification asks (October 2021, section 3.5); a scalar of our own passes as it is. */
export function compileLeaf(type: GraphQLNamedType): Leaf {
  if (isEnumType(type)) {
    const texts = new Set(type.getValues().map((value) => `"${value.name}"`));
    return {
      toText: (value) => (typeof value === 'string' && texts.has(`"${value}"`) ? `"${value}"` : undefined),
      scan(text, at) {
        const end = scanString(text, at);
        return end > 0 && texts.has(text.slice(at, end)) ? end : -1;
      },
      pattern: [...texts].join('|'),
    };
  }
  if (!isScalarType(type) || !specifiedScalarTypes.some((scalar) => scalar.name === type.name)) {
    return { toText: (value) => JSON.stringify(value), scan: scanPlain, pattern: PLAIN_PATTERN };
  }
  switch (type.name) {
    case 'String':
      return {
        toText: (value) => (typeof value === 'string' ? quote(value) : undefined),
        scan: scanString,
        pattern: STRING_PATTERN,
      };
    case 'ID':
      return { toText: idText, scan: scanString, pattern: STRING_PATTERN };
    case 'Int':
      return { toText: intText, scan: scanInt, pattern: INT_PATTERN };
    case 'Float':
      return {
        toText: (value) => (typeof value === 'number' ? String(value) : undefined),
        scan: scanFloat,
        pattern: FLOAT_PATTERN,
      };
    default:
      return {
        toText: (value) => (typeof value === 'boolean' ? String(value) : undefined),
        scan: scanBoolean,
        pattern: BOOLEAN_PATTERN,
      };
  }
}

function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return quote(value);
  return Number.isInteger(value) ? `"${String(value)}"` : undefined;
}

function intText(value: unknown): string | undefined {
  return Number.isInteger(value) && Math.abs(value as number) <= MAX_INT + 1 && value !== MAX_INT + 1
    ? String(value)
    : undefined;
}
