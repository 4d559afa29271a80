import { join } from 'node:path';
import type { Clock, RecordIdentity } from '../kit/agencyModule.ts';
import { indexByBirthName } from '../kit/birthNameIndex.ts';
import { readFixture } from '../kit/fixtures.ts';
import { keyText } from './assessmentKey.ts';
import { readImpotParticulier, type ImpotParticulierNotice } from './impotParticulier.ts';
import type { Assessment, AssessmentKey, AssessmentSource, TaxHouseholdId, Taxpayer } from './source.ts';
import { readSvair, type SvairNotice } from './svair.ts';

type AssessmentFixture = AssessmentKey & {
  /** Who the tax office knows the declarants to be, in the notice's order. */
  readonly identities: readonly RecordIdentity[];
} & (
    | { readonly format: 'API_IMPOT_PARTICULIER'; readonly notice: ImpotParticulierNotice }
    | { readonly format: 'SVAIR'; readonly notice: SvairNotice }
  );

/** The sandbox's tax office: `fixtures/assessments.json`, in memory. */
export async function openFixtureSource(fixturesDir: string, clock: Clock): Promise<AssessmentSource> {
  const fixtures = await readFixture<readonly AssessmentFixture[]>(join(fixturesDir, 'assessments.json'), clock);
  const assessments = new Map(fixtures.map((fixture) => [keyText(fixture), readNotice(fixture)]));
  const findCandidates = indexByBirthName(taxpayersOf(fixtures));
  return {
    findPersons: async (identities) => findCandidates(identities),
    assessmentsOf: async (keys) =>
      keys.map((key) => assessments.get(keyText(key))).filter((assessment) => assessment !== undefined),
  };
}

function readNotice(fixture: AssessmentFixture): Assessment {
  const { household, incomeYear } = fixture;
  switch (fixture.format) {
    case 'API_IMPOT_PARTICULIER':
      return readImpotParticulier({ household, incomeYear }, fixture.notice);
    case 'SVAIR':
      return readSvair({ household, incomeYear }, fixture.notice);
  }
}

/** One candidate for each declarant of a household, however many years it was assessed. */
function taxpayersOf(
  fixtures: readonly AssessmentFixture[],
): readonly { identity: RecordIdentity; record: Taxpayer }[] {
  const identities = new Map<TaxHouseholdId, readonly RecordIdentity[]>();
  for (const fixture of fixtures) identities.set(fixture.household, fixture.identities);
  return [...identities].flatMap(([household, declarants]) =>
    declarants.map((identity, index) => ({ identity, record: { household, declarant: index === 0 ? 1 : 2 } as const })),
  );
}
