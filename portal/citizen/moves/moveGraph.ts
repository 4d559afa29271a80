import { operation } from '../../graph.ts';
import { ADDRESS, type Address } from '../facts/sayings.ts';

export interface MoveAddressInput {
  readonly additionalInfo?: string;
  readonly streetLine?: string;
  readonly locality?: string;
  readonly postCode?: string;
  readonly city: string;
  readonly inseeCode?: string;
  /** Of the COG; France where there is none. */
  readonly countryCode?: string;
}

export interface DeclareMoveInput {
  readonly oldAddress: MoveAddressInput;
  readonly newAddress: MoveAddressInput;
  readonly effectiveDate: string;
  readonly members: readonly { readonly person: string }[];
  readonly recipients: readonly string[];
}

export interface Commune {
  readonly inseeCode: string;
  readonly name: string;
  readonly postCodes: readonly string[];
  readonly department: string | null;
}

export interface AddressCountry {
  readonly code: string;
  readonly name: string;
  /** As holders of addresses write it. */
  readonly frenchName: string;
}

export interface MoveProblem {
  readonly code: string;
  /** Path into the input, which is the field's name in the form. */
  readonly field: string;
  readonly message: string;
  readonly candidates: readonly Commune[];
}

interface NamedAgency {
  readonly id: string;
  readonly name: string;
}

export interface DeclaredField {
  readonly name: string;
  readonly why: string;
}

export interface SuggestedRecipient {
  readonly agency: NamedAgency;
  readonly reason: 'HOLDS_A_FILE' | 'OPEN_TO_ALL' | 'HOLDS_NO_FILE' | 'DID_NOT_ANSWER';
  readonly isSuggested: boolean;
  readonly promisedDays: number;
}

export interface PreviewedMessage {
  readonly agency: NamedAgency;
  readonly content: string;
  readonly sha256: string;
  readonly fields: readonly DeclaredField[];
}

export type DeliveryStatus =
  | 'SENDING'
  | 'UNDELIVERABLE'
  | 'RECEIVED'
  | 'IN_PROGRESS'
  | 'NEEDS_CITIZEN'
  | 'DONE'
  | 'REFUSED'
  | 'NOT_SENT'
  | 'CANCELLED';

export interface MoveDelivery {
  readonly reference: string;
  readonly agency: NamedAgency;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly promisedBy: string | null;
  readonly isSilent: boolean;
  readonly timeline: readonly {
    readonly at: string;
    readonly status: DeliveryStatus;
    readonly reason: string | null;
  }[];
}

export type MoveAddress = Address & { readonly inseeCode: string | null; readonly countryCode: string };

export interface Move {
  readonly reference: string;
  readonly state: 'DECLARED' | 'CANCELLED';
  readonly isOwn: boolean;
  readonly declaredAt: string;
  /** Null for somebody who has yet to say that they move too, and once erased. */
  readonly oldAddress: MoveAddress | null;
  /** Null once erased. */
  readonly newAddress: MoveAddress | null;
  readonly effectiveDate: string;
  readonly changeableUntil: string | null;
  readonly members: readonly {
    readonly role: 'DECLARANT' | 'CHILD' | 'ADULT';
    readonly state: 'INCLUDED' | 'AWAITING_CONFIRMATION' | 'DECLINED';
    readonly isMe: boolean;
    readonly givenNames: string | null;
  }[];
  readonly deliveries: readonly MoveDelivery[];
}

interface InLanguage {
  readonly language: 'FR' | 'EN';
}

const ADDRESS_PARTS = 'additionalInfo streetLine locality postCode city country countryCode inseeCode';
const PROBLEMS =
  'problems { code field message(language: $language) candidates { inseeCode name postCodes department } }';

export const MOVES = operation<{ readonly me: { readonly moves: readonly Move[] | null } | null }, InLanguage>(
  `query Moves($language: Language!) {
    me {
      moves {
        reference state isOwn declaredAt effectiveDate changeableUntil
        oldAddress { ${ADDRESS_PARTS} } newAddress { ${ADDRESS_PARTS} }
        members { role state isMe givenNames }
        deliveries {
          reference status promisedBy isSilent agency { id name(language: $language) } reason(language: $language)
          timeline { at status reason(language: $language) }
        }
      }
    }
  }`,
);

/** What the form knows beforehand: the address in force, who may come along, whom to tell, and every country. */
export const MOVE_START = operation<
  {
    readonly me: {
      readonly addresses: readonly { readonly usage: string | null; readonly address: Address | null }[] | null;
      readonly civilStatus: {
        readonly union: { readonly partner: { readonly id: string } | null } | null;
        readonly children:
          | readonly {
              readonly parentalAuthority: boolean;
              readonly child: {
                readonly id: string;
                readonly civilStatus: { readonly givenNames: readonly string[] | null } | null;
              };
            }[]
          | null;
      } | null;
      readonly suggestedRecipients: readonly SuggestedRecipient[] | null;
    } | null;
    readonly countries: readonly AddressCountry[];
  },
  InLanguage
>(`query MoveStart($language: Language!) {
  me {
    addresses { usage address ${ADDRESS} }
    civilStatus {
      children { parentalAuthority child { id civilStatus { givenNames } } }
      union { partner { id } }
    }
    suggestedRecipients { agency { id name(language: $language) } reason isSuggested promisedDays }
  }
  countries { code name(language: $language) frenchName: name }
}`);

interface Declaring extends InLanguage {
  readonly input: DeclareMoveInput;
}

export const PREVIEW = operation<
  {
    readonly previewMove: {
      readonly messages: readonly PreviewedMessage[];
      readonly problems: readonly MoveProblem[];
    } | null;
  },
  Declaring & { readonly amends: string | null }
>(`query PreviewMove($input: DeclareMoveInput!, $amends: ID, $language: Language!) {
  previewMove(input: $input, amends: $amends) {
    messages { content sha256 agency { id name(language: $language) } fields { name why(language: $language) } }
    ${PROBLEMS}
  }
}`);

export interface MoveUpdated {
  readonly moveUpdated: { readonly reference: string } | null;
}

/** The page fetches itself anew: what it needs of an event is that there is one. */
export const MOVE_UPDATED = operation<MoveUpdated, { readonly reference: string }>(
  'subscription MoveUpdated($reference: ID!) { moveUpdated(reference: $reference) { reference state deliveries { status isSilent } } }',
);

interface Payload {
  readonly payload: {
    readonly move: { readonly reference: string } | null;
    readonly problems: readonly MoveProblem[];
  } | null;
}

export const DECLARE = operation<Payload, Declaring>(
  `mutation DeclareMove($input: DeclareMoveInput!, $language: Language!) {
    payload: declareMove(input: $input) { move { reference } ${PROBLEMS} }
  }`,
);

export const AMEND = operation<Payload, Declaring & { readonly reference: string }>(
  `mutation AmendMove($reference: ID!, $input: DeclareMoveInput!, $language: Language!) {
    payload: amendMove(reference: $reference, input: $input) { move { reference } ${PROBLEMS} }
  }`,
);

export const CANCEL = operation<Payload, InLanguage & { readonly reference: string }>(
  `mutation CancelMove($reference: ID!, $language: Language!) {
    payload: cancelMove(reference: $reference) { move { reference } ${PROBLEMS} }
  }`,
);

export const CONFIRM = operation<Payload, InLanguage & { readonly reference: string; readonly accept: boolean }>(
  `mutation ConfirmMove($reference: ID!, $accept: Boolean!, $language: Language!) {
    payload: confirmMove(reference: $reference, accept: $accept) { move { reference } ${PROBLEMS} }
  }`,
);
