import { HubError } from '../../platform/errors.ts';
import type { ClientId } from '../../platform/ids.ts';
import type { ActingAgent, FaceContext } from '../faceContext.ts';
import { isInstructor, requireActor, requireAgent } from './actingOffice.ts';
import type { Service } from './habilitation.ts';
import type { LoadedHabilitationRegister } from './habilitationRegister.ts';
import {
  type ServiceInput,
  checkContacts,
  checkReturnUrl,
  checkServiceInput,
  invalidService,
} from './habilitationRules.ts';
import {
  type ServiceAct,
  type ServiceActType,
  deleteReturnUrl,
  insertReturnUrl,
  insertService,
  updateContacts,
} from './serviceActStore.ts';
import type { ServiceSecrets } from './serviceSecrets.ts';

export interface AccountsFacePowers {
  readonly register: LoadedHabilitationRegister;
  readonly secrets: ServiceSecrets;
  /** FranceConnect's `iss`; undefined where the hub is none of its data providers. */
  readonly franceConnectIssuer: string | undefined;
}

interface ServiceArguments {
  readonly clientId: string;
}

/** A service's own page: keys, return addresses, contacts. All acts throw HubError HUB_SERVICE_* and then nothing has changed. */
export function createAccountsFace({ register, secrets, franceConnectIssuer }: AccountsFacePowers) {
  function toGraph(service: Service) {
    const { clientId, name, siret, address, contact, returnUrls = [], credentials } = service;
    return {
      ...{ service: { clientId, name, siret }, address, contact, returnUrls, credentials },
      secrets: () => secrets.list(clientId),
      history: async () =>
        (await register.listServiceActs(clientId)).map(({ actor, ...act }) => ({
          ...act,
          agent: actor.role === 'agent' ? actor.agent : null,
        })),
    };
  }

  const mayRead = (agent: ActingAgent, { siret }: Service) => siret === agent.siret || isInstructor(agent);

  /** A service of the agent's own body, for an agent who acts for it. */
  function requireOwn(clientId: string, context: FaceContext) {
    const { agent, siret } = requireActor(context, 'applicant');
    const service = register.getService(clientId as ClientId);
    if (service?.siret !== siret) throw new HubError('HUB_SERVICE_UNKNOWN');
    return { service, actor: { role: 'agent', agent, siret } } as const;
  }

  const account = (clientId: string) => toGraph(register.getService(clientId as ClientId)!);

  function changing<Arguments extends ServiceArguments>(
    type: ServiceActType,
    change: (
      input: Arguments,
      service: Service,
    ) => { about?: string; write: Parameters<LoadedHabilitationRegister['changeServices']>[1] },
  ) {
    return async (_parent: unknown, input: Arguments, context: FaceContext) => {
      const { service, actor } = requireOwn(input.clientId, context);
      const { about, write } = change(input, service);
      const act: ServiceAct = { type, clientId: service.clientId, actor, ...(about !== undefined && { about }) };
      await register.changeServices(act, write);
      return { account: account(input.clientId) };
    };
  }

  return {
    Query: {
      serviceAccounts(_parent: unknown, _args: object, context: FaceContext) {
        const agent = requireAgent(context);
        return register
          .listServices()
          .filter((service) => mayRead(agent, service))
          .map(toGraph);
      },
      serviceAccount(_parent: unknown, { clientId }: ServiceArguments, context: FaceContext) {
        const service = register.getService(clientId as ClientId);
        return service && mayRead(requireAgent(context), service) ? toGraph(service) : null;
      },
    },
    Mutation: {
      async registerService(_parent: unknown, { input }: { readonly input: ServiceInput }, context: FaceContext) {
        const { agent, siret } = requireActor(context, 'instructor');
        checkServiceInput(input);
        const clientId = input.clientId as ClientId;
        if (register.getService(clientId)) throw invalidService('clientId');
        const name = input.franceConnectClientId ?? undefined;
        if (name !== undefined && franceConnectIssuer === undefined) throw invalidService('franceConnectClientId');
        const credentials = name === undefined ? [] : [{ issuer: franceConnectIssuer!, clientId: name }];
        if (name !== undefined && register.findService(franceConnectIssuer!, name))
          throw invalidService('franceConnectClientId');
        const actor = { role: 'agent', agent, siret } as const;
        await register.changeServices({ type: 'REGISTERED', clientId, actor }, (transaction) =>
          insertService(transaction, { ...input, clientId, credentials }),
        );
        const secret = await secrets.make(clientId);
        return { account: account(clientId), secret };
      },
      changeServiceContacts: changing<ServiceArguments & Pick<ServiceInput, 'address' | 'contact'>>(
        'CONTACTS_CHANGED',
        (input, { clientId }) => {
          checkContacts(input);
          const { address, contact } = input;
          return { about: contact, write: (db) => updateContacts(db, clientId, { address, contact }) };
        },
      ),
      addReturnUrl: changing<ServiceArguments & { readonly url: string }>(
        'RETURN_URL_ADDED',
        ({ url }, { clientId }) => {
          checkReturnUrl(url);
          return { about: url, write: (db) => insertReturnUrl(db, clientId, url) };
        },
      ),
      removeReturnUrl: changing<ServiceArguments & { readonly url: string }>(
        'RETURN_URL_REMOVED',
        ({ url }, { clientId, returnUrls = [] }) => {
          if (!returnUrls.includes(url)) throw invalidService('url');
          return { about: url, write: (db) => deleteReturnUrl(db, clientId, url) };
        },
      ),
      async makeServiceSecret(_parent: unknown, { clientId }: ServiceArguments, context: FaceContext) {
        const { service, actor } = requireOwn(clientId, context);
        const secret = await secrets.make(service.clientId);
        if (secret === undefined) throw invalidService('secrets');
        await register.changeServices({ type: 'SECRET_MADE', clientId: service.clientId, actor }, nothingElse);
        return { account: account(clientId), secret };
      },
      async endOlderServiceSecret(_parent: unknown, { clientId }: ServiceArguments, context: FaceContext) {
        const { service, actor } = requireOwn(clientId, context);
        if (!(await secrets.endOlder(service.clientId))) throw invalidService('secrets');
        await register.changeServices({ type: 'SECRET_ENDED', clientId: service.clientId, actor }, nothingElse);
        return { account: account(clientId) };
      },
    },
  };
}

const nothingElse = () => Promise.resolve();
