/**
 * What the static agencies know. Everyone has the same data: a person is the same under each party's reference, so the answer to
 * a person's id depends on nothing but the id, and every target can be asked for the same reply.
 */
export const CITIZEN = {
  civilStatus: {
    familyName: 'MARTIN',
    usageName: 'MARTIN-LEFÈVRE',
    givenNames: ['Camille', 'Élodie', 'Anne'],
    gender: 'female',
    birthDate: '1988-04-12',
    birthPlace: '35238',
    birthCountry: '99100',
    union: 'PACS',
  },
  familyFile: { quotient: 1234, month: 10, year: 2026, provider: 'CNAF' },
  taxAssessment: {
    referenceTaxIncome: 32150,
    grossIncome: 35722,
    taxAmount: 1288,
    householdParts: 2.5,
    familySituation: 'O',
  },
  declaredAddress: { street: '12 RUE DES LICES', postalCode: '35000', city: 'RENNES', country: 'FRANCE' },
  dependants: numbered(3).map((number) => entity('Dependant', `d${number}`)),
  // Nobody under protection: their address is served.
  relationProof: { children: [], partner: null },
  certificates: numbered(200).map((number) => entity('Certificate', `k${number}`)),
};

/** Attributes of an entity, all agencies together; each agency's schema picks its own. Undefined for a type it does not know. */
export function entity(typename: string, id: string): Record<string, unknown> | undefined {
  const number = Number(id.slice(1));
  switch (typename) {
    case 'Citizen':
      return { __typename: typename, id, ...CITIZEN };
    case 'Dependant':
      return {
        __typename: typename,
        id,
        givenNames: [['Lou'], ['Noé', 'Marin'], ['Inès']][(number - 1) % 3],
        birthDate: `20${10 + (number % 10)}-06-0${1 + (number % 9)}`,
        allowanceShare: number === 2 ? 50 : 100,
        custody: number === 2 ? 'SHARED' : 'FULL',
        street: `${number} QUAI DE LA VILAINE`,
        postalCode: '35000',
        city: 'RENNES',
      };
    case 'Certificate':
      return {
        __typename: typename,
        id,
        kind: number % 2 === 0 ? 'FULL_COPY' : 'EXTRACT',
        number: 100_000 + number,
        issuedOn: `2025-${String(1 + (number % 12)).padStart(2, '0')}-15`,
        office: `MAIRIE ${35_000 + number}`,
        certified: number % 3 !== 0,
        recipient: 'MME CAMILLE MARTIN',
        street: `${number} RUE SAINT-MICHEL`,
        postalCode: String(35_000 + number),
        city: 'RENNES',
        deliveredOn: `2025-${String(1 + (number % 12)).padStart(2, '0')}-22`,
      };
    default:
      return undefined;
  }
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
