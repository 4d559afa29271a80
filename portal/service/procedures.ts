import { operation, type Operation } from '../graph.ts';
import { FamilyQuotient } from '../frontend-kit/generated.ts';
import { CANTEEN_TARIFF, CRECHE_TARIFF, type Tariff } from './tariff.ts';

/** What both procedures read; the canteen leaves the address out. */
export interface FamilyAnswer {
  readonly me: {
    readonly familyFile: {
      readonly quotient: {
        readonly value: number | null;
        readonly year?: number | null;
        readonly month?: number | null;
      } | null;
      readonly declaredAddress?: {
        readonly streetLine: string | null;
        readonly postCode: string | null;
        readonly city: string | null;
      } | null;
    } | null;
  } | null;
}

/** A place of the answer that the form shows, or says the refusal of. */
export type FieldName = 'quotient' | 'declaredAddress';

/** One form of the town: a client of FranceConnect and of the hub each, since purposes differ. */
export interface Procedure {
  /** Client id at both, and the first part of its paths. */
  readonly id: 'canteen' | 'creche';
  readonly purpose: string;
  /** One query for everything. */
  readonly question: Operation<FamilyAnswer, Record<never, never>>;
  /** By field, the scope to ask for when it is missing. */
  readonly fields: readonly { readonly name: FieldName; readonly scope: string }[];
  readonly tariff: Tariff;
}

export const CrecheFile = operation<FamilyAnswer>(
  'query CrecheFile { me { familyFile { quotient { value year month } declaredAddress { streetLine postCode city } } } }',
);

export const PROCEDURES: readonly Procedure[] = [
  {
    id: 'canteen',
    purpose: 'canteen-pricing',
    question: operation(FamilyQuotient.document),
    fields: [{ name: 'quotient', scope: 'cnaf_quotient_familial' }],
    tariff: CANTEEN_TARIFF,
  },
  {
    id: 'creche',
    purpose: 'creche-place',
    question: CrecheFile,
    fields: [
      { name: 'quotient', scope: 'cnaf_quotient_familial' },
      { name: 'declaredAddress', scope: 'cnaf_adresse' },
    ],
    tariff: CRECHE_TARIFF,
  },
];
