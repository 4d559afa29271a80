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
  return `
Trait d'Union, bac à sable: toutes les personnes sont inventées / sandbox: every person is invented

  portal      ${portal}        (what a citizen sees)
  catalogue   ${agencyPortal}        (what can be asked, and how to get it)
  service     ${service}        (a town's forms: canteen, crèche)
  graph       ${gateway}        (GraphiQL)
  people      ${sandbox}/directory.json

1. a token: Paul Dupont asks the school canteen for its price

   TOKEN=$(${setting}npm run --silent token -- --persona dupont-paul --service canteen)

2. one query over four agencies: what he may have, and why not the rest

   curl -s ${gateway} -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '{"query":"{ me { civilStatus { givenNames birthName } familyFile { quotient { value } } taxAssessment(incomeYear: ${String(new Date().getFullYear() - 1)}) { referenceTaxIncome taxAmount } addresses { address { city } } } }"}'

3. who looked at his data: the same citizen, in his own log

   curl -s ${gateway} -H "authorization: Bearer $(${setting}npm run --silent token -- --persona dupont-paul --service portal)" -H 'content-type: application/json' -d '{"query":"{ me { accessLog(first: 5) { nodes { at service { name } agency { id } fields { coordinate outcome reason } } } } }"}'

Ctrl-C ends everything. Log: ${dataDir}/hub.log
`;
}
