import { createAgencyKeys } from './platform/agencyKeys.ts';
import { createAgencyRequestIds } from './platform/agencyRequestIds.ts';
import { systemClock } from './platform/clock.ts';
import { loadGraph } from './platform/graph/loadGraph.ts';
import { openKeys } from './platform/keys.ts';
import { createMetPersonOpener } from './platform/metPersons.ts';
import { openReceiptKeys } from './platform/receiptKeys.ts';
import { createDeclarationSealer, openDeclarationKeys } from './platform/declarationSeal.ts';
import { createReferences } from './platform/references.ts';
import { createGrantSealer } from './platform/seal.ts';
import { createSubjectKeyOf } from './platform/subjectKey.ts';
import { createHubSubgraph } from './registers/hubSubgraph.ts';
import { loadCommunes } from './registers/moves/communes.ts';
import { createDecide } from './request/decide/decide.ts';
import { createDecideOffice } from './request/decide/decideOffice.ts';
import { explain } from './request/decide/explain.ts';
import { createEngine } from './request/fetch/engine.ts';
import { createFetch } from './request/fetch/fetch.ts';
import { createFetchOffice } from './request/fetch/fetchOffice.ts';
import { createPlanningBudget } from './request/fetch/planningBudget.ts';
import { createAskRelations } from './request/fetch/relatives/askRelations.ts';
import { createRelationProofs } from './request/fetch/relatives/relationProofs.ts';
import { createReferenceEngine } from './request/fetch/reference.ts';
import { createGrants } from './request/fetch/sealGrants.ts';
import { createWhoIs } from './request/fetch/whoIs.ts';
import { createAgencies } from './request/fetch/upstream/agencies.ts';
import { createIdentify } from './request/identify/identify.ts';
import { createMask } from './request/mask/mask.ts';
import type { Steps } from './request/pipeline.ts';
import type { Route } from './request/receive/httpServer.ts';
import { createRecord } from './request/record/record.ts';
import { recordOffice } from './request/record/recordOffice.ts';
import { reply } from './request/reply/reply.ts';
import { replyVerdicts } from './request/reply/replyVerdicts.ts';
import { createUnderstand } from './request/understand/understand.ts';
import { createUnprotectedWay } from './request/unprotected.ts';
import { openSession } from './session/session.ts';
import type { GatewayOptions, Gateway, ProtectedGateway } from './main/options.ts';
import { openAgencyLines } from './main/agencyLines.ts';
import { createGraphInService } from './main/graphInService.ts';
import { catalogueRoute } from './main/catalogueRoute.ts';
import { createHoldsFile } from './main/holdsFile.ts';
import { openMoves, startDeliveries } from './main/openMoves.ts';
import { openRegisters } from './main/openRegisters.ts';
import { openStreams } from './main/openStreams.ts';
import { HUB, agencyAddresses, httpAgencies } from './main/agencies.ts';
import { eitherOf, listen } from './main/listen.ts';
import { healthRoute, jsonRoute } from './main/routes.ts';
import { understandOptions } from './main/understandOptions.ts';

export type { Gateway, GatewayOptions, ProtectedGateway } from './main/options.ts';

const LOCAL_HOST = '127.0.0.1';
const ENGINE_CACHE_BYTES = 128_000_000;

/** Starts the hub's gateway under its rules: config -> platform -> registers -> request -> listen. */
export async function startGateway(options: GatewayOptions): Promise<ProtectedGateway> {
  const { config, database, log, clock = systemClock } = options;
  const graph = loadGraph(options.supergraphSdl);
  if (graph.rules.empty) throw new TypeError('this supergraph has no rules: it can be served with --unprotected alone');

  const keys = openKeys({ dataDir: config.dataDir });
  const receiptKeys = openReceiptKeys({ dataDir: config.dataDir });
  const references = createReferences(keys, clock);
  const subjectKeyOf = createSubjectKeyOf(keys);
  const registers = await openRegisters(options, subjectKeyOf, clock);
  const moves = await openMoves(options, { references, clock });
  const session = await openSession({ ...registers, config, database, references, subjectKeyOf, clock, log });
  const hub = createHubSubgraph({
    ...{ ...registers, references, clock, log },
    ...{ agencyLabels: options.agencyLabels, portalUrl: config.portalUrl, signReceipt: receiptKeys.sign },
    // Made below: its question goes out by the same lines as everybody else's.
    proveRelations: (asked) => proveRelations(asked),
    ...{ serviceSecrets: session.serviceSecrets, franceConnectIssuer: config.franceConnect?.iss },
    moves: {
      register: moves,
      communes: await loadCommunes(),
      holdsFile: (agency, caller) => holdsFile(agency, caller),
    },
  });

  const addresses = agencyAddresses(options.supergraphSdl, config);
  const agencyKeys = createAgencyKeys({ urls: addresses, log });
  await agencyKeys.refreshAll();
  const lines = openAgencyLines({
    addresses,
    agencyKeys,
    open: (at) =>
      createAgencies({
        http: httpAgencies(at, options),
        inProcess: { [HUB]: (body, { signal }) => hub.answer(body, signal) },
        log,
      }),
  });

  const inService = createGraphInService(graph);
  const engine = createEngine({ cacheBytes: ENGINE_CACHE_BYTES });
  engine.warm(graph);
  const understand = createUnderstand(understandOptions(config, inService.current));
  const sealing = {
    seal: createGrantSealer(keys),
    ...{ agencyKeys, references, clock },
    agencyRequestIdOf: createAgencyRequestIds(keys),
  };
  const proveRelations = createRelationProofs({
    ask: createAskRelations({ ...sealing, send: lines.send }),
    ...{ ...registers, subjectKeyOf, clock, log },
  });
  const decide = createDecide({
    openConsents: registers.ledger.openConsents,
    ledgerVersion: registers.ledger.version,
    proveRelations,
    clock,
  });
  const holdsFile = createHoldsFile({ ...sealing, ...registers, send: lines.send, log });
  const declarationKeys = openDeclarationKeys({ dataDir: config.dataDir });
  const deliveries = await startDeliveries(moves, options, {
    ...{ keys, agencyKeys, clock, urlOf: (agency) => addresses.get(agency) },
    seal: createDeclarationSealer(keys, declarationKeys),
  });
  const steps: Steps = {
    identify: createIdentify({
      ...session.identification,
      issuers: config.issuers,
      habilitations: registers.habilitations,
      subjectKeyOf,
      clock,
    }),
    understand,
    countCall: ({ caller }) => registers.callVolumes.count(caller.habilitation),
    decide,
    explain: (decided) => replyVerdicts(explain(decided.judgement, decided.supposed), decided),
    fetch: createFetch({
      engine,
      chargePlanning: createPlanningBudget({ perMinute: config.newOperationsPerMinute, clock }),
      send: lines.send,
      knownAnswer: (agency, head, caller) => (agency === HUB ? hub.knownAnswer(head, caller) : undefined),
      lookAgain: { ledger: registers.ledger, decide },
      grants: createGrants({ ...sealing, carry: new Map([[HUB, hub.carryGrant]]) }),
      references,
      openMetPerson: createMetPersonOpener(keys),
      whoIs: createWhoIs(subjectKeyOf),
      log,
    }),
    mask: createMask({ portalUrl: config.portalUrl }),
    record: createRecord(registers.accessLog),
    reply,
    office: {
      decide: createDecideOffice(),
      fetch: createFetchOffice({ engine, send: lines.send, carry: hub.carryGrant, clock, log }),
      record: recordOffice,
    },
  };
  const streams = openStreams({ steps, registers: { ...registers, moves }, config, clock, log });

  const routes = new Map<string, Route>([
    ['/health', healthRoute(database)],
    ['/catalogue.json', catalogueRoute({ ...options, graph: inService.current, urls: () => addresses, clock })],
    [
      '/.well-known/jwks.json',
      jsonRoute({ keys: [...keys.publicJwks.keys, ...receiptKeys.publicJwks, ...declarationKeys.publicJwks] }),
    ],
  ]);
  const gateway = await listen(
    { ...options, mount: (origin) => eitherOf(session.mount(origin), deliveries.desk) },
    { onGraphql: streams.answer, routes },
    async () => {
      await deliveries.close();
      await moves.close();
      agencyKeys.close();
      engine.close();
      await lines.close();
      await session.close();
      await registers.close();
    },
  );
  return {
    ...gateway,
    replaceSupergraph: (supergraphSdl) =>
      inService.replace(supergraphSdl, { understand, engine, lines, addresses, config, log }),
    close() {
      streams.close();
      return gateway.close();
    },
  };
}

/** Serves a graph without rules: no token, no grant, no record, on this machine alone (conformance suites). */
export async function startUnprotectedGateway(
  options: Pick<GatewayOptions, 'config' | 'supergraphSdl' | 'log'>,
): Promise<Gateway> {
  const { config, log } = options;
  if (config.env !== 'sandbox' && config.env !== 'test') {
    throw new TypeError(`--unprotected serves with HUB_ENV=sandbox or test only, got HUB_ENV=${config.env}`);
  }
  const graph = loadGraph(options.supergraphSdl);
  if (!graph.rules.empty)
    throw new TypeError('--unprotected refuses a supergraph that has rules: it would not hold them');
  const agencies = createAgencies({ http: httpAgencies(agencyAddresses(options.supergraphSdl, config), {}), log });
  const reference = config.engine === 'reference' ? await createReferenceEngine(graph) : undefined;
  const compiled = createEngine({ cacheBytes: ENGINE_CACHE_BYTES });
  const handle = createUnprotectedWay({
    graph,
    understand: createUnderstand({ ...understandOptions(config, () => graph), introspection: 'everyone' }),
    engine: reference ?? compiled,
    send: agencies.send,
  });
  const routes = new Map<string, Route>([['/health', jsonRoute({ status: 'ok' })]]);
  const local = { ...options, config: { ...config, gatewayHost: LOCAL_HOST } };
  return listen(local, { onGraphql: handle, routes }, async () => {
    await reference?.stop();
    compiled.close();
    await agencies.close();
  });
}
