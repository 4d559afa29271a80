import { type Catalogue, dataFields, holderOf } from '../catalogue/catalogue.ts';
import { exampleQuery } from '../catalogue/exampleQuery.ts';

interface Item {
  readonly name: string;
  readonly request?: object;
  readonly event?: readonly object[];
  readonly item?: readonly Item[];
}

/** Version 2.1 of Postman's collections, which Bruno and Insomnia import as well. */
const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

/**
 * A collection of requests: the token exchange, then one query for each field of the catalogue, in folders by agency. Holds no secret: those are
 * variables that whoever imports it fills in.
 */
export function requestCollection(catalogue: Catalogue, graphUrl: string, incomeYear: number): object {
  const folders = catalogue.agencies.map(({ name, label }): Item => {
    const fields = dataFields(catalogue).filter((field) => holderOf(catalogue, field)?.name === name);
    return {
      name: label.fr,
      item: fields.flatMap((field) => {
        const query = exampleQuery(catalogue, field, incomeYear);
        return query === undefined ? [] : [{ name: field.coordinate, request: graphRequest(query) }];
      }),
    };
  });
  return {
    info: { name: 'Trait d’Union', description: `Graph ${catalogue.version}`, schema: SCHEMA },
    item: [tokenExchange(), serviceToken(), ...folders],
    variable: [
      { key: 'graph', value: graphUrl },
      { key: 'tokenEndpoint', value: new URL('session/token', graphUrl).href },
      ...['clientId', 'clientSecret', 'purpose', 'franceConnectToken', 'token'].map((key) => ({ key, value: '' })),
    ],
  };
}

function graphRequest(query: string): object {
  return {
    method: 'POST',
    url: '{{graph}}',
    header: [{ key: 'Accept', value: 'application/graphql-response+json' }],
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    body: { mode: 'graphql', graphql: { query, variables: '' } },
  };
}

/** Its answer becomes the variable that every query's Authorization is made of. */
function tokenExchange(): Item {
  const keep =
    "const { access_token } = pm.response.json(); if (access_token) pm.collectionVariables.set('token', access_token);";
  const event = [{ listen: 'test', script: { type: 'text/javascript', exec: [keep] } }];
  const exchange = formRequest('Token exchange (RFC 8693)', {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: '{{franceConnectToken}}',
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    purpose: '{{purpose}}',
  });
  return { ...exchange, event };
}

function serviceToken(): Item {
  return formRequest("The service's own token", { grant_type: 'client_credentials' });
}

function formRequest(name: string, form: Readonly<Record<string, string>>): Item {
  const all = { ...form, client_id: '{{clientId}}', client_secret: '{{clientSecret}}' };
  const urlencoded = Object.entries(all).map(([key, value]) => ({ key, value, type: 'text' }));
  return { name, request: { method: 'POST', url: '{{tokenEndpoint}}', body: { mode: 'urlencoded', urlencoded } } };
}
