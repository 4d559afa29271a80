/*
 * The visitor's tabs survive the way to the login page and back, and a reload. GraphiQL's own memory of them is switched off: it stores
 * query, variables and tabs at three different moments (0.1 to 0.5 s after an edit) and, when they disagree, opens a tab twice or shows
 * an older query (seen with 3.8.2).
 */

const TABS = 'explorer.tabs';
const NOT_KEPT = new Set(
  ['tabState', 'query', 'variables', 'headers', 'operationName'].map((name) => `graphiql:${name}`),
);

/** What GraphiQL may keep of itself (history, open panels): the browser's storage without tabs. */
export const storageWithoutTabs = {
  getItem: (name) => (NOT_KEPT.has(name) ? null : localStorage.getItem(name)),
  setItem: (name, value) => (NOT_KEPT.has(name) ? undefined : localStorage.setItem(name, value)),
  removeItem: (name) => localStorage.removeItem(name),
  clear: () => localStorage.clear(),
  get length() {
    return localStorage.length;
  },
};

/** @param editors GraphiQL's editor context, as it stands when the visitor leaves */
export function keepTabs({ tabs, activeTabIndex, queryEditor, variableEditor }) {
  const kept = tabs.map(({ query, variables }) => ({ query, variables }));
  // The active tab's own record lags behind its editors.
  kept.splice(activeTabIndex, 1);
  kept.unshift({ query: queryEditor.getValue(), variables: variableEditor?.getValue() ?? '' });
  sessionStorage.setItem(TABS, JSON.stringify(kept));
}

/** The tabs that were kept, the active one first; undefined at a first visit. */
export function findTabs() {
  return JSON.parse(sessionStorage.getItem(TABS) ?? 'null') ?? undefined;
}
