import type { SubjectKey } from '../../../platform/ids.ts';
import type { Refusal } from '../../exchange.ts';
import type { FetchProgram } from '../compile/compileFetch.ts';
import { UnknownSubject } from '../compile/subjectIds.ts';
import { Fault } from '../merge/faults.ts';
import type { Run } from '../run.ts';

/** Whom the arguments of one fetch name, in the agency's words. */
export interface Named {
  /** By variable; those that are `gone` are left out. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly subjects: ReadonlySet<SubjectKey>;
  /** Variables that name somebody unknown to this service, or somebody about whom the agency may not be asked. */
  readonly gone: ReadonlySet<string>;
}

export const NOBODY_NAMED: Named = { values: new Map(), subjects: new Set(), gone: new Set() };

/**
 * Translates the references in arguments from the service's to the agency's. Whoever may not be asked about is told to nobody: the fields whose
 * arguments name them are not asked for, and say why (`run.namingFaults`); with an unknown reference they are absent, without a word.
 */
export function nameSubjects(fetch: FetchProgram, run: Run): Named {
  const { persons, variables } = run.input;
  const values = new Map<string, unknown>();
  const subjects = new Set<SubjectKey>();
  const gone = new Set<string>();
  const faults = new Map<string, Fault>();
  for (const { name, source } of fetch.naming) {
    const inIt = new Set<SubjectKey>();
    let refusal: Refusal | undefined;
    const translate =
      persons &&
      ((reference: string): string => {
        const subject = persons.fromService(reference);
        if (subject === undefined) throw new UnknownSubject();
        refusal ??= persons.judge(subject, fetch.agency, fetch.index);
        if (refusal) return '';
        inIt.add(subject);
        return persons.toAgency(subject, fetch.agency);
      });
    try {
      values.set(name, source(variables, translate));
    } catch (error) {
      if (!(error instanceof UnknownSubject)) throw error;
      gone.add(name);
      continue;
    }
    if (refusal) {
      values.delete(name);
      gone.add(name);
      faults.set(name, new Fault('UNAUTHORIZED_FIELD_OR_TYPE', fetch.agency, { refusal }));
    } else for (const subject of inIt) subjects.add(subject);
  }
  if (faults.size > 0) run.namingFaults[fetch.index] = faults;
  return { values, subjects, gone };
}
