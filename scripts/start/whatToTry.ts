/** What a person who has just started the sandbox may paste into another terminal. */
export function whatToTry(
  {
    gateway,
    portal,
    agencyPortal,
    service,
    sandbox,
  }: Readonly<Record<'gateway' | 'portal' | 'agencyPortal' | 'service' | 'sandbox', string>>,
  dataDir: string,
): string {
  const setting = dataDir === '.data' ? '' : `HUB_DATA_DIR=${dataDir} `;
  const year = new Date().getFullYear() - 1;
  const tokenOf = (persona: string, at: string) =>
    `${setting}npm run --silent token -- --persona ${persona} --service ${at}`;
  const ask = (token: string, query: string) =>
    `curl -s ${gateway} -H "authorization: Bearer ${token}" -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`;
  return `
Trait d'Union, bac à sable: toutes les personnes sont inventées / sandbox: every person is invented

  portal      ${portal}        (what a citizen sees)
  catalogue   ${agencyPortal}        (what can be asked, and how to get it)
  service     ${service}        (a town's forms: canteen, crèche, rent)
  graph       ${gateway}        (GraphiQL)
  people      ${sandbox}/directory.json

1. a token: Paul Dupont asks the school canteen for its price

   TOKEN=$(${tokenOf('dupont-paul', 'canteen')})

2. one query over four agencies: what he may have, and why not the rest

   ${ask('$TOKEN', `{ me { civilStatus { givenNames birthName } familyFile { quotient { value } } taxAssessment(incomeYear: ${year}) { referenceTaxIncome taxAmount } addresses { address { city } } } }`)}

3. those near the one who asks. A mother of four at the crèche: one child by her word, one of 16 or 17 by the girl's own, two refused (subject: CHILD)

   ${ask(`$(${tokenOf('dupont-sophie', 'creche')})`, '{ me { familyFile { children { ageBracket person { civilStatus { givenNames birthDate } } } } } }')}

   A couple at the housing office: served, since her wife has agreed; with --persona dupont-paul refused (subject: SPOUSE, and where to ask his wife: consentUrl)

   ${ask(`$(${tokenOf('gautier-emilie', 'housing')})`, `{ me { civilStatus { union { kind partner { taxAssessment(incomeYear: ${year}) { referenceTaxIncome } } } } } }`)}

4. who looked at his data: Paul Dupont, in his own log

   ${ask(`$(${tokenOf('dupont-paul', 'portal')})`, '{ me { accessLog(first: 5) { nodes { at service { name } agency { id } fields { coordinate outcome reason } } } } }')}

Ctrl-C ends everything. Log: ${dataDir}/hub.log
`;
}
