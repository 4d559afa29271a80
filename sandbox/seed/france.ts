import { CHILDCARE_HOUSEHOLDS } from './households/childcare.ts';
import { CIVILITY_HOUSEHOLDS } from './households/civility.ts';
import { FRANCE_CONNECT_HOUSEHOLDS } from './households/franceConnect.ts';
import { OLD_QUOTIENT_HOUSEHOLDS } from './households/oldQuotient.ts';
import { SINGLES } from './households/singles.ts';
import type { Household, Person, PersonId } from './people.ts';

/** Everybody who lives in the sandbox. */
export interface France {
  readonly households: readonly Household[];
  /** In the order of their households. */
  readonly persons: ReadonlyMap<PersonId, Person>;
}

export function createFrance(): France {
  const households = [
    ...FRANCE_CONNECT_HOUSEHOLDS,
    ...CIVILITY_HOUSEHOLDS,
    ...CHILDCARE_HOUSEHOLDS,
    ...OLD_QUOTIENT_HOUSEHOLDS,
    ...SINGLES,
  ];
  const persons = new Map<PersonId, Person>();
  for (const person of households.flatMap(everybody)) {
    if (persons.has(person.id)) throw new TypeError(`two persons have the id "${person.id}"`);
    persons.set(person.id, person);
  }
  return { households, persons };
}

export function everybody({ adults, children, others }: Household): readonly Person[] {
  return [...adults, ...children, ...others];
}

export function getPerson({ persons }: France, id: PersonId): Person {
  const person = persons.get(id);
  if (!person) throw new TypeError(`nobody has the id "${id}"`);
  return person;
}
