import { dayInParis } from '../../schema/parisCalendar.ts';
import type { Clock } from '../kit/agencyModule.ts';
import { createLoader, type Loader } from '../kit/loader.ts';
import { keyText, parseKey } from './assessmentKey.ts';
import type { Assessment, AssessmentSource, TaxResidence } from './source.ts';
import { parseTaxpayer, taxpayerText } from './taxpayerKey.ts';

export interface Loaders {
  /** Key: `keyText` of household and year. */
  readonly assessmentByKey: Loader<string, Assessment>;
  /** Key: `taxpayerText`. */
  readonly residenceByTaxpayer: Loader<string, TaxResidence>;
}

export function createLoaders(source: AssessmentSource, clock: Clock): Loaders {
  return {
    assessmentByKey: createLoader(async (keys) => {
      const assessments = await source.assessmentsOf(keys.map(parseKey));
      return new Map(assessments.map((assessment) => [keyText(assessment), assessment]));
    }),
    residenceByTaxpayer: createLoader(async (keys) => {
      const residences = await source.residencesOf(keys.map(parseTaxpayer), dayInParis(clock()));
      return new Map(residences.map((residence) => [taxpayerText(residence), residence]));
    }),
  };
}
