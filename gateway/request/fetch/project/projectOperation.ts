import type { GraphQLSchema } from 'graphql';
import type { GraphRules, Judgement, OperationField, Presence } from '../../exchange.ts';
import type { DataKeys } from '../compile/dataKeys.ts';
import type { DataNode, Place } from '../compile/place.ts';
import { compileSelection } from './projectObject.ts';
import type { Projection } from './projection.ts';

/** What all writers of one program are compiled with. */
export interface ProjectContext {
  readonly judgement: Judgement;
  readonly apiSchema: GraphQLSchema;
  readonly personTypes: GraphRules['personTypes'];
  /** Types with a rule of their own: under an interface or a union to tell the type is to tell something. */
  readonly ruledTypes: GraphRules['ofType'];
  readonly dataKeys: DataKeys;
}

/** Compiles the writer of `data`: the operation's tree, its verdicts and the slots of the data tree in one walk. */
export function compileProjector(
  place: Place,
  context: ProjectContext,
): (root: DataNode, projection: Projection) => string {
  const write = compileSelection(context.judgement.operation.root, place, context);
  return (root, projection) => write(root, projection) ?? 'null';
}

/** Whether `@skip` and `@include` leave the field in. */
export function isPresent(presence: Presence, variables: Readonly<Record<string, unknown>>): boolean {
  return (
    presence === undefined ||
    presence.some((conditions) => conditions.every(({ variable, equals }) => (variables[variable] === true) === equals))
  );
}

/** Orders fields of one type as this request executes them: by the first occurrence that counts. */
export function byPlace(
  variables: Readonly<Record<string, unknown>>,
): (a: OperationField, b: OperationField) => number {
  const placeOf = ({ places }: OperationField): number =>
    places?.find(({ presence }) => isPresent(presence, variables))?.place ?? 0;
  return (a, b) => placeOf(a) - placeOf(b);
}
