import type { Acr } from '../../../schema/acr.ts';
import type { LegalBasis, PurposeName } from '../../../schema/purposes.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { ClientId } from '../../platform/ids.ts';

/** As DataPass has them (DOMAIN 2.4). */
export type RequestState = 'draft' | 'submitted' | 'changes_requested' | 'validated' | 'refused' | 'revoked';
export type HabilitationActType =
  'DRAFTED' | 'SUBMITTED' | 'CHANGES_REQUESTED' | 'VALIDATED' | 'REFUSED' | 'REOPENED' | 'REVOKED';

/** An agent who acts: for the body that asks, or for the one that examines. */
export interface HabilitationActor {
  /** The agent's reference with their identity provider; no name. */
  readonly agent: string;
  readonly siret: string;
  readonly role: 'applicant' | 'instructor';
}

/** What a service asks to be approved for. */
export interface HabilitationTerms {
  readonly clientId: ClientId;
  readonly purpose: PurposeName;
  readonly scopes: readonly ScopeName[];
  readonly legalBasis: LegalBasis;
  readonly retentionMonths: number;
  readonly minimumAcr: Acr;
  /** Days in Paris, `YYYY-MM-DD`, both included. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** What the body says for itself (DataPass); absent in what was in force before requests were kept. */
  readonly file?: HabilitationFile;
}

export interface HabilitationFile {
  /** Why the procedure needs it, by scope as it was asked for. */
  readonly justifications: Readonly<Record<ScopeName, string>>;
  readonly legalText: string;
  readonly legalUrl: string;
  readonly retentionJustification?: string;
  readonly callsPerMinute: number;
  /** E-mail address of the data protection officer. */
  readonly dpoContact: string;
}

export interface HabilitationAct {
  readonly type: HabilitationActType;
  /** ISO 8601 instant in UTC. */
  readonly at: string;
  readonly actor: HabilitationActor;
  readonly terms?: HabilitationTerms;
  /** For the applicant: why it was sent back, refused or revoked. */
  readonly reason?: string;
}

/** A request as it stands after its acts. */
export interface HabilitationRequest {
  readonly id: string;
  readonly state: RequestState;
  /** Whether an earlier version is in force while this one is drafted and examined. */
  readonly reopening: boolean;
  readonly terms: HabilitationTerms;
  readonly acts: readonly HabilitationAct[];
}

/** Who may do what, from where, and where it leads; whatever is not here cannot be done. */
const ACTS: Readonly<
  Record<
    HabilitationActType,
    {
      readonly by: HabilitationActor['role'];
      readonly from: readonly (RequestState | 'none')[];
      readonly to: RequestState;
    }
  >
> = {
  DRAFTED: { by: 'applicant', from: ['none', 'draft', 'changes_requested'], to: 'draft' },
  SUBMITTED: { by: 'applicant', from: ['draft', 'changes_requested'], to: 'submitted' },
  CHANGES_REQUESTED: { by: 'instructor', from: ['submitted'], to: 'changes_requested' },
  VALIDATED: { by: 'instructor', from: ['submitted'], to: 'validated' },
  REFUSED: { by: 'instructor', from: ['submitted'], to: 'refused' },
  REOPENED: { by: 'applicant', from: ['validated', 'refused'], to: 'draft' },
  // Whatever is being drafted or examined meanwhile: what is in force ends, and the request with it.
  REVOKED: {
    by: 'instructor',
    from: ['draft', 'submitted', 'changes_requested', 'validated', 'refused'],
    to: 'revoked',
  },
};

/** What those acts (oldest first, all of one request) have made of it; undefined when there are none. */
export function foldRequest(id: string, acts: readonly HabilitationAct[]): HabilitationRequest | undefined {
  const last = acts.at(-1);
  const terms = acts.findLast((act) => act.terms !== undefined)?.terms;
  if (last === undefined || terms === undefined) return undefined;
  const state = ACTS[last.type].to;
  const wasValidated = acts.some(({ type }) => type === 'VALIDATED');
  return { id, state, reopening: wasValidated && state !== 'validated' && state !== 'revoked', terms, acts };
}

/** Why an act cannot be done: `key` is for the client, the words are for the log. */
export interface ActFault {
  readonly key: 'role' | 'state' | 'body' | 'terms' | 'reason';
  readonly words: string;
}

/**
 * Why the act cannot be done; undefined when it can. An applicant acts for the body that asks and for no other; what is sent
 * back, refused or revoked says why; nothing is revoked that was never in force.
 */
export function faultOfAct(
  request: HabilitationRequest | undefined,
  { type, actor, reason, terms }: Omit<HabilitationAct, 'at'>,
  serviceSiret: string | undefined,
): ActFault | undefined {
  const { by, from } = ACTS[type];
  const state = request?.state ?? 'none';
  if (actor.role !== by) return fault('role', `${type} is for the ${by}, not for the ${actor.role}`);
  if (!from.includes(state)) return fault('state', `${type} is not possible from the state ${state}`);
  if (by === 'applicant' && actor.siret !== serviceSiret)
    return fault('body', `${type} is for the body that asks alone`);
  if (by === 'instructor' && actor.siret === serviceSiret)
    return fault('body', 'nobody examines what their own body asks');
  if ((type === 'DRAFTED') !== (terms !== undefined))
    return fault('terms', 'terms come with a draft, and with nothing else');
  if (type === 'DRAFTED' && request !== undefined && !isSamePurpose(request.terms, terms!)) {
    return fault('terms', 'a request keeps its service and purpose');
  }
  if (type === 'REVOKED' && !request!.acts.some((act) => act.type === 'VALIDATED'))
    return fault('state', 'nothing is in force');
  const mustSayWhy = type === 'CHANGES_REQUESTED' || type === 'REFUSED' || type === 'REVOKED';
  return mustSayWhy && !reason ? fault('reason', `${type} needs a reason`) : undefined;
}

function fault(key: ActFault['key'], words: string): ActFault {
  return { key, words };
}

function isSamePurpose(one: HabilitationTerms, other: HabilitationTerms): boolean {
  return one.clientId === other.clientId && one.purpose === other.purpose;
}
