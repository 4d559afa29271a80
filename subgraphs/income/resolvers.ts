import type { AgencyContext, Person, Resolvers } from '../kit/agencyModule.ts';
import { keyText } from './assessmentKey.ts';
import type { Loaders } from './loaders.ts';
import type { Assessment, Taxpayer, TaxResidence } from './source.ts';
import { taxpayerText } from './taxpayerKey.ts';

type Context = AgencyContext<Loaders>;

export const resolvers: Resolvers = {
  Citizen: {
    taxAssessment: async (
      { record }: Person<Taxpayer>,
      { incomeYear }: { readonly incomeYear: number },
      { loaders }: Context,
    ) => {
      if (!record) return null;
      const assessment = await loaders.assessmentByKey.load(keyText({ household: record.household, incomeYear }));
      return assessment && askedFor(assessment, record.declarant);
    },
    taxResidence: ({ record }: Person<Taxpayer>, _args: Readonly<Record<string, never>>, { loaders }: Context) =>
      record ? loaders.residenceByTaxpayer.load(taxpayerText(record)) : null,
  },
  TaxResidence: {
    source: () => 'DGFiP',
    asOf: ({ declaredOn }: TaxResidence) => declaredOn,
  },
  TaxAssessment: {
    source: () => 'DGFiP',
    asOf: ({ issuedOn }: Assessment) => issuedOn,
  },
};

/**
 * The assessment as seen from the declarant whom the question is about: `declarant1` is that person, `declarant2` the other one. The
 * notice's own order would serve a second declarant's spouse as if it were themselves.
 */
function askedFor(assessment: Assessment, declarant: Taxpayer['declarant']): Assessment {
  if (declarant === 1) return assessment;
  return { ...assessment, declarant1: assessment.declarant2, declarant2: assessment.declarant1 };
}
