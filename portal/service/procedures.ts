import { yearInParis } from '../../schema/parisCalendar.ts';
import { FamilyQuotient } from '../frontend-kit/generated.ts';
import { operation, type Operation } from '../graph.ts';
import { CANTEEN_TARIFF, CRECHE_TARIFF, RENT_TARIFF, type Tariff } from './tariff.ts';

/** What the forms read, each its part. */
export interface FormAnswer {
  readonly me: {
    readonly familyFile?: {
      readonly quotient: { readonly value: number | null } | null;
      readonly declaredAddress?: {
        readonly streetLine: string | null;
        readonly postCode: string | null;
        readonly city: string | null;
      } | null;
    } | null;
    readonly taxAssessment?: TaxNotice | null;
    readonly civilStatus?: {
      readonly union: { readonly partner: { readonly taxAssessment: TaxNotice | null } | null } | null;
    } | null;
  } | null;
}

interface TaxNotice {
  readonly referenceTaxIncome: number | null;
}

/** A field of a form; its words are in `serviceTexts.ts`. */
export type FieldName = 'quotient' | 'declaredAddress' | 'ownIncome' | 'partner' | 'partnerIncome';

/** Of an answer: a text, a number, or whether something is so; undefined when the answer does not say. */
export type FieldValue = string | number | boolean | undefined;

/** A place of the answer that the form shows, or says the refusal of. */
export interface AskedField {
  readonly name: FieldName;
  readonly path: readonly string[];
  /** What to ask for when it is missing. */
  readonly scopes: readonly string[];
  /** Whose it is to open. */
  readonly of: 'SELF' | 'SPOUSE';
  readonly holder: 'family' | 'tax' | 'civilStatus';
  readonly read: (answer: FormAnswer) => FieldValue;
}

/** One form: a client of FranceConnect and of the hub each, since purposes differ. */
export interface Procedure {
  /** Client id at both, and the first part of its paths. */
  readonly id: 'canteen' | 'creche' | 'housing';
  readonly purpose: string;
  /** Whether people are informed (CRPA, L114-8) or asked. */
  readonly basis: 'law' | 'consent';
  /** One query for everything. */
  readonly question: Operation<FormAnswer, { readonly incomeYear?: number }>;
  /** Of the question, on that instant (ms). */
  readonly variables?: (now: number) => { readonly incomeYear: number };
  readonly fields: readonly AskedField[];
  /** What the price is counted by, in euros. */
  readonly counted: 'quotient' | 'income';
  /** Undefined while something is missing of it. */
  readonly count: (answer: FormAnswer) => number | undefined;
  readonly tariff: Tariff;
}

const QUOTIENT: AskedField = {
  name: 'quotient',
  path: ['me', 'familyFile', 'quotient'],
  scopes: ['cnaf_quotient_familial'],
  ...{ of: 'SELF', holder: 'family' },
  read: ({ me }) => me?.familyFile?.quotient?.value ?? undefined,
};

const ADDRESS: AskedField = {
  name: 'declaredAddress',
  path: ['me', 'familyFile', 'declaredAddress'],
  scopes: ['cnaf_adresse'],
  ...{ of: 'SELF', holder: 'family' },
  read({ me }) {
    const { streetLine, postCode, city } = me?.familyFile?.declaredAddress ?? {};
    return [streetLine, postCode, city].filter(Boolean).join(' ') || undefined;
  },
};

const INCOME_SCOPES = ['dgfip_rfr', 'dgfip_annee_n_moins_1'];

const OWN_INCOME: AskedField = {
  name: 'ownIncome',
  path: ['me', 'taxAssessment'],
  scopes: INCOME_SCOPES,
  ...{ of: 'SELF', holder: 'tax' },
  read: ({ me }) => me?.taxAssessment?.referenceTaxIncome ?? undefined,
};

const PARTNER: AskedField = {
  name: 'partner',
  path: ['me', 'civilStatus', 'union'],
  scopes: ['etatcivil_union'],
  ...{ of: 'SELF', holder: 'civilStatus' },
  read: ({ me }) => (me?.civilStatus ? Boolean(me.civilStatus.union?.partner) : undefined),
};

const PARTNER_INCOME: AskedField = {
  name: 'partnerIncome',
  path: ['me', 'civilStatus', 'union', 'partner', 'taxAssessment'],
  scopes: INCOME_SCOPES,
  ...{ of: 'SPOUSE', holder: 'tax' },
  read({ me }) {
    if (PARTNER.read({ me }) === false) return false;
    return me?.civilStatus?.union?.partner?.taxAssessment?.referenceTaxIncome ?? undefined;
  },
};

export const CrecheFile = operation<FormAnswer>(
  'query CrecheFile { me { familyFile { quotient { value } declaredAddress { streetLine postCode city } } } }',
);

export const HousingFile = operation<FormAnswer, { readonly incomeYear?: number }>(
  `query HousingFile($incomeYear: Int!) { me {
    taxAssessment(incomeYear: $incomeYear) { referenceTaxIncome }
    civilStatus { union { partner { taxAssessment(incomeYear: $incomeYear) { referenceTaxIncome } } } }
  } }`,
);

export const PROCEDURES: readonly Procedure[] = [
  {
    id: 'canteen',
    purpose: 'canteen-pricing',
    basis: 'law',
    question: operation(FamilyQuotient.document),
    fields: [QUOTIENT],
    ...{ counted: 'quotient', count: numberOf(QUOTIENT) },
    tariff: CANTEEN_TARIFF,
  },
  {
    id: 'creche',
    purpose: 'creche-place',
    basis: 'consent',
    question: CrecheFile,
    fields: [QUOTIENT, ADDRESS],
    ...{ counted: 'quotient', count: numberOf(QUOTIENT) },
    tariff: CRECHE_TARIFF,
  },
  {
    id: 'housing',
    purpose: 'housing-file',
    basis: 'law',
    question: HousingFile,
    variables: (now) => ({ incomeYear: yearInParis(now) - 1 }),
    fields: [OWN_INCOME, PARTNER, PARTNER_INCOME],
    ...{ counted: 'income', count: householdIncome },
    tariff: RENT_TARIFF,
  },
];

function numberOf(field: AskedField): Procedure['count'] {
  return (answer) => {
    const value = field.read(answer);
    return typeof value === 'number' ? value : undefined;
  };
}

/** A couple's joint notice is read by both of them and names one income: two equal ones are taken for it, and counted once. */
export function householdIncome(answer: FormAnswer): number | undefined {
  const own = OWN_INCOME.read(answer);
  const partners = PARTNER_INCOME.read(answer);
  if (typeof own !== 'number' || partners === undefined) return undefined;
  return typeof partners !== 'number' || partners === own ? own : own + partners;
}
