import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { splitGrant, type Grant } from '../../schema/grant.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import { findPurpose } from '../../schema/purposes.ts';
import type { AgencyId, ClientId, Reference, RequestId, SubjectKey } from '../../gateway/platform/ids.ts';
import { loadGraph } from '../../gateway/platform/graph/loadGraph.ts';
import { createLog } from '../../gateway/platform/log.ts';
import type { OpenMetPerson } from '../../gateway/platform/metPersons.ts';
import type { References } from '../../gateway/platform/references.ts';
import { createDecide } from '../../gateway/request/decide/decide.ts';
import type { OpenConsents } from '../../gateway/registers/consent/consent.ts';
import type { Caller, Decided, Graph, RelationProof, ReplyError } from '../../gateway/request/exchange.ts';
import { createEngine, type Engine } from '../../gateway/request/fetch/engine.ts';
import { createFetch } from '../../gateway/request/fetch/fetch.ts';
import { createGrants, type GrantPowers } from '../../gateway/request/fetch/sealGrants.ts';
import { createWhoIs } from '../../gateway/request/fetch/whoIs.ts';
import { createMask } from '../../gateway/request/mask/mask.ts';
import { createUnderstand } from '../../gateway/request/understand/understand.ts';
import { aRequest } from '../support/testRequest.ts';
import { createPlansHere } from '../engine/plansHere.ts';
import { agencySdl } from './agencies.ts';
import type { Asker, Word } from './asker.ts';
import type { Operation } from './drawOperation.ts';
import { birthOf, STRANGER, type World } from './world.ts';
import { openConsentsOf } from '../support/openConsents.ts';

/** The four places that enforce a verdict. */
export const PLACES = ['cut', 'withhold', 'guard', 'mask'] as const;
export type Place = (typeof PLACES)[number];
/** Which of them are out of order. */
export type Off = ReadonlySet<Place>;

/** One request to an agency as the hub wrote it, its grant opened. */
export interface Sent {
  readonly agency: string;
  readonly head: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly grant: Grant;
}

export interface Reply {
  /** JSON text of `data`. */
  readonly data: string;
  readonly errors: readonly ReplyError[];
}

export interface Hub {
  /** The steps of the pipeline from `understand` to `mask`. `send` answers for the agencies of this request. */
  ask(asker: Asker, operation: Operation, send: Send): Promise<Reply>;
}

/** Body in, body out. */
export type Send = (agency: string, body: string) => Promise<string>;

/** How grants travel. */
export interface Grants extends Pick<GrantPowers, 'seal' | 'agencyKeys' | 'carry'> {
  /** Who is named in the answers to them. */
  readonly openMetPerson: OpenMetPerson;
}

export const NOW = Date.UTC(2026, 10, 23, 12);

export function composeWorld(world: World): Graph {
  const composed = composeServices(
    Object.entries(world.sdl).map(([name, sdl]) => ({
      name,
      url: `http://${name}.test`,
      typeDefs: parse(agencySdl(sdl)),
    })),
  );
  if (!composed.supergraphSdl) throw new Error(composed.errors?.map(String).join('\n'));
  return loadGraph(composed.supergraphSdl);
}

/**
 * The gateway's own steps, put together as gateway/main.ts does, with references and grants that can be read. One hub serves all cases
 * of its world, so that its caches are warm with other callers' verdicts. `off` takes enforcement out: production code has no such switch,
 * so what a step hands to the next is changed here.
 */
export function createHub(world: World, graph: Graph, grants: Grants, off: Off): Hub {
  const sends = new Map<object, Send>();
  const consents = new Map<string, OpenConsents>();
  const proofs = new Map<string, RelationProof>();
  const understand = createUnderstand({ graph: () => graph, introspection: 'operator' });
  const decide = createDecide({
    openConsents: (subject, clientId, purpose) => consents.get(`${subject} ${clientId} ${purpose}`)!,
    proveRelations: ({ caller }) => Promise.resolve(proofs.get(caller.service.clientId)),
    clock: () => NOW,
  });
  const fetch = createFetch({
    engine: withOff(createEngine({ cacheBytes: 50_000_000, plans: createPlansHere() }), off),
    send: (agency, body, { signal }) => sends.get(signal)!(agency, body),
    grants: createGrants({
      ...grants,
      references: READABLE,
      agencyRequestIdOf: (requestId) => requestId,
      clock: () => NOW,
    }),
    references: READABLE,
    openMetPerson: grants.openMetPerson,
    whoIs: createWhoIs(({ birthplace }) => `p${birthplace?.at(-1)}` as SubjectKey),
    log: createLog({ level: 'fatal' }),
  });
  const mask = createMask({ portalUrl: 'https://portal.test' });
  let lastRequest = 0;

  return {
    async ask(asker, { query, variables }, send) {
      const requestId = `req_${(lastRequest += 1)}` as RequestId;
      const caller = toCaller(world, asker);
      for (const [subject, said] of wordsOf(asker)) {
        consents.set(`${subject} ${caller.service.clientId} ${asker.purpose}`, said);
      }
      proofs.set(caller.service.clientId, proofFor(world, asker));
      const identified = { ...aRequest(query, { requestId, variables: forService(variables, asker) }), caller };
      sends.set(identified.signal, send);
      try {
        const decided = await decide(understand(identified));
        const { data, errors } = mask(await fetch(off.has('cut') ? uncut(decided) : decided));
        return { data, errors };
      } finally {
        sends.delete(identified.signal);
      }
    },
  };
}

/** Grants that are carried and not sealed, so that they can be looked into. */
export function readableGrants(world: World): Grants {
  const agencies = Object.keys(world.sdl);
  const carry = (grant: Grant): string => Buffer.from(JSON.stringify(grant)).toString('base64url');
  return {
    seal: () => '',
    openMetPerson: (reference) => {
      const [party, person] = reference.slice('met:'.length).split('/');
      const { family_name, given_name, birthdate } = pivotOf(world, person!);
      return { iss: party!, aud: 'hub', grant: '', identity: { family_name, given_name, birthdate } };
    },
    agencyKeys: { find: () => undefined, reread: () => Promise.resolve(undefined) },
    carry: new Map(agencies.map((agency) => [agency as AgencyId, carry])),
  };
}

/** A body under a readable grant, taken apart. */
export function readSent(agency: string, body: string): Sent {
  const { head, sealedGrant } = splitGrant(body)!;
  const grant = JSON.parse(Buffer.from(sealedGrant, 'base64url').toString()) as Grant;
  const { query, variables = {} } = JSON.parse(`${head}}`) as Pick<Sent, 'query' | 'variables'>;
  return { agency, head, query, variables, grant };
}

/** References that a person can read: whose they are and for whom they were made. */
const READABLE: References = {
  referenceFor: (subject, party) => `${party}/${subject}` as Reference,
  openReference: (reference, party) => {
    const person = reference.startsWith(`${party}/`) ? reference.slice(party.length + 1) : STRANGER;
    return person === STRANGER ? undefined : (person as SubjectKey);
  },
};

/** Without the cut agencies are asked for all that was asked of the hub. */
function uncut(decided: Decided): Decided {
  const { judgement } = decided;
  const { document, hash } = judgement.operation;
  return {
    ...decided,
    judgement: { ...judgement, narrowed: document, narrowedHash: `${hash} ${judgement.shape} uncut` },
  };
}

function withOff(engine: Engine, off: Off): Engine {
  return {
    ...engine,
    prepare: (graph, judgement) => {
      if (!off.has('mask')) return engine.prepare(graph, judgement);
      const { verdicts, narrowedHash } = judgement;
      return engine.prepare(graph, {
        ...judgement,
        verdicts: allAllowed(verdicts),
        narrowedHash: `${narrowedHash} unmasked`,
      });
    },
    run: (program, given) => {
      const input = off.has('mask') && given.verdicts ? { ...given, verdicts: allAllowed(given.verdicts) } : given;
      const { persons, seal } = input;
      if (!off.has('withhold') || !persons || !seal) return engine.run(program, input);
      return engine.run(program, {
        ...input,
        persons: { ...persons, judge: () => undefined, verdictsOf: () => allAllowed(program.judgement.verdicts) },
        seal: (agency, head, subjects) =>
          seal(
            agency,
            head,
            subjects.filter((subject) => subject === persons.caller || persons.verdictsOf(subject) !== undefined),
          ),
      });
    },
  };
}

function allAllowed(verdicts: Decided['judgement']['verdicts']): Decided['judgement']['verdicts'] {
  return verdicts.map(() => ({ allowed: true }));
}

/** What caller and relatives have said, by subject. A notice opens all to a relative's own service and is nobody's consent. */
function wordsOf(asker: Asker): ReadonlyMap<string, OpenConsents> {
  const children = asker.relatives.filter(({ role }) => role === 'CHILD');
  const own = openConsentsOf(new Set(asker.consentedScopes), {
    declined: new Set(asker.declinedScopes),
    children: new Map(children.map(({ person, byCaller }) => [person as SubjectKey, toSets(byCaller)])),
  });
  const theirs = asker.relatives.map(({ person, own: said }): [string, OpenConsents] => {
    const { open, declined } = toSets(said);
    return [person, openConsentsOf(new Set(asker.habilitatedScopes), { consented: open, declined })];
  });
  return new Map([...theirs, [asker.person, own]]);
}

function toSets({ open, declined }: Word): { readonly open: Set<string>; readonly declined: Set<string> } {
  return { open: new Set(open), declined: new Set(declined) };
}

function proofFor(world: World, { relatives }: Asker): RelationProof {
  return {
    id: 'proof',
    provenOn: '2026-11-23',
    relatives: relatives.map(({ person, role, authority, standing }) => ({
      subject: person as SubjectKey,
      pivot: pivotOf(world, person),
      parentalAuthority: authority,
      ...{ role, standing },
    })),
  };
}

function toCaller(world: World, asker: Asker): Caller {
  // Each asker is a client of its own, so that consents of two never meet under one key.
  const clientId = `${asker.service}-${asker.person}` as ClientId;
  return {
    subject: asker.person as SubjectKey,
    pivot: pivotOf(world, asker.person),
    service: { clientId, name: asker.service, siret: asker.siret, credentials: [] },
    purpose: findPurpose(asker.purpose)!,
    habilitation: {
      id: `hab-${asker.service}`,
      version: 1,
      clientId,
      purpose: asker.purpose,
      scopes: new Set(asker.habilitatedScopes),
      legalBasis: asker.legalBasis,
      retentionMonths: 12,
      minimumAcr: asker.minimumAcr,
      firstDay: '2020-01-01',
      lastDay: '2099-12-31',
    },
    tokenScopes: new Set(asker.tokenScopes),
    acr: asker.acr,
    tokenExpiresAtMs: Number.MAX_SAFE_INTEGER,
  };
}

/** `REF:p1` as the service's own reference. */
export function forService(variables: Operation['variables'], asker: Asker): Operation['variables'] {
  const entries = Object.entries(variables).map(([name, value]) => {
    const isReference = typeof value === 'string' && value.startsWith('REF:');
    return [name, isReference ? `service:${asker.siret}/${value.slice(4)}` : value];
  });
  return Object.fromEntries(entries) as Operation['variables'];
}

/** Everybody is born in a place of their own. */
export function pivotOf(world: World, person: string): PivotIdentity {
  const named = world.namesakes && person === 'p4' ? 'p3' : person;
  return {
    family_name: `NOM-${'ABCDEFGHIJ'[Number(named.slice(1))]}`,
    given_name: 'Ines',
    birthdate: birthOf(world, person),
    gender: 'female',
    birthplace: `7510${person.slice(1)}`,
    birthcountry: '99100',
  };
}
