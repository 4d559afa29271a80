import DataLoader from 'dataloader';
import type { GrantSubject } from '../../schema/grant.ts';
import type { MetPersonClaims } from '../../schema/metPerson.ts';
import type { AgencyDefinition, MetPerson, Person, RequestScope } from './agencyModule.ts';
import { isCompleteIdentity, matchesByStatedRules, reconcile } from './reconcile.ts';
import { rightsIn, type Rights } from './rights.ts';

const NOTHING_REQUIRED: Person['required'] = {};

/** The only objects that the guard takes for persons: what an agency builds itself carries no rights. */
export class KnownPerson implements Person {
  readonly subject: GrantSubject | undefined;
  readonly record: unknown;
  readonly rights: Rights;
  /** For a person whom the grant does not name: what is sealed into the `id`. */
  readonly met: MetPerson<unknown> | undefined;
  readonly required: Person['required'];

  constructor(
    of: Pick<KnownPerson, 'subject' | 'record' | 'rights' | 'met'>,
    required: Person['required'] = NOTHING_REQUIRED,
  ) {
    this.required = required;
    this.subject = of.subject;
    this.record = of.record;
    this.rights = of.rights;
    this.met = of.met;
  }
}

/** Seals what is known of a met person for the hub, under the keys of the grant in hand. */
export type SealMet = (claims: Pick<MetPersonClaims, 'identity' | 'role'>) => Promise<string>;

/** The persons of one request: those the grant names, and those met in the answer. */
export interface Persons {
  /** The person behind a representation's id; null when the grant does not name it or the agency's file does not hold them. */
  byReference(reference: unknown, required: Person['required']): Promise<KnownPerson | null>;
  self(): Promise<KnownPerson | null>;
  meet(met: MetPerson<unknown>): KnownPerson;
  /** The public id: the agency's reference, or a sealed identity. */
  idOf(person: KnownPerson): string | Promise<string>;
  /** Rights of the caller. */
  readonly selfRights: Rights;
  /** Rights over third parties inside the caller's own file; undefined when those are judged as themselves. */
  readonly inFileRights: Rights | undefined;
}

export function createPersons(
  { findPersons, matches = matchesByStatedRules }: Pick<AgencyDefinition, 'findPersons' | 'matches'>,
  request: RequestScope,
  sealMet: SealMet,
): Persons {
  const { subjects, met: metRights } = request.grant;
  const rightsFor = rightsIn(request);
  const byReference = new Map(subjects.map((subject) => [subject.reference, subject]));
  const self = subjects.find((subject) => subject.role === 'SELF');

  // One question to the agency's file for all the subjects of the fetch, however many representations there are.
  const known = new DataLoader<GrantSubject, KnownPerson | null>(async (asked) => {
    const found = await findPersons?.(
      asked.map((subject) => subject.pivot),
      request,
    );
    return asked.map((subject, index) => {
      const rights = rightsFor(subject.scopes);
      if (!found) return new KnownPerson({ subject, record: undefined, rights, met: undefined });
      const reconciled = reconcile(subject.pivot, found[index] ?? [], matches);
      if ('record' in reconciled) {
        return new KnownPerson({ subject, record: reconciled.record, rights, met: undefined });
      }
      request.log.info({ requestId: request.grant.requestId, absent: reconciled.absent }, 'person absent');
      return null;
    });
  });

  return {
    async byReference(reference, required) {
      const subject = typeof reference === 'string' ? byReference.get(reference) : undefined;
      const person = subject ? await known.load(subject) : null;
      return person && new KnownPerson(person, required);
    },
    self: async () => (self ? known.load(self) : null),
    meet(met) {
      // Rights follow the subject on whatever path they are met. A complete identity tells who it is; a line of a file, which knows less, can only be one
      // of the relatives whom the hub has proven, never the caller or a third party.
      const whole = isCompleteIdentity(met.identity);
      const same = subjects.filter(
        (subject) => (whole || isProvenRelative(subject)) && matches(subject.pivot, met.identity),
      );
      const subject = same.length === 1 ? same[0] : undefined;
      const scopes = subject?.scopes ?? (met.role && metRights[met.role]);
      return new KnownPerson({ subject, record: met.record, rights: rightsFor(scopes), met });
    },
    idOf: ({ subject, met }) => {
      if (subject) return subject.reference;
      const { identity, role } = met!;
      return sealMet(role ? { identity, role } : { identity });
    },
    selfRights: rightsFor(self?.scopes),
    inFileRights: metRights.IN_FILE && rightsFor(metRights.IN_FILE),
  };
}

function isProvenRelative({ role }: GrantSubject): boolean {
  return role === 'CHILD_PROVEN' || role === 'SPOUSE';
}
