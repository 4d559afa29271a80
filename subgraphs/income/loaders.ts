import { createLoader, type Loader } from '../kit/loader.ts';
import { keyText, parseKey } from './assessmentKey.ts';
import type { Assessment, AssessmentSource } from './source.ts';

export interface Loaders {
  /** Key: `keyText` of household and year. */
  readonly assessmentByKey: Loader<string, Assessment>;
}

export function createLoaders(source: AssessmentSource): Loaders {
  return {
    assessmentByKey: createLoader(async (keys) => {
      const assessments = await source.assessmentsOf(keys.map(parseKey));
      return new Map(assessments.map((assessment) => [keyText(assessment), assessment]));
    }),
  };
}
