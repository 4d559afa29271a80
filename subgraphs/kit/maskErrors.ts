import type { GraphQLError } from 'graphql';
import { AgencyError } from './errors.ts';
import { describeDefect, type KitLog } from './log.ts';

/** An entry of an agency's `errors`. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

/** Lets an error of another room's catalogue out under its own code; undefined = it is a defect. */
export type ExposeError = (thrown: unknown) => Omit<AnswerError, 'path'> | undefined;

/** Errors on purpose keep their code; all others become one text, and their class and place go to the log, without values. */
export function maskErrors(
  errors: readonly GraphQLError[],
  { log, requestId, expose }: { log: KitLog; requestId: string | undefined; expose: ExposeError | undefined },
): readonly AnswerError[] {
  return errors.map(({ originalError, path }) => {
    const shown = exposeAgencyError(originalError) ?? expose?.(originalError);
    if (!shown) log.error({ requestId, field: fieldNames(path), ...describeDefect(originalError) }, 'resolver failed');
    return { ...(shown ?? INTERNAL), ...(path && { path }) };
  });
}

export const INTERNAL = { message: 'Internal error', extensions: { code: 'AGENCY_INTERNAL' } } as const;

function exposeAgencyError(thrown: unknown): Omit<AnswerError, 'path'> | undefined {
  if (!(thrown instanceof AgencyError)) return undefined;
  return { message: thrown.message, extensions: { ...thrown.extensions, code: thrown.code } };
}

/** Without list positions, and response keys only as long as names are: a path tells where, not what. */
function fieldNames(path: GraphQLError['path']): string {
  return (path ?? []).filter((step) => typeof step === 'string').join('.');
}
