import {
  GraphQLError,
  specifiedRules,
  validate,
  ValuesOfCorrectTypeRule,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { HubError } from '../../platform/errors.ts';

/** Enough to mend an operation by; more would be work for whoever sends garbage. */
const MAX_PROBLEMS = 10;

const RULES: readonly ValidationRule[] = specifiedRules.map((rule) =>
  rule === ValuesOfCorrectTypeRule ? valuesWithoutEcho : rule,
);

/**
 * Validates against the public schema. Throws HUB_OPERATION_INVALID with `problems: [{ message, locations }]`, whose messages hold
 * names of the operation and of the public schema, but no suggestion and no value.
 */
export function validateDocument(document: DocumentNode, schema: GraphQLSchema): void {
  const errors = problemsOf(document, schema);
  if (errors.length === 0) return;
  const problems = errors.map((error) => ({ message: error.message, locations: error.locations ?? [] }));
  throw new HubError('HUB_OPERATION_INVALID', { extensions: { problems, locations: problems[0]!.locations } });
}

/**
 * graphql-js 16.15 looks for a subscription's one root field with the operation's conditions evaluated, and throws where a variable decides
 * (GraphQL, 5.2.3.1: a root field may have no `@skip` or `@include`).
 */
function problemsOf(document: DocumentNode, schema: GraphQLSchema): readonly GraphQLError[] {
  try {
    return validate(schema, document, RULES, { hideSuggestions: true, maxErrors: MAX_PROBLEMS });
  } catch (thrown) {
    if (!(thrown instanceof GraphQLError)) throw thrown;
    const message = 'The root field of a subscription may not depend on a variable.';
    return [new GraphQLError(message, { nodes: thrown.nodes ?? null })];
  }
}

/** graphql-js quotes a literal that does not fit its type; it may be somebody's number. */
function valuesWithoutEcho(context: ValidationContext): ReturnType<ValidationRule> {
  const quiet = Object.create(context) as ValidationContext;
  quiet.reportError = ({ nodes }) =>
    context.reportError(new GraphQLError('A value does not fit the type expected here.', { nodes: nodes ?? null }));
  return ValuesOfCorrectTypeRule(quiet);
}
