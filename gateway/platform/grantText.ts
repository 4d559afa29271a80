import type { Grant, GrantSubject } from '../../schema/grant.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';

/**
 * JSON.stringify(grant), written out (a test holds the two equal): most of a grant's text is who the subject is and what may be read of them, the same in every
 * request of one caller, and is kept. Ids and digests are the hub's own and need no escaping.
 */
export function grantText(grant: Grant): string {
  const { aud, jti, iat, exp, requestId, service, purpose, acr, digest, subjects, met } = grant;
  let subjectTexts = '';
  for (const subject of subjects)
    subjectTexts += subjectTexts === '' ? subjectText(subject) : `,${subjectText(subject)}`;
  const asker = `{"clientId":${JSON.stringify(service.clientId)},"siret":${JSON.stringify(service.siret)}}`;
  return (
    `{"iss":"hub","aud":"${aud}","jti":"${jti}","iat":${iat},"exp":${exp},"requestId":"${requestId}","service":${asker},` +
    `"purpose":"${purpose}","acr":"${acr}","digest":"${digest}","subjects":[${subjectTexts}],"met":${JSON.stringify(met)}}`
  );
}

interface Kept {
  readonly role: GrantSubject['role'];
  readonly scopes: GrantSubject['scopes'];
  readonly text: string;
}

/** By the identity's object, which is a caller's for as long as their token is remembered, and by reference, which is another for each agency. */
const subjectTexts = new WeakMap<PivotIdentity, Map<string, Kept>>();

function subjectText(subject: GrantSubject): string {
  const { reference, role, scopes, pivot } = subject;
  let byReference = subjectTexts.get(pivot);
  if (byReference === undefined) subjectTexts.set(pivot, (byReference = new Map()));
  const kept = byReference.get(reference);
  if (kept?.role === role && kept.scopes === scopes) return kept.text;
  const text = JSON.stringify({ reference, role, scopes, pivot });
  byReference.set(reference, { role, scopes, text });
  return text;
}
