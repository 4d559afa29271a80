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
    beneficiaries: ({ beneficiaries }: FamilyFile, _args: Args, context: Context) =>
      beneficiaries.map((member) => withPerson(member, context)),
    children: ({ children }: FamilyFile, _args: Args, context: Context) =>
      children.map((member) => withPerson(member, context)),
  },
  FamilyMember: {
    ageBracket: ({ birthDate }: Member, _args: Args, { clock }: Context) =>
      birthDate && ageBracketOf(birthDate, dayInParis(clock())),
  },
};

/** A line has no birthplace, so it names nobody for certain: who is behind it, if anybody, the hub tells by what civil status has proven. */
function withPerson(member: Member, context: Context): Member & { readonly person: Person | null } {
  const { birthName, givenNames, birthDate, gender } = member;
  if (birthName === null || givenNames === null || birthDate === null) return { ...member, person: null };
  const identity = {
    family_name: birthName,
    given_name: givenNames.join(' '),
    given_name_array: givenNames,
    birthdate: birthDate,
    ...(gender && { gender: gender === 'FEMALE' ? ('female' as const) : ('male' as const) }),
  };
  return { ...member, person: context.meet({ identity }) };
}

function lastDayOf(year: number, month: number): string {
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
