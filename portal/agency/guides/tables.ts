import { html, type Html, type Part } from '../../web/html.ts';

/** May be broken where its parts meet: after an underscore, a bracket or a space, before a capital. */
export function codeWord(text: string): Html {
  const parts = text.split(/(?<=[_([ ])|(?<=[a-z])(?=[A-Z])/);
  return html`<code>${parts.map((part, at) => html`${at > 0 && html`<wbr />`}${part}`)}</code>`;
}

/** Wide tables scroll inside themselves, by keyboard too. */
export function table(caption: string, heads: readonly string[], rows: readonly (readonly Part[])[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table class="table">
      <caption class="for-screen-readers">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...others]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${others.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
