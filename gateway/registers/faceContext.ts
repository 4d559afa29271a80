import type { Grant, GrantSubject } from '../../schema/grant.ts';
import type { SubjectKey } from '../platform/ids.ts';

/*
 * What the registers' resolvers get from the kit, in the registers' own words: they may not import it (hubSubgraph.ts alone does, and checks that
 * the two fit).
 */

/** A person, as the parent of `Citizen`'s fields. */
export interface FacePerson {
  readonly subject: GrantSubject | undefined;
}

export interface FaceContext {
  readonly grant: Pick<Grant, 'requestId' | 'service' | 'purpose' | 'subjects'>;
}

/** Opens a reference that the hub gave to itself; throws when it is not one. */
export type OpenSubject = (reference: string) => SubjectKey;

export interface LabelArguments {
  readonly language: 'FR' | 'EN';
}

/** A label in the language asked for. */
export function labelIn(label: { readonly fr: string; readonly en: string }): (args: LabelArguments) => string {
  return ({ language }) => (language === 'EN' ? label.en : label.fr);
}
