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
  readonly grant: Pick<HubGrant, 'requestId' | 'service' | 'purpose' | 'acr' | 'subjects' | 'office' | 'event'>;
}

/** A grant that does not leave the process may say more: who asks for an organisation, where no citizen does. */
export interface HubGrant extends Grant {
  /** There when the fetch is for one event of a subscription. */
  readonly event?: StreamEvent;
  readonly office?: { readonly kind: 'agent'; readonly agent: ActingAgent } | { readonly kind: 'service' };
}

/** One event of a subscription: what has happened since the event before. */
export interface StreamEvent {
  /** What each is about, in its source's own words; EVERYTHING at the first event, and when some may have been missed. */
  readonly changes: 'EVERYTHING' | ReadonlySet<string>;
  /** The request that opens the stream. A proof of possession is asked of it; later events rest on that. */
  readonly opens?: true;
}

/** An agent of an administration, as their identity provider knows them (ProConnect). */
export interface ActingAgent {
  /** The provider's reference of the agent; no name. */
  readonly reference: string;
  /** Fourteen digits: the body for which the agent acts. */
  readonly siret: string;
  /** As the provider lists them: `requester`, `dpo`, `instructor`. */
  readonly roles: readonly string[];
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
