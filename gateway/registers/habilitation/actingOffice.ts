import { HubError } from '../../platform/errors.ts';
import type { ActingAgent, FaceContext } from '../faceContext.ts';
import type { HabilitationActor } from './habilitationRequest.ts';

/** Role of an agent, as their identity provider lists it, for each part in a request's life. */
const ROLE_OF = { applicant: 'requester', instructor: 'instructor' } as const;

/** The agent who asks. The decide step has judged the field's policy; this holds where that were left out. */
export function requireAgent({ grant }: FaceContext): ActingAgent {
  if (grant.office?.kind !== 'agent') throw refused();
  return grant.office.agent;
}

/** The same as an actor in that part. Throws HubError HUB_HABILITATION_ACT_REFUSED for an agent who has not the role. */
export function requireActor(context: FaceContext, role: HabilitationActor['role']): HabilitationActor {
  const { reference, siret, roles } = requireAgent(context);
  if (!roles.includes(ROLE_OF[role])) throw refused();
  return { agent: reference, siret, role };
}

export function isInstructor({ roles }: ActingAgent): boolean {
  return roles.includes(ROLE_OF.instructor);
}

function refused(): HubError {
  return new HubError('HUB_HABILITATION_ACT_REFUSED', { extensions: { detailKey: 'role' } });
}
