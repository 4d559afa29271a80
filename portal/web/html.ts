import { html as escaping } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Markup made by the `html` tag; everything else that is put into a template is text and gets escaped. */
export type Html = HtmlEscapedString;

/** What may stand in a template; `undefined`, `null` and `false` are nothing. */
export type Part = Html | string | number | undefined | null | false | readonly Part[];

/**
 * `html\`<p class="${tone}">${name}</p>\``: escaped unless it is markup itself, in text and in quoted attributes. Attributes are always
 * quoted, and nothing is ever put into a script, a style or an event handler: the pages' policy would not run them.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  // The library answers with a promise when a part is one; the types above keep promises out.
  return escaping(strings, ...parts) as Html;
}

/** ` name="value"` for each attribute that has a value; `true` is the name alone, false and undefined are nothing. */
export function attributes(values: Readonly<Record<string, string | number | boolean | undefined>>): Html {
  const parts = Object.entries(values).map(([name, value]) => {
    if (value === undefined || value === false) return '';
    return value === true ? html` ${name}` : html` ${name}="${value}"`;
  });
  return html`${parts}`;
}
