import { operation } from '../../graph.ts';

export interface AccountSummary {
  readonly service: { readonly clientId: string; readonly name: string; readonly siret: string };
}

export type ServiceActType =
  'REGISTERED' | 'CONTACTS_CHANGED' | 'RETURN_URL_ADDED' | 'RETURN_URL_REMOVED' | 'SECRET_MADE' | 'SECRET_ENDED';

export interface AccountDetails extends AccountSummary {
  readonly address: string | null;
  readonly contact: string | null;
  readonly returnUrls: readonly string[];
  readonly credentials: readonly { readonly issuer: string; readonly clientId: string }[];
  readonly secrets: readonly { readonly since: string | null }[];
  readonly history: readonly { readonly type: ServiceActType; readonly at: string; readonly about: string | null }[];
}

interface Changed {
  readonly change: { readonly account: AccountSummary; readonly secret: string | null };
}
interface Named {
  readonly clientId: string;
}
const CHANGED = '{ account { service { clientId name siret } } secret }';

export const ACCOUNTS = operation<{ serviceAccounts: readonly AccountSummary[] | null }>(
  'query ServiceAccounts { serviceAccounts { service { clientId name siret } } }',
);

export const ACCOUNT = operation<{ serviceAccount: AccountDetails | null }, Named>(
  `query ServiceAccount($clientId: ID!) { serviceAccount(clientId: $clientId) { service { clientId name siret } address contact
    returnUrls credentials { issuer clientId } secrets { since } history { type at about } } }`,
);

export const REGISTER = operation<Changed, { readonly input: object }>(
  `mutation RegisterService($input: ServiceInput!) { change: registerService(input: $input) ${CHANGED} }`,
);

export const CHANGE_CONTACTS = operation<Changed, Named & { readonly address: string; readonly contact: string }>(
  `mutation ChangeContacts($clientId: ID!, $address: String!, $contact: String!) {
    change: changeServiceContacts(clientId: $clientId, address: $address, contact: $contact) ${CHANGED} }`,
);

const onUrl = (name: string) =>
  operation<Changed, Named & { readonly url: string }>(
    `mutation ReturnUrl($clientId: ID!, $url: String!) { change: ${name}(clientId: $clientId, url: $url) ${CHANGED} }`,
  );
export const ADD_RETURN_URL = onUrl('addReturnUrl');
export const REMOVE_RETURN_URL = onUrl('removeReturnUrl');

const onSecret = (name: string) =>
  operation<Changed, Named>(`mutation Secret($clientId: ID!) { change: ${name}(clientId: $clientId) ${CHANGED} }`);
export const MAKE_SECRET = onSecret('makeServiceSecret');
export const END_OLDER_SECRET = onSecret('endOlderServiceSecret');
