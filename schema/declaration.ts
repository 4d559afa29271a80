import type { PivotIdentity } from './pivotIdentity.ts';

/*
 * What a citizen says once, on its way to one agency.
 *
 * The hub posts a CloudEvent (1.0, HTTP binary mode) to the agency's inbox: attributes as `ce-*` headers, `content-type: application/jose`, and as body a
 * compact JWE (RFC 7516; `alg: dir`, `enc: A256GCM`) under the day key of hub and agency, derived as a grant's (schema/grant.ts) with
 * DECLARATION_INFO_PREFIX + agency id as info. Inside it a compact JWS (RFC 7515, ES256) by the key that the hub publishes as `use: sig`: its protected
 * header is DeclarationHeader, its payload is exactly the bytes that the citizen saw in the preview. The attributes in the signed header count; headers of
 * the request that differ from them are an alteration, and refused.
 *
 * The agency answers 200 with a StatusMessage, sealed under the same day key with STATUS_INFO_PREFIX. Later ones it posts to the hub's STATUS_PATH, and an
 * agency that pulls posts a PullRequest, sealed alike, to PULL_PATH. An agency that refuses a message (unsealed, altered, for another, too old) answers 401
 * and an empty body; 503 means "later". Whoever sends is known by the key alone: nobody else can seal under it.
 */

export const MOVE_DECLARED = 'fr.trait-dunion.move.declared.v1';
export const MOVE_AMENDED = 'fr.trait-dunion.move.amended.v1';
export const MOVE_CANCELLED = 'fr.trait-dunion.move.cancelled.v1';
export const DECLARATION_EVENT_TYPES = [MOVE_DECLARED, MOVE_AMENDED, MOVE_CANCELLED] as const;
export type DeclarationEventType = (typeof DECLARATION_EVENT_TYPES)[number];

/** The attributes of a declaration's CloudEvent; each travels as the header `ce-<name>`. None of them says anything about a person. */
export interface DeclarationEvent {
  readonly specversion: '1.0';
  /** With `source`, what an event is known by: one that was received before is answered as before and not applied again. */
  readonly id: string;
  readonly source: string;
  readonly type: DeclarationEventType;
  /**
   * Reference of the delivery, 13 characters: the same for a declaration, its amendments and its cancellation, another one for every recipient, so that
   * two agencies have nothing in common to join their data on.
   */
  readonly subject: string;
  /** When the citizen said it: ISO 8601 instant in UTC. */
  readonly time: string;
  /** Decimal, 12 digits; grows with every event to this agency. An event below one that was applied to the same `subject` is out of date. */
  readonly sequence: string;
}

/** The JWS's protected header. */
export interface DeclarationHeader {
  readonly alg: 'ES256';
  readonly typ: typeof DECLARATION_TYP;
  /** Thumbprint (RFC 7638) of the key among the hub's JWKS. */
  readonly kid: string;
  readonly iss: 'hub';
  /** Agency id. */
  readonly aud: string;
  /** Seconds since the epoch, of this attempt and not of the event: one that is sent again is sealed anew. */
  readonly iat: number;
  /** At most DECLARATION_TTL_SECONDS after `iat`: after a cancellation nothing older is taken. */
  readonly exp: number;
  readonly event: DeclarationEvent;
}

export const DECLARATION_TYP = 'declaration+jws';
export const DECLARATION_TTL_SECONDS = 15;
export const DECLARATION_INFO_PREFIX = 'trait-dunion declaration v1 ';
export const STATUS_INFO_PREFIX = 'trait-dunion status v1 ';

/** The fields of a move that an agency may receive, each only when its manifest names it and says why. */
export const MOVE_FIELDS = ['declarant', 'adults', 'children', 'effectiveDate', 'oldAddress', 'newAddress'] as const;
export type MoveField = (typeof MOVE_FIELDS)[number];

/** A person who moves, as the recipient may know them. */
export interface DeclaredPerson {
  /** The id by which this agency, and no other party, knows the person; the one of its grants. */
  readonly reference: string;
  readonly identity: PivotIdentity;
}

/** An address by the lines of NF Z10-011; a line that is empty is left out. */
export interface DeclaredPostalAddress {
  /** Lines 2 and 3: flat, floor, building, residence. */
  readonly additionalInfo?: string;
  /** Line 4: number and street. */
  readonly streetLine?: string;
  /** Line 5: locality. */
  readonly locality?: string;
  /** Line 6: five digits in France; whatever the country writes elsewhere. */
  readonly postCode?: string;
  readonly city: string;
  /** Official geographic code, five characters; absent abroad. */
  readonly inseeCode?: string;
  /** Country of the COG: five digits, `99100` is France. */
  readonly countryCode: string;
  /** Line 7. */
  readonly country: string;
}

/** The signed payload of a declaration or an amendment: all of it as it stands now, cut to the fields of the manifest. */
export interface MoveData {
  /** Who declares, and moves. */
  readonly declarant?: DeclaredPerson;
  /** Other adults who move and have confirmed it themselves. */
  readonly adults?: readonly DeclaredPerson[];
  /** The declarant's minor children who move, by proof of civil status. */
  readonly children?: readonly DeclaredPerson[];
  /** Day of the move, `YYYY-MM-DD`: the new address counts from then on. */
  readonly effectiveDate?: string;
  readonly oldAddress?: DeclaredPostalAddress;
  readonly newAddress?: DeclaredPostalAddress;
}

/** The signed payload of a cancellation: there is nothing to say but that. */
export type CancellationData = Readonly<Record<string, never>>;

/** How a declaration stands at a recipient. DONE and REFUSED are final until the citizen amends. */
export const DELIVERY_STATUSES = ['RECEIVED', 'IN_PROGRESS', 'NEEDS_CITIZEN', 'DONE', 'REFUSED'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Words for the citizen, plain text, at most 500 characters a language; no number of a file and no one else's name. */
export interface CitizenReason {
  readonly fr: string;
  readonly en: string;
}

/** What an agency does with a declaration. */
export interface StatusMessage {
  /** Agency id. */
  readonly iss: string;
  readonly aud: 'hub';
  /** Nonce, 22 characters of base64url: the hub takes each once. */
  readonly jti: string;
  /** Seconds since the epoch; taken for STATUS_TTL_SECONDS. */
  readonly iat: number;
  readonly statuses: readonly StatusOfEvent[];
}

export interface StatusOfEvent {
  /** `id` of the event that this is about; a status about one that an amendment has replaced is kept in the timeline and changes nothing else. */
  readonly event: string;
  readonly status: DeliveryStatus;
  /** Required with NEEDS_CITIZEN and REFUSED. */
  readonly reason?: CitizenReason;
  /** ISO 8601 instant in UTC. */
  readonly at: string;
}

export const STATUS_TTL_SECONDS = 60;
export const MAX_REASON_CHARACTERS = 500;
export const MAX_STATUSES = 1000;
/** On the hub; the body is a sealed StatusMessage, the answer 204, 401 refused, 503 later. */
export const STATUS_PATH = '/deliveries/status';

/** What an agency whose manifest says `delivery: pull` asks for. */
export interface PullRequest {
  readonly iss: string;
  readonly aud: 'hub';
  readonly jti: string;
  readonly iat: number;
  /** The `sequence` after which to go on; empty from the beginning. What a status has answered is handed out no more, the rest as often as it is asked for. */
  readonly after: string;
  /** 1 to MAX_PULL. */
  readonly limit: number;
}

export const MAX_PULL = 100;
/** On the hub; the body is a sealed PullRequest, the answer 200 with PulledEvents as JSON, 401 refused, 503 later. */
export const PULL_PATH = '/deliveries/pull';

/** Events in order of `sequence`; each is what an inbox would have been posted. The agency answers by STATUS_PATH. */
export interface PulledEvents {
  readonly events: readonly { readonly event: DeclarationEvent; readonly sealed: string }[];
  /** Where to go on. */
  readonly next: string;
}

/** How every agency says that its file does not hold a person, for whatever reason: unknown, matched twice, deceased or protected. */
export const NO_FILE: CitizenReason = {
  fr: 'Aucun dossier à votre nom n’a été trouvé : cette déclaration n’a rien changé ici.',
  en: 'No file in your name was found: this declaration changed nothing here.',
};
