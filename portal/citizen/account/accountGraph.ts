import { operation } from '../../graph.ts';

interface InLanguage {
  readonly language: 'FR' | 'EN';
}

/** What the erasure left, or took, of one kind. */
interface OneKind {
  readonly kind: string;
  readonly label: string;
}

export interface ErasureReport {
  readonly erased: readonly (OneKind & { readonly count: number })[];
  readonly kept: readonly (OneKind & {
    readonly count: number | null;
    readonly why: string;
    readonly until: string | null;
  })[];
}

export const ERASE = operation<{ readonly report: ErasureReport | null }, InLanguage>(
  `mutation EraseMyData($language: Language!) {
    report: eraseMyData {
      erased { kind label(language: $language) count }
      kept { kind label(language: $language) count why(language: $language) until }
    }
  }`,
);

/** Everything that the hub holds of declarations, once more than the move's page shows. */
export const MOVES_IN_FULL = operation<
  { readonly me: { readonly moves: readonly unknown[] | null } | null },
  InLanguage
>(
  `query MovesInFull($language: Language!) {
    me {
      moves {
        reference state isOwn declaredAt changedAt erasedAt effectiveDate changeableUntil
        oldAddress { ...Whole } newAddress { ...Whole }
        members { role state isMe givenNames }
        deliveries {
          reference status reason(language: $language) sha256 promisedBy isSilent agency { id name(language: $language) }
          timeline { at status reason(language: $language) }
        }
      }
    }
  }
  fragment Whole on MoveAddress { additionalInfo streetLine locality postCode city inseeCode countryCode country }`,
);

/** What a service wrote beside its questions: the address that it has the person come back to, with its own note in it. */
export function requestsDocument(count: number): string {
  const indices = Array.from({ length: count }, (_, index) => index);
  const questions = indices.map(
    (index) => `r${index}: consentRequest(id: $r${index}) { answerBefore returnTo consent { id } }`,
  );
  return `query Requests(${indices.map((index) => `$r${index}: ID!`).join(', ')}) { ${questions.join(' ')} }`;
}
