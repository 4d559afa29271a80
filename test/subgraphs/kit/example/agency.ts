import { AgencyInputError } from '../../../../subgraphs/kit/errors.ts';
import { createLoader, type Loader } from '../../../../subgraphs/kit/loader.ts';
import type {
  AgencyContext,
  AgencyDefinition,
  AgencyModule,
  Person,
  RecordIdentity,
} from '../../../../subgraphs/kit/agencyModule.ts';

/** An agency small enough to read, with a field for each thing the kit must do. Its people are invented. */
export interface Row {
  readonly number: string;
  readonly identity: RecordIdentity;
  readonly members: readonly string[];
}

interface Loaders {
  readonly quotientByNumber: Loader<string, number>;
}
type Context = AgencyContext<Loaders>;

/** How often the agency's own system was read. */
export interface Reads {
  persons: number;
  quotients: number;
  /** Loaders made: one set per request. */
  loaders: number;
}

export function exampleDefinition(
  rows: readonly Row[],
  reads: Reads = { persons: 0, quotients: 0, loaders: 0 },
): AgencyDefinition {
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  return {
    findPersons: (identities) => {
      reads.persons += 1;
      return Promise.resolve(identities.map(() => rows.map((record) => ({ identity: record.identity, record }))));
    },
    loaders: (): Loaders => {
      reads.loaders += 1;
      return {
        quotientByNumber: createLoader((numbers) => {
          reads.quotients += 1;
          return Promise.resolve(new Map(numbers.map((number) => [number, 100 + number.length])));
        }),
      };
    },
    resolvers: {
      Query: {
        me: (_parent: unknown, _args: object, context: Context) => context.self(),
        open: () => 'open',
        forgotten: () => 'must not leave',
      },
      Citizen: {
        file: (person: Person<Row>) => person.record,
        assessment: (_person: Person<Row>, { incomeYear }: { incomeYear: number }) => ({
          incomeYear,
          reference: 12_000,
          gross: 15_000,
        }),
        certificate: () => 'certificate',
        birthAct: () => 'act',
        children: (person: Person<Row>, _args: object, context: Context) =>
          person.record!.members.map((number) => {
            const child = byNumber.get(number)!;
            return context.meet({ identity: child.identity, role: 'CHILD_PROVEN', record: child });
          }),
        broken: () => {
          throw new Error('duplicate key (name)=(SECRETVALUE) at 10.0.0.7');
        },
        picky: (_person: Person<Row>, { code }: { code?: string }) => {
          if (code === 'bad') throw new AgencyInputError('code');
          return code;
        },
        slow: () => new Promise(() => undefined),
        forgotten: () => 'must not leave',
      },
      File: {
        quotient: (row: Row, _args: object, { loaders }: Context) => loaders.quotientByNumber.load(row.number),
        otherHolder: () => 'OTHER',
        members: (row: Row) => row.members.map((number) => byNumber.get(number)),
      },
      Member: {
        name: (row: Row) => row.identity.family_name,
        birthDate: (row: Row) => row.identity.birthdate,
        person: (row: Row, _args: object, context: Context) => {
          const { family_name, given_name, birthdate } = row.identity;
          return context.meet({ identity: { family_name, given_name, birthdate } });
        },
      },
    },
  };
}

export const agency: AgencyModule = { open: () => Promise.resolve(exampleDefinition([])) };
