/** One question of the bench. */
export interface BenchOperation {
  readonly name: OperationName;
  readonly title: string;
  readonly query: string;
}

export const OPERATION_NAMES = ['one-agency', 'four-agencies', 'household', 'long-list', 'mix'] as const;
export type OperationName = (typeof OPERATION_NAMES)[number];

/** Every `MIX_NEW_EVERY`th request of the mix is an operation never seen before: 5 %. */
export const MIX_NEW_EVERY = 20;

const ONE_AGENCY = /* GraphQL */ `
  query OneAgency {
    me {
      civilStatus {
        familyName
        usageName
        givenNames
        gender
        birthDate
        birthPlace
        birthCountry
        union
      }
    }
  }
`;

const FOUR_AGENCIES = /* GraphQL */ `
  query FourAgencies {
    me {
      civilStatus {
        familyName
        givenNames
        birthDate
      }
      familyFile {
        quotient
        month
        year
        provider
      }
      taxAssessment {
        referenceTaxIncome
        householdParts
        familySituation
      }
      declaredAddress {
        street
        postalCode
        city
        country
      }
    }
  }
`;

const HOUSEHOLD = /* GraphQL */ `
  query Household {
    me {
      dependants {
        givenNames
        birthDate
        allowanceShare
        custody
        street
        postalCode
        city
      }
    }
  }
`;

const LONG_LIST = /* GraphQL */ `
  query LongList {
    me {
      certificates {
        kind
        number
        issuedOn
        office
        certified
        recipient
        street
        postalCode
        city
        deliveredOn
      }
    }
  }
`;

/** `mix` has no document of its own: see `mixedQuery`. */
export const OPERATIONS: Readonly<Record<Exclude<OperationName, 'mix'>, BenchOperation>> = {
  'one-agency': { name: 'one-agency', title: 'one agency', query: ONE_AGENCY },
  'four-agencies': { name: 'four-agencies', title: 'four agencies', query: FOUR_AGENCIES },
  household: { name: 'household', title: 'household of three', query: HOUSEHOLD },
  'long-list': { name: 'long-list', title: '200 items', query: LONG_LIST },
};

export function operationTitle(name: OperationName): string {
  return name === 'mix' ? 'mix, 5 % new' : OPERATIONS[name].title;
}

/**
 * The known operations of the mix, in the order they are asked: one agency nine times, four agencies six times and the household
 * four times out of nineteen. The twentieth is new.
 */
export const MIX_KNOWN: readonly string[] = Array.from({ length: MIX_NEW_EVERY - 1 }, (_, index) =>
  index % 2 === 0 && index < 18 ? ONE_AGENCY : index % 3 === 0 || index === 18 ? HOUSEHOLD : FOUR_AGENCIES,
);

const NEW_FIELDS: readonly (readonly [string, readonly string[]])[] = [
  ['civilStatus', ['familyName', 'usageName', 'gender', 'birthDate', 'birthPlace', 'union']],
  ['familyFile', ['quotient', 'month', 'year', 'provider']],
  ['taxAssessment', ['referenceTaxIncome', 'grossIncome', 'taxAmount', 'familySituation']],
  ['declaredAddress', ['street', 'postalCode', 'city', 'country']],
];

/**
 * An operation over all four agencies that no earlier `serial` gave: another choice of fields, and an alias of its own, so that no
 * normalisation of the text finds it in a cache.
 */
export function newOperation(serial: number): string {
  let bits = Math.imul(serial + 1, 0x9e3779b1) >>> 0;
  const parts = NEW_FIELDS.map(([opener, fields], position) => {
    const chosen = fields.filter((_, index) => index === 0 || (bits >>> index) & 1);
    bits = (bits >>> 5) | (bits << 27);
    const own = position === serial % NEW_FIELDS.length ? ` only${serial}: ${fields[0]}` : '';
    return `${opener} { ${chosen.join(' ')}${own} }`;
  });
  return `query New${serial} { me { ${parts.join(' ')} } }`;
}
