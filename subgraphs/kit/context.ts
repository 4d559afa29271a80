import type { GraphQLResolveInfo } from 'graphql';
import type { AgencyContext } from './agencyModule.ts';
import type { View } from './guard.ts';
import type { Persons } from './persons.ts';

/** What the kit keeps for one request beside the agency's context. */
export interface KitContext extends AgencyContext {
  readonly kit: {
    /** An operator's credential was presented and is right. */
    readonly operator: boolean;
    /** A grant was opened, or handed over in process. */
    readonly granted: boolean;
    readonly persons: Persons;
    /** By the path of the field that returned the object: graphql-js keeps one Path per field and hands it on to what is below. */
    readonly views: WeakMap<GraphQLResolveInfo['path'], View>;
  };
}
