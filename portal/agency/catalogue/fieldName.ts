import type { Language } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import { scopesOf, type Catalogue, type CatalogueField } from './catalogue.ts';

/** What a field is called: for the window's title, and for the page, where what is English is marked so. */
export interface FieldName {
  readonly plain: string;
  readonly shown: Html;
}

/**
 * The label of the category that opens it alone (`Family quotient`). Else its own name in words, after that of the one category which leads to it
 * (`Family quotient: euros a month`): the schema's description in English, and in French what stands there in brackets, where that is words.
 */
export function fieldName(field: CatalogueField, catalogue: Catalogue, language: Language): FieldName {
  const own = onlyLabel(field.scopes ?? [], catalogue, language);
  if (own !== undefined) return { plain: own, shown: html`${own}` };
  const opener = field.scopes === null ? onlyLabel(scopesOf(catalogue, field), catalogue, language) : undefined;
  const inFrench = language === 'fr' ? frenchIn(field.description) : undefined;
  const words = inFrench ?? (field.description.split(/[.(:;]/)[0]!.trim() || field.coordinate);
  const named =
    opener === undefined ? capitalised(words) : words.replace(/^[A-Z](?=[a-z ])/, (first) => first.toLowerCase());
  const shown = inFrench === undefined && language !== 'en' ? html`<span lang="en">${named}</span>` : html`${named}`;
  const colon = language === 'fr' ? '\u00a0: ' : ': ';
  return opener === undefined
    ? { plain: named, shown }
    : { plain: opener + colon + named, shown: html`${opener}${colon}${shown}` };
}

/** A description with its code in code: descriptions are written in Markdown. */
export function described(description: string): Html {
  const parts = description.split(/`([^`]+)`/);
  return html`<span lang="en">${parts.map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}</span>`;
}

function onlyLabel(
  [only, ...others]: readonly (readonly string[])[],
  { scopes }: Catalogue,
  language: Language,
): string | undefined {
  if (only?.length !== 1 || others.length > 0) return undefined;
  return scopes.find(({ name }) => name === only[0])?.label[language];
}

/** `date de l’union` of `Day of the celebration or registration (date de l’union).`; names on the wire (`datEtab`, `nom_usage`) are no words. */
function frenchIn(description: string): string | undefined {
  const bracketed = /\(([^)]*)\)/.exec(description)?.[1]?.split(',')[0]?.trim();
  return bracketed !== undefined && /^[\p{Ll}][\p{Ll}’' -]+$/u.test(bracketed) ? bracketed : undefined;
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
