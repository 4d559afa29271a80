import { dayInParis } from '../../schema/parisCalendar.ts';
import type { AgencyContext, Person, Resolvers } from '../kit/agencyModule.ts';
import { ageBracketOf } from './ageBracket.ts';
import type { Loaders } from './loaders.ts';
import type { Beneficiary, FamilyFile, Member } from './source.ts';

type Context = AgencyContext<Loaders>;
type Args = Readonly<Record<string, never>>;

export const resolvers: Resolvers = {
  Citizen: {
    familyFile: ({ record }: Person<Beneficiary>, _args: Args, { loaders }: Context) =>
      record ? loaders.fileById.load(record.fileId) : null,
  },
  FamilyFile: {
    source: ({ holder }: FamilyFile) => (holder === 'MSA' ? 'MSA' : 'CAF'),
    asOf: ({ quotient }: FamilyFile) => quotient && lastDayOf(quotient.year, quotient.month),
    beneficiaries: ({ beneficiaries }: FamilyFile) => beneficiaries.map(unmatched),
    children: ({ children }: FamilyFile) => children.map(unmatched),
  },
  FamilyMember: {
    ageBracket: ({ birthDate }: Member, _args: Args, { clock }: Context) =>
      birthDate && ageBracketOf(birthDate, dayInParis(clock())),
  },
};

/** A line has no birthplace, so it names nobody for certain: without a proof from civil status there is no person behind it. */
function unmatched(member: Member): Member & { readonly person: null } {
  return { ...member, person: null };
}

function lastDayOf(year: number, month: number): string {
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
