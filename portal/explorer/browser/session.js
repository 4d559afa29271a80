/*
 * The sandbox's code flow with PKCE, from the browser: the client is the service the visitor chose, and the code comes back to this very
 * page. The token stays in this tab's session storage.
 */

const TOKEN = 'explorer.token';
const PENDING = 'explorer.pending';

/**
 * Leaves the page for the login page.
 * @param {{ issuer: string, persona: string, service: string, purpose: string, scope: string, acr: string }} choice
 */
export async function startSignIn(choice) {
  const { authorization_endpoint } = await discover(choice.issuer);
  const verifier = randomText();
  const state = randomText();
  sessionStorage.setItem(PENDING, JSON.stringify({ ...choice, verifier, state }));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const url = new URL(authorization_endpoint);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: choice.service,
    redirect_uri: redirectUri(),
    scope: `openid ${choice.scope}`,
    purpose: choice.purpose,
    acr_values: choice.acr,
    login_hint: choice.persona,
    state,
    code_challenge: toBase64Url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  }).toString();
  location.assign(url);
}

/**
 * When the page was opened by the login page's redirect: redeems the code, keeps the token, and cleans the address.
 * @returns {Promise<string | undefined>} the provider's words when it refused, undefined otherwise
 */
export async function finishSignIn() {
  const answer = new URLSearchParams(location.search);
  if (!answer.has('state')) return undefined;
  history.replaceState(null, '', location.pathname);
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null');
  sessionStorage.removeItem(PENDING);
  if (pending === null || answer.get('state') !== pending.state || answer.get('iss') !== pending.issuer) return 'state';
  if (answer.has('error')) return answer.get('error_description') ?? answer.get('error') ?? 'error';
  const { token_endpoint } = await discover(pending.issuer);
  const response = await fetch(token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: pending.service,
      redirect_uri: redirectUri(),
      code: answer.get('code') ?? '',
      code_verifier: pending.verifier,
    }),
  });
  const body = await response.json();
  if (!response.ok) return body.error_description ?? body.error;
  const { family_name, given_name, preferred_username, acr } = readClaims(body.access_token);
  const session = {
    token: body.access_token,
    expiresAtMs: Date.now() + body.expires_in * 1000,
    service: pending.service,
    name: `${given_name} ${preferred_username ?? family_name}`,
    acr,
  };
  sessionStorage.setItem(TOKEN, JSON.stringify(session));
  return undefined;
}

/** @returns {{ token: string, expiresAtMs: number, service: string, name: string, acr: string } | undefined} */
export function findSession() {
  return JSON.parse(sessionStorage.getItem(TOKEN) ?? 'null') ?? undefined;
}

export function forgetSession() {
  sessionStorage.removeItem(TOKEN);
}

async function discover(issuer) {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  return response.json();
}

function redirectUri() {
  return location.origin + location.pathname;
}

function randomText() {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function toBase64Url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** For display only: the hub is who verifies. */
function readClaims(token) {
  const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))));
}
