import { GraphQLError, Kind, parse, visit, type DocumentNode } from 'graphql';
import { HubError } from '../../platform/errors.ts';
import { tooComplex, type OperationLimits } from './limits.ts';

/**
 * Parses a document, whose size in bytes the receive step has bounded.
 *
 * Throws HUB_OPERATION_SYNTAX with `locations` (the parser's own text quotes what it found, which may be somebody's number),
 * HUB_OPERATION_TOO_COMPLEX beyond `limits.tokens`, HUB_OPERATION_INVALID for a name that could poison an object. It is not valid yet.
 */
export function parseDocument(text: string, limits: OperationLimits): DocumentNode {
  const document = parseWithin(text, limits);
  refusePoisonousNames(document);
  return document;
}

function parseWithin(text: string, limits: OperationLimits): DocumentNode {
  try {
    return parse(text, { maxTokens: limits.tokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.message.endsWith('Parsing aborted.')) throw tooComplex('tokens', limits);
    throw new HubError('HUB_OPERATION_SYNTAX', { extensions: { locations: error.locations ?? [] } });
  }
}

/** `__proto__` as response key or variable (GHSA-pfjj-6f4p-rvmh); `__typename` as the key of anything else, which would lie about a type. */
function refusePoisonousNames(document: DocumentNode): void {
  visit(document, {
    [Kind.FIELD](field) {
      const key = field.alias?.value;
      if (key === '__proto__' || (key === '__typename' && field.name.value !== '__typename')) throw reservedName();
    },
    [Kind.VARIABLE](variable) {
      if (variable.name.value === '__proto__') throw reservedName();
    },
  });
}

function reservedName(): HubError {
  return new HubError('HUB_OPERATION_INVALID', { extensions: { problem: 'reserved name' } });
}
