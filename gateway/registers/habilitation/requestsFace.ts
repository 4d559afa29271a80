import { findScope, type ScopeName } from '../../../schema/scopes.ts';
import { type Clock, dayInParis } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import { createHabilitationId } from '../../platform/ids.ts';
import { type ActingAgent, type FaceContext, labelIn } from '../faceContext.ts';
import { isInstructor, requireActor, requireAgent } from './actingOffice.ts';
import type { HabilitationFace } from './face.ts';
import type { LoadedHabilitationRegister } from './habilitationRegister.ts';
import type { HabilitationAct, HabilitationRequest, RequestState } from './habilitationRequest.ts';
import { type HabilitationInput, checkHabilitationInput } from './habilitationRules.ts';

export interface RequestsFacePowers {
  readonly register: LoadedHabilitationRegister;
  readonly face: HabilitationFace;
  readonly clock: Clock;
}

interface IdArguments {
  readonly id: string;
}

/** What agents read of requests for habilitations and do about them. All acts throw HubError HUB_HABILITATION_* and then nothing has changed. */
export function createRequestsFace({ register, face, clock }: RequestsFacePowers) {
  const today = () => dayInParis(clock());

  function toGraph(request: HabilitationRequest) {
    const { id, state, reopening, terms, acts } = request;
    const { file, clientId, purpose, scopes, minimumAcr } = terms;
    return {
      id,
      state: state.toUpperCase(),
      reopening,
      terms: {
        ...terms,
        ...file,
        service: face.serviceOf(clientId),
        purpose: face.purposeOf(purpose),
        minimumAcr: minimumAcr.toUpperCase(),
        scopes: scopes.map((name) => toScope(name, file?.justifications[name])),
      },
      inForce: () => {
        const version = register.findVersion(id, today());
        return version && { ...version, scopes: [...version.scopes].sort() };
      },
      history: acts.map(({ type, at, actor, reason }) => ({
        type,
        at,
        agent: actor.agent,
        siret: actor.siret,
        reason,
      })),
    };
  }

  /** Of their own body; for an instructor of every body, once it was handed in. */
  function mayRead(agent: ActingAgent, { terms, acts }: HabilitationRequest): boolean {
    if (register.getService(terms.clientId)?.siret === agent.siret) return true;
    return isInstructor(agent) && acts.some(({ type }) => type === 'SUBMITTED');
  }

  async function findReadable(id: string, agent: ActingAgent): Promise<HabilitationRequest | undefined> {
    const request = await register.findRequest(id);
    return request && mayRead(agent, request) ? request : undefined;
  }

  function acting(type: Exclude<HabilitationAct['type'], 'DRAFTED'>, role: 'applicant' | 'instructor') {
    return async (_parent: unknown, { id, reason }: IdArguments & { reason?: string }, context: FaceContext) => {
      const actor = requireActor(context, role);
      // The same words whether it is another body's or nobody's.
      if (!(await findReadable(id, requireAgent(context)))) throw new HubError('HUB_HABILITATION_UNKNOWN');
      const why = reason?.trim().slice(0, 2000);
      return { request: toGraph(await register.act(id, { type, actor, ...(why !== undefined && { reason: why }) })) };
    };
  }

  return {
    Query: {
      async habilitationRequests(
        _parent: unknown,
        { state }: { readonly state?: Uppercase<RequestState> | null },
        context: FaceContext,
      ) {
        const agent = requireAgent(context);
        const own = register.listServices().filter(({ siret }) => siret === agent.siret);
        const of = isInstructor(agent) ? undefined : own.map(({ clientId }) => clientId);
        const requests = (await register.listRequests(of)).filter((request) => mayRead(agent, request));
        return requests.filter((one) => !state || one.state === state.toLowerCase()).map(toGraph);
      },
      async habilitationRequest(_parent: unknown, { id }: IdArguments, context: FaceContext) {
        const request = await findReadable(id, requireAgent(context));
        return request && toGraph(request);
      },
    },
    Mutation: {
      async draftHabilitation(
        _parent: unknown,
        { id, input }: { readonly id?: string | null; readonly input: HabilitationInput },
        context: FaceContext,
      ) {
        const actor = requireActor(context, 'applicant');
        const terms = checkHabilitationInput(input, today());
        // Another body's service is as unknown here as one that nobody registered.
        if (register.getService(terms.clientId)?.siret !== actor.siret) throw new HubError('HUB_SERVICE_UNKNOWN');
        const known = typeof id === 'string' ? await findReadable(id, requireAgent(context)) : undefined;
        if (typeof id === 'string' && known === undefined) throw new HubError('HUB_HABILITATION_UNKNOWN');
        const request = await register.act(known?.id ?? createHabilitationId(), { type: 'DRAFTED', actor, terms });
        return { request: toGraph(request) };
      },
      submitHabilitation: acting('SUBMITTED', 'applicant'),
      reopenHabilitation: acting('REOPENED', 'applicant'),
      requestHabilitationChanges: acting('CHANGES_REQUESTED', 'instructor'),
      validateHabilitation: acting('VALIDATED', 'instructor'),
      refuseHabilitation: acting('REFUSED', 'instructor'),
      revokeHabilitation: acting('REVOKED', 'instructor'),
    },
  };
}

function toScope(name: ScopeName, justification: string | undefined) {
  return { name, label: labelIn(findScope(name)?.label ?? { fr: name, en: name }), justification };
}
