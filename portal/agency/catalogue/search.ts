import MiniSearch from 'minisearch';
import { LANGUAGES } from '../../i18n/language.ts';
import { type Catalogue, type CatalogueField, dataFields, holderOf, scopesOf } from './catalogue.ts';
import { fieldName } from './fieldName.ts';

export type Search = (words: string) => readonly CatalogueField[];

const MAX_RESULTS = 40;
/** Of the best answer's score: what is worse than that has a word in common by chance. */
const WORTH_SHOWING = 0.15;
/** Words that are in every question and in no answer. */
const STOP_WORDS = new Set(
  'a au aux avec ce ces combien comment d dans de des du elle en est et il ils je l la le les leur ma mes mon ne on ou par pas pour qu que quel quelle qui sa se ses son sur un une y of the is are in my his her their how much many what which to do does and or for i get find'.split(
    ' ',
  ),
);

/** Without accents, in small letters: `Prénoms` and `prenoms` are one word. */
export function foldWord(word: string): string | null {
  const folded = word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return folded === '' || STOP_WORDS.has(folded) ? null : folded;
}

/**
 * Fields by everyday words, French and English: their names, descriptions, scopes' labels, agencies, traps, and how people call them. Accents
 * do not count, and one letter in five may be wrong.
 */
export function createSearch(catalogue: Catalogue): Search {
  const scopes = new Map(catalogue.scopes.map((scope) => [scope.name, scope]));
  const fields = new Map(dataFields(catalogue).map((field) => [field.coordinate, field]));
  const index = new MiniSearch<Record<string, string>>({
    idField: 'coordinate',
    fields: ['words', 'called', 'name', 'labels', 'description', 'holder', 'traps'],
    tokenize: (text) => text.split(/[\s\p{P}]+/u),
    processTerm: foldWord,
    searchOptions: {
      prefix: (term) => term.length >= 3,
      fuzzy: (term) => (term.length >= 4 ? 0.2 : false),
      boost: { words: 4, called: 3, name: 2, labels: 3 },
      combineWith: 'OR',
    },
  });
  index.addAll(
    [...fields.values()].map((field) => {
      const opening = scopesOf(catalogue, field).flat();
      const holder = holderOf(catalogue, field);
      return {
        coordinate: field.coordinate,
        words: field.words.join(' '),
        // As its page calls it, so that whoever has read a name finds it again.
        called: LANGUAGES.map((language) => fieldName(field, catalogue, language).plain).join(' '),
        name: field.coordinate.replace(/([a-z])([A-Z])/g, '$1 $2'),
        labels: field.scopes === null ? '' : opening.flatMap((name) => labelsOf(scopes.get(name)?.label)).join(' '),
        description: field.description,
        holder: labelsOf(holder?.label).join(' '),
        traps: field.traps.flatMap(labelsOf).join(' '),
      };
    }),
  );
  return (words) => {
    const found = index.search(words);
    return found
      .filter(({ score }) => score >= WORTH_SHOWING * found[0]!.score)
      .slice(0, MAX_RESULTS)
      .flatMap(({ id }) => fields.get(id as string) ?? []);
  };
}

function labelsOf(label: { readonly fr: string; readonly en: string } | undefined): readonly string[] {
  return label === undefined ? [] : [label.fr, label.en];
}
