import type { Language } from '../../i18n/language.ts';

/** Who holds facts about people, as `agency` names them in the graph. */
export type Holder = 'civil-status' | 'family' | 'income' | 'address';

export interface Bilingual {
  readonly fr: string;
  readonly en: string;
}

/** Things that several holders write down, each its own way. */
export type Topic = 'address' | 'birthName' | 'usageName' | 'givenNames' | 'birthDate';

/** One thing that an agency may know of a person, as the portal asks for it and says it. */
export interface Fact {
  readonly holder: Holder;
  /** The category of data that opens it. */
  readonly scope: string;
  /** Where it stands below `me`: `['civilStatus', 'birthName']`. A part that holds one answer a year is asked once for each. */
  readonly path: readonly string[];
  /** What to select of it, braces included; absent for a value. */
  readonly selection?: string;
  readonly label: Bilingual;
  /** In words, one item a line; undefined when there is nothing. `value` is as the graph gives it, never null. */
  readonly say: (value: never, language: Language) => string | readonly string[] | undefined;
  readonly topic?: Topic;
}

/** Types one fact's value: `fact<number>({ … })`. */
export function fact<Value>(
  written: Omit<Fact, 'say'> & {
    readonly say: (value: Value, language: Language) => string | readonly string[] | undefined;
  },
): Fact {
  return written;
}
