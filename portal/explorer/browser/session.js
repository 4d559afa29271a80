/*
 * The visitor's session. Codes and tokens are exchanged by the explorer's own server, which plays the service and holds its secret (signIn.ts); the
 * page gets the short hub token, and keeps it in this tab's session storage.
 */

const TOKEN = 'explorer.token';
const PENDING = 'explorer.pending';

/**
 * Leaves the page for the login page.
 * @param {{ persona: string, service: string, purpose: string, scope: string, acr: string }} choice
 */
export async function startSignIn(choice) {
  const response = await post('/explorer/sign-in', choice);
  if (!response.ok) throw new Error(`sign-in: ${response.status}`);
  const { location: loginPage, state } = await response.json();
  sessionStorage.setItem(PENDING, state);
  location.assign(loginPage);
}

/**
 * When the page was opened by the login page's redirect: has the code redeemed, keeps the token, and cleans the address.
 * @returns {Promise<string | undefined>} the provider's words when it refused, undefined otherwise
 */
export async function finishSignIn() {
  const { search } = location;
  const state = new URLSearchParams(search).get('state');
  if (state === null) return undefined;
  history.replaceState(null, '', location.pathname);
  const pending = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  if (state !== pending) return 'state';
  const response = await post('/explorer/session', { search });
  const { refusal, expiresInSeconds, ...session } = await response.json();
  if (refusal !== undefined) return refusal;
  if (!response.ok) throw new Error(`session: ${response.status}`);
  sessionStorage.setItem(TOKEN, JSON.stringify({ ...session, expiresAtMs: Date.now() + expiresInSeconds * 1000 }));
  return undefined;
}

/** @returns {{ token: string, expiresAtMs: number, service: string, name: string, acr: string } | undefined} */
export function findSession() {
  return JSON.parse(sessionStorage.getItem(TOKEN) ?? 'null') ?? undefined;
}

export function forgetSession() {
  sessionStorage.removeItem(TOKEN);
}

function post(path, body) {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
