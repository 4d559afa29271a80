import { dayInParis } from '../../schema/parisCalendar.ts';
import type { AgencyContext, Person, Resolvers } from '../kit/agencyModule.ts';
import type { CommuneNames } from './communes.ts';
import { countryName } from './countries.ts';
import { identityOf, withheldAs } from './identity.ts';
import type { Loaders } from './loaders.ts';
import { isMinor } from './majority.ts';
import type { CivilRecord, RecordId } from './source.ts';

type Context = AgencyContext<Loaders>;
type Args = Readonly<Record<string, never>>;

export function createResolvers(communeName: CommuneNames): Resolvers {
  return {
    Citizen: {
      civilStatus: ({ record }: Person<CivilRecord>) => record ?? null,
      relationProof: ({ record }: Person<CivilRecord>, _args: Args, context: Context) =>
        record ? proofOf(record, context) : null,
    },
    CivilStatus: {
      source: () => 'État civil',
      asOf: (_record: CivilRecord, _args: Args, { clock }: Context) => dayInParis(clock()),
      gender: ({ gender }: CivilRecord) => gender.toUpperCase(),
      birthPlace: ({ birthPlace }: CivilRecord) =>
        birthPlace && { inseeCode: birthPlace, name: communeName(birthPlace) },
      birthCountry: ({ birthCountry }: CivilRecord) => ({ cogCode: birthCountry, name: countryName(birthCountry) }),
      birthCertificate: ({ birthCertificate }: CivilRecord) =>
        birthCertificate && {
          number: birthCertificate.number,
          office: birthCertificate.office ?? communeName(birthCertificate.officeInseeCode ?? ''),
          officeInseeCode: birthCertificate.officeInseeCode ?? null,
        },
      parents: async ({ parents }: CivilRecord, _args: Args, context: Context) => {
        const known = await registered(parents, context);
        return known.map((record) => context.meet({ identity: identityOf(record), record }));
      },
      children: childrenOf,
      union: unionOf,
    },
  };
}

/** For the hub alone, which must know whom it may not speak of: nobody is left out here. */
async function proofOf({ children, union }: CivilRecord, { loaders, clock }: Context): Promise<object> {
  const today = dayInParis(clock());
  const known = await Promise.all(
    children.map(async ({ id, parentalAuthority }) => {
      const record = await loaders.recordById.load(id);
      return record && provenRelative(record, parentalAuthority && isMinor(record.birthDate, today));
    }),
  );
  const partner = union && (await loaders.recordById.load(union.partner));
  return {
    children: known.filter((child) => child !== null),
    partner: partner ? provenRelative(partner, false) : null,
  };
}

function provenRelative(record: CivilRecord, parentalAuthority: boolean): object {
  const { birthName, givenNames, birthDate, birthPlace, birthCountry } = record;
  const standing = withheldAs(record) ?? 'PRESENT';
  const gender = record.gender.toUpperCase();
  return { birthName, givenNames, gender, birthDate, birthPlace, birthCountry, parentalAuthority, standing };
}

/** People in the register who may be named at all: the dead and the protected are left out as if nobody had written them down. */
async function registered(ids: readonly RecordId[], { loaders }: Context): Promise<readonly CivilRecord[]> {
  const records = await Promise.all(ids.map((id) => loaders.recordById.load(id)));
  return records.filter((record) => record !== null && withheldAs(record) === undefined) as readonly CivilRecord[];
}

async function childrenOf({ children }: CivilRecord, _args: Args, context: Context): Promise<readonly object[]> {
  const today = dayInParis(context.clock());
  const authority = new Map(children.map((child) => [child.id, child.parentalAuthority]));
  const known = await registered([...authority.keys()], context);
  return known.map((record) => {
    const parentalAuthority = authority.get(record.id) === true && isMinor(record.birthDate, today);
    const identity = identityOf(record);
    return {
      // The register proves a parent's right over a child only where there is authority, and until the child is of age.
      child: context.meet(parentalAuthority ? { identity, record, role: 'CHILD_PROVEN' } : { identity, record }),
      parentalAuthority,
    };
  });
}

async function unionOf({ union }: CivilRecord, _args: Args, context: Context): Promise<object | null> {
  if (!union) return null;
  const [partner] = await registered([union.partner], context);
  return {
    kind: union.kind,
    since: union.since,
    partner: partner ? context.meet({ identity: identityOf(partner), record: partner, role: 'SPOUSE' }) : null,
  };
}
