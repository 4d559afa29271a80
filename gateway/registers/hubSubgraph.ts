import { readFileSync } from 'node:fs';
import { AGENCY_SCHEMA_HEADER } from '../../schema/directives.ts';
import { splitGrant, type Grant } from '../../schema/grant.ts';
import { findPurpose } from '../../schema/purposes.ts';
import type { AgencyContext } from '../../subgraphs/kit/agencyModule.ts';
import { createSubgraph, type TrustedRequest } from '../../subgraphs/kit/createSubgraph.ts';
import { type Clock, dayInParis } from '../platform/clock.ts';
import { HubError, errorMessage } from '../platform/errors.ts';
import type { ClientId, SubjectKey } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import type { References } from '../platform/references.ts';
import type { AccessLog } from './access/accessRecord.ts';
import { type AgencyLabels, createAccessFace } from './access/face.ts';
import type { Consent, ConsentLedger } from './consent/consent.ts';
import type { ProveRelations } from './consent/aboutWhom.ts';
import { createConsentFace } from './consent/face.ts';
import { buildReceipt } from './consent/receipt.ts';
import { type HubGrant, type OpenSubject, labelIn } from './faceContext.ts';
import { createHabilitationFace, unknownService } from './habilitation/face.ts';
import { createAccountsFace } from './habilitation/accountsFace.ts';
import { createErasureFace } from './erasure/face.ts';
import type { LoadedHabilitationRegister } from './habilitation/habilitationRegister.ts';
import { createRequestsFace } from './habilitation/requestsFace.ts';
import { type MoveFacePowers, createMoveFace } from './moves/face.ts';
import { createProveHousehold } from './moves/provenHousehold.ts';
import type { ServiceSecrets } from './habilitation/serviceSecrets.ts';

/** The registers as the hub's own subgraph, `hub`: called in process, by the same text as the agencies. */
export interface HubSubgraph {
  /** Takes the place of a sealed grant in a body that does not leave the process (schema/grant.ts, withGrant). */
  carryGrant(grant: HubGrant): string;
  /** What `answer` would say to the one question that nearly every request begins with, who am I, without any of its work; undefined for every other. */
  knownAnswer(head: string, caller: SubjectKey): string | undefined;
  /** A body in, the GraphQL answer's text out. */
  answer(body: string, signal?: TrustedRequest['signal']): Promise<string>;
}

export interface HubSubgraphPowers {
  readonly ledger: ConsentLedger;
  readonly habilitations: LoadedHabilitationRegister;
  /** Secrets of the token endpoint (gateway/session). */
  readonly serviceSecrets: ServiceSecrets;
  /** FranceConnect's `iss`; undefined where the hub is none of its data providers. */
  readonly franceConnectIssuer: string | undefined;
  readonly accessLog: AccessLog;
  readonly references: References;
  /** Who is whose relative, when an act is about them. */
  readonly proveRelations: ProveRelations;
  readonly agencyLabels: AgencyLabels;
  /** Left out, nobody declares anything here. */
  readonly moves?: Pick<MoveFacePowers, 'register' | 'communes' | 'holdsFile'>;
  /** Where citizens answer requests: the start of every consentUrl. */
  readonly portalUrl: string;
  /** A compact JWS over that JSON text (platform/receiptKeys.ts). */
  readonly signReceipt: (payload: string) => string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Grants on their way within the process; far more than requests at a time. */
const MAX_CARRIED = 10_000;

/** `{ me { id } }` as the planner asks it, a body without its grant. */
const ME_HEADS: ReadonlySet<string> = new Set([
  '{"query":"{me{__typename id}}"',
  '{"query":"{me{__typename id}}","variables":{}',
]);

const FACES = [
  'hub',
  'habilitation/face',
  'habilitation/agents',
  'consent/face',
  'access/face',
  'moves/face',
  'erasure/face',
];

/** The text of the subgraph's schema, header included, for composition. */
export function hubSubgraphSdl(): string {
  const faces = FACES.map((face) => readFileSync(new URL(`./${face}.graphql`, import.meta.url), 'utf8'));
  return [AGENCY_SCHEMA_HEADER, ...faces].join('\n');
}

export function createHubSubgraph(powers: HubSubgraphPowers): HubSubgraph {
  const { ledger, accessLog, habilitations, references, agencyLabels, clock, log } = powers;
  const openSubject: OpenSubject = (reference) => {
    const subject = references.openReference(reference, 'agency:hub');
    if (subject === undefined) throw new TypeError('hub subgraph: a reference that the hub did not give itself');
    return subject;
  };
  const openServiceReference = (reference: string, siret: string) =>
    references.openReference(reference, `service:${siret}`);
  const face = createHabilitationFace(habilitations);
  const { serviceOf, purposeOf } = face;
  const requests = createRequestsFace({ register: habilitations, face, clock });
  const accounts = createAccountsFace({
    register: habilitations,
    secrets: powers.serviceSecrets,
    franceConnectIssuer: powers.franceConnectIssuer,
  });
  const findTerms = habilitations.findHabilitation.bind(habilitations);
  const returnUrlsOf = (clientId: ClientId) => habilitations.getService(clientId)?.returnUrls ?? [];
  const consent = createConsentFace({
    ...{ ledger, clock, openSubject, findTerms, returnUrlsOf, serviceOf, purposeOf },
    ...{ portalUrl: powers.portalUrl, proveRelations: powers.proveRelations },
    openServiceReference,
    receiptFor: createReceiptFor(powers),
  });
  const access = createAccessFace({ accessLog, openSubject, agencyLabels, serviceOf, purposeOf });
  const moves =
    powers.moves &&
    createMoveFace({
      ...{ ...powers.moves, openSubject, openServiceReference, clock },
      agencyOf: (id) => ({ id, name: labelIn(agencyLabels.get(id) ?? { fr: id, en: id }) }),
      proveHousehold: createProveHousehold(powers.proveRelations, clock),
    });

  const erasure = createErasureFace({ moves: powers.moves?.register, ledger, openSubject, clock });

  const subgraph = createSubgraph({
    name: 'hub',
    typeDefs: hubSubgraphSdl(),
    resolvers: {
      Query: {
        me: (_parent: unknown, _args: object, context: AgencyContext) => context.self(),
        ...consent.Query,
        ...requests.Query,
        ...accounts.Query,
        ...moves?.Query,
      },
      Citizen: { ...consent.Citizen, ...access.Citizen, ...moves?.Citizen },
      Mutation: {
        ...consent.Mutation,
        ...requests.Mutation,
        ...accounts.Mutation,
        ...moves?.Mutation,
        ...erasure.Mutation,
      },
      Subscription: { ...consent.Subscription, ...moves?.Subscription },
    },
    clock,
    log,
    // Every request comes through the gateway's decide step, in this process.
    policies: 'judged-before',
    exposeError(thrown) {
      if (!(thrown instanceof HubError)) return undefined;
      return { message: errorMessage(thrown.code, 'en'), extensions: { ...thrown.extensions, code: thrown.code } };
    },
  });

  const carried = new Map<string, Grant>();
  let carriedCount = 0;

  return {
    carryGrant(grant) {
      const ticket = String((carriedCount += 1));
      carried.set(ticket, grant);
      // What was never sent (a client that left) is not kept for ever.
      if (carried.size > MAX_CARRIED) carried.delete(carried.keys().next().value!);
      return ticket;
    },
    knownAnswer(head, caller) {
      if (!ME_HEADS.has(head)) return undefined;
      return `{"data":{"me":{"__typename":"Citizen","id":"${references.referenceFor(caller, 'agency:hub')}"}}}`;
    },
    async answer(body, signal) {
      const { head, grant } = redeem(body, carried);
      const { query, variables = {} } = JSON.parse(`${head}}`) as {
        query: string;
        variables?: Record<string, unknown>;
      };
      return JSON.stringify(await subgraph.handle({ query, variables, grant, ...(signal && { signal }) }));
    },
  };
}

function redeem(body: string, carried: Map<string, Grant>): { readonly head: string; readonly grant: Grant } {
  const split = splitGrant(body);
  const grant = split && carried.get(split.sealedGrant);
  if (split === undefined || grant === undefined) throw new TypeError('hub subgraph: expected a body with a grant');
  carried.delete(split.sealedGrant);
  return { head: split.head, grant };
}

/** A consent's receipt needs what the habilitations' register knows: who asked, and for how long the data are kept. */
function createReceiptFor({ habilitations, references, portalUrl, signReceipt }: HubSubgraphPowers) {
  return (consent: Consent): string => {
    const { clientId, purpose, subject, acts } = consent;
    const { name, siret, address, contact } = habilitations.getService(clientId) ?? unknownService(clientId);
    const opened = acts.findLast(({ type }) => type === 'GIVEN') ?? acts.at(-1)!;
    const terms = habilitations.findHabilitation(clientId, purpose, dayInParis(Date.parse(opened.at)));
    const receipt = buildReceipt(consent, {
      service: { name, siret, address, contact },
      purposeLabel: findPurpose(purpose)?.label.fr ?? purpose,
      principalId: references.referenceFor(subject, `service:${siret}`),
      retentionMonths: terms?.retentionMonths,
      portalUrl,
    });
    return signReceipt(JSON.stringify(receipt));
  };
}
