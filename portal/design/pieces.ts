import { attributes, html, type Html, type Part } from '../web/html.ts';

/** What something is to the person: nothing in particular, well, to be looked at, or gone wrong. */
export type Tone = 'plain' | 'accent' | 'good' | 'attention' | 'danger';

/** A page's heading and, in a sentence, what it is for. */
export function pageHead(title: string | Html, lead?: Part): Html {
  return html`<div class="page-head">
    <h1>${title}</h1>
    ${lead !== undefined && html`<p class="page-head__lead">${lead}</p>`}
  </div>`;
}

/** A part of a page under its own heading; `id` makes it a place to link to. */
export function section(title: string, body: Part, id?: string): Html {
  return html`<section class="section" ${attributes({ id })}>
    <h2>${title}</h2>
    ${body}
  </section>`;
}

/** What the page itself has to say. `isNews`: screen readers say it at once (after a form). */
export function note(tone: Tone, title: string, body?: Part, isNews = false): Html {
  return html`<div class="note note--${tone}" ${attributes({ role: isNews && 'status' })}>
    <p><strong>${title}</strong></p>
    ${body}
  </div>`;
}

/** Where a list would be. */
export function empty(title: string, body?: Part): Html {
  return html`<div class="empty">
    <p><strong>${title}</strong></p>
    ${body !== undefined && html`<p>${body}</p>`}
  </div>`;
}

export function tag(tone: Tone, label: string): Html {
  return html`<span class="tag tag--${tone}">${label}</span>`;
}

/** Names and values; a value that is not there is not a row. */
export function facts(rows: readonly (readonly [name: string, value: Part])[]): Html {
  const shown = rows.filter(([, value]) => value !== undefined && value !== null && value !== false);
  return html`<dl class="facts">
    ${shown.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

export interface Card {
  readonly title: Part;
  /** [3] */
  readonly level?: 2 | 3;
  readonly aside?: Part;
  readonly body?: Part;
  readonly foot?: Part;
  readonly id?: string;
}

/** One thing a person can grasp and act upon. */
export function card({ title, level = 3, aside, body, foot, id }: Card): Html {
  const heading = level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`;
  return html`<article class="card" ${attributes({ id })}>
    <div class="card__head">${heading}${aside}</div>
    ${body} ${foot !== undefined && html`<div class="card__foot">${foot}</div>`}
  </article>`;
}

export function linkButton(href: string, label: Part, look: 'first' | 'second' = 'first'): Html {
  return html`<a class="button${look === 'second' ? ' button--second' : ''}" href="${href}">${label}</a>`;
}
