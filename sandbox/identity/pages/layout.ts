import { html, type Html } from './html.ts';

/** French with English beside it; readers of a screen get each in its own language. */
export function both(fr: string, en: string): Html {
  return html`${fr} <span lang="en" class="en">${en}</span>`;
}

/** A whole page of the sandbox, in its own calm look: no State emblem, no FranceConnect button. */
export function page(title: string, main: Html): string {
  return html`<!doctype html>
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} – bac à sable Trait d’Union</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/sandbox.css" />
      </head>
      <body>
        <header>
          <p class="brand"><a href="/">Trait d’Union</a></p>
          <p class="notice">
            <strong>Bac à sable</strong> : personnes fictives, aucune donnée réelle.
            <span lang="en" class="en"><strong>Sandbox</strong>: invented people, no real data.</span>
          </p>
        </header>
        <main>${main}</main>
      </body>
    </html>`.toString();
}

/** Served at /sandbox.css, so that pages need no inline style. */
export const STYLESHEET = `
:root { --ink: #1d2a35; --soft: #51606d; --line: #d5dde3; --paper: #f5f7f8; --sea: #0f5c63; --sea-pale: #e3f0f0; --sand: #fbf1dc; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 system-ui, "Segoe UI", "Liberation Sans", sans-serif; }
header { background: var(--sand); border-bottom: 1px solid #ead9b3; padding: .75rem 1.5rem; display: flex; flex-wrap: wrap; gap: .25rem 2rem; align-items: baseline; }
header p { margin: 0; }
.brand a { font-weight: 700; color: var(--sea); text-decoration: none; font-size: 1.125rem; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: .5rem 0 1rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
h1 .en, h2 .en, legend .en { font-weight: 400; }
.en { color: var(--soft); font-size: .9375em; }
h1 .en, p > .en.block, .card p .en { display: block; }
a { color: var(--sea); }
a:focus-visible, button:focus-visible, input:focus-visible { outline: 3px solid #b8721a; outline-offset: 2px; }
fieldset { border: 1px solid var(--line); border-radius: .5rem; background: #fff; padding: .75rem 1rem 1rem; margin: 0 0 1.5rem; }
legend { font-weight: 600; float: left; width: 100%; }
legend + * { clear: both; }
.levels { display: flex; flex-wrap: wrap; gap: .25rem 2rem; }
.levels label { display: flex; gap: .5rem; align-items: center; min-height: 2.75rem; }
input[type=radio], input[type=checkbox] { width: 1.25rem; height: 1.25rem; accent-color: var(--sea); flex: none; }
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
.card { background: #fff; border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; display: flex; flex-direction: column; gap: .375rem; }
.card.hinted { border: 2px solid var(--sea); }
.card h2, .card h3 { margin: 0; font-size: 1.125rem; }
.card p { margin: 0; }
.card .meta { color: var(--soft); font-size: .9375rem; }
.card button { margin-top: auto; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .375rem 1.25rem; border-radius: .375rem; border: 1px solid var(--sea); background: var(--sea); color: #fff; cursor: pointer; }
button:hover { background: #0a474d; }
button .en { color: inherit; font-weight: 400; }
button.quiet { background: #fff; color: var(--sea); }
button.quiet:hover { background: var(--sea-pale); }
.actions { display: flex; flex-wrap: wrap; gap: 1rem; margin-top: 1.5rem; }
.asked { background: #fff; border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1rem 1rem 2.25rem; margin: 1rem 0; }
.asked li { padding: .125rem 0; }
.error { background: #fdecea; border: 1px solid #c1372b; border-radius: .5rem; padding: .75rem 1rem; }
.box { display: flex; gap: .75rem; align-items: flex-start; margin: 1rem 0; }
td code { white-space: nowrap; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
code { font-family: ui-monospace, "Liberation Mono", monospace; font-size: .9375em; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; background: #fff; border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .75rem; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-top: 1px solid var(--line); }
`;
