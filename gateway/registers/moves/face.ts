import type { Acr } from '../../../schema/acr.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { type Clock, dayInParis } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import type { AgencyId, RequestId, SubjectKey } from '../../platform/ids.ts';
import { type FaceContext, type FacePerson, type OpenSubject, labelIn } from '../faceContext.ts';
import { type AddressInput, checkAddress } from './addressRules.ts';
import type { Communes } from './communes.ts';
import { allCountries, searchCountries } from './countries.ts';
import type { Move, MoveMember, MoveReference, MoveRegister } from './move.ts';
import { type MoveMessage, type MoveRecipients, sha256Of } from './moveMessages.ts';
import type { MoveProblem } from './moveProblems.ts';
import { readMoveReference } from './moveReference.ts';
import { type CheckedMove, LEAST_AGE_YEARS, type ProveHousehold, ageOn, checkMove, isChangeable } from './moveRules.ts';
import { type AgencyOf, createMoveView, isReadableBy, problemOf } from './moveView.ts';

/** The citizen who acts, as their own token says who they are. */
export interface MoveCaller {
  readonly subject: SubjectKey;
  readonly identity: PivotIdentity;
  readonly acr: Acr;
  /** Of the service that speaks for them. */
  readonly siret: string;
  readonly requestId: RequestId;
}

/** Whether an agency's file holds that person; undefined when it does not say. Asked under the person's own right of access, and in their log. */
export type HoldsFile = (agency: AgencyId, caller: MoveCaller) => Promise<boolean | undefined>;

export interface MoveFacePowers {
  readonly register: MoveRegister & { readonly recipients: MoveRecipients; readonly messageFor: MoveMessage };
  readonly communes: Communes;
  readonly openSubject: OpenSubject;
  /** The person of a reference that this service was given; undefined for any other. */
  readonly openServiceReference: (reference: string, siret: string) => SubjectKey | undefined;
  readonly agencyOf: AgencyOf;
  /** Made for one caller: what it needs beyond the identity is not the rules' business. */
  readonly proveHousehold: (caller: MoveCaller) => ReturnType<ProveHousehold>;
  readonly holdsFile: HoldsFile;
  readonly clock: Clock;
}

/** As it comes from the graph. */
export interface DeclareMoveInput {
  readonly oldAddress: AddressInput;
  readonly newAddress: AddressInput;
  readonly effectiveDate: string;
  readonly members: readonly { readonly person: string }[];
  readonly recipients: readonly string[];
}

/** The hub's own client: what a citizen says there, and nowhere else, is that citizen's own word (DESIGN, invariant 11). */
const PORTAL = 'portal';
const MAX_TOWNS = 50;

/** What a citizen declares and follows. Problems with what they wrote are values; HubError HUB_MOVE_* is thrown for what is not theirs to do. */
export function createMoveFace(powers: MoveFacePowers) {
  const { register, communes, openSubject, clock } = powers;
  const { recipients } = register;
  const view = createMoveView(powers.agencyOf, clock);
  const today = () => dayInParis(clock());
  const toPayload = (move: Move, caller: MoveCaller) => ({ move: view(move, caller.subject), problems: [] });

  function callerOf({ grant }: FaceContext): MoveCaller {
    const self = grant.subjects.find(({ role }) => role === 'SELF');
    if (self === undefined || grant.service.clientId !== PORTAL) throw new HubError('HUB_MOVE_PORTAL_ONLY');
    const { acr, requestId, service } = grant;
    const subject = openSubject(self.reference);
    return { subject, identity: self.pivot, acr, siret: service.siret, requestId: requestId as RequestId };
  }

  /** A caller who is old enough to speak for themself. */
  function declaringCaller(context: FaceContext): MoveCaller {
    const caller = callerOf(context);
    if (ageOn(today(), caller.identity.birthdate) < LEAST_AGE_YEARS) throw new HubError('HUB_MOVE_TOO_YOUNG');
    return caller;
  }

  async function check(
    input: DeclareMoveInput,
    caller: MoveCaller,
    knownMembers: readonly MoveMember[],
  ): Promise<CheckedMove> {
    const members: SubjectKey[] = [];
    for (const [index, { person }] of input.members.entries()) {
      const subject = powers.openServiceReference(person, caller.siret);
      if (subject === undefined) return { problems: [unproven(`members.${index}.person`)] };
      members.push(subject);
    }
    return checkMove(
      { ...input, members },
      {
        ...{ declarant: caller.subject, identity: caller.identity, today: today(), communes, recipients, knownMembers },
        proveHousehold: () => powers.proveHousehold(caller),
      },
    );
  }

  /** A declaration of the caller that may still be changed. */
  async function changeable(reference: string, caller: MoveCaller): Promise<Move> {
    const move = await ownMove(reference, caller);
    if (move.state !== 'DECLARED' || !isChangeable(move.effectiveDate, today())) throw new HubError('HUB_MOVE_OVER');
    return move;
  }

  async function ownMove(reference: string, caller: MoveCaller): Promise<Move> {
    const read = readMoveReference(reference);
    const move = read === undefined ? undefined : await register.find(read as MoveReference);
    // The same words whether it is another person's or nobody's.
    if (move?.declarant !== caller.subject) throw new HubError('HUB_MOVE_UNKNOWN');
    return move;
  }

  function fieldsOf(agency: AgencyId) {
    return recipients.get(agency)!.fields.map(({ name, why }) => ({ name, why: labelIn(why) }));
  }

  async function suggestion(agency: AgencyId, caller: MoveCaller) {
    const { openToAll, promisedDays } = recipients.get(agency)!;
    const holds = await powers.holdsFile(agency, caller);
    const reason = holds
      ? 'HOLDS_A_FILE'
      : openToAll
        ? 'OPEN_TO_ALL'
        : holds === false
          ? 'HOLDS_NO_FILE'
          : 'DID_NOT_ANSWER';
    const isSuggested = reason === 'HOLDS_A_FILE' || reason === 'OPEN_TO_ALL';
    return { agency: powers.agencyOf(agency), reason, isSuggested, fields: fieldsOf(agency), promisedDays };
  }

  return {
    Citizen: {
      async moves(person: FacePerson) {
        const reader = openSubject(person.subject!.reference);
        const moves = await register.list(reader);
        return moves.filter((move) => isReadableBy(move, reader)).map((move) => view(move, reader));
      },
      async suggestedRecipients(_person: FacePerson, _args: object, context: FaceContext) {
        const caller = callerOf(context);
        const all = await Promise.all([...recipients.keys()].map((agency) => suggestion(agency, caller)));
        return [...all.filter(({ isSuggested }) => isSuggested), ...all.filter(({ isSuggested }) => !isSuggested)];
      },
    },
    Query: {
      async previewMove(_parent: unknown, asked: PreviewArguments, context: FaceContext) {
        const caller = declaringCaller(context);
        const amended = asked.amends ? await changeable(asked.amends, caller) : undefined;
        const checked = await check(asked.input, caller, amended?.members ?? []);
        if (checked.move === undefined) return { messages: [], problems: checked.problems.map(problemOf) };
        const messages = checked.move.recipients.map((agency) => {
          const content = register.messageFor(agency, checked.move);
          return { agency: powers.agencyOf(agency), content, sha256: sha256Of(content), fields: fieldsOf(agency) };
        });
        return { messages, problems: [] };
      },
      communes(_parent: unknown, { search, postCode, first }: SearchArguments) {
        const asked = { name: search ?? '', postCode: postCode ?? '', first: atMost(first) };
        return /^\d{0,5}$/.test(asked.postCode) ? communes.search(asked) : [];
      },
      countries(_parent: unknown, { search, first }: Omit<SearchArguments, 'postCode'>) {
        const found = search == null ? allCountries() : searchCountries(search, atMost(first));
        return found.map(({ code, name, englishName }) => ({ code, name: labelIn({ fr: name, en: englishName }) }));
      },
      checkAddress(_parent: unknown, { address }: { readonly address: AddressInput }) {
        const checked = checkAddress(address, communes, 'address');
        return { address: checked.address, problems: checked.problems.map(problemOf) };
      },
    },
    Subscription: {
      /** What is somebody else's is as absent as what never was. */
      async moveUpdated(_parent: unknown, { reference }: { readonly reference: string }, context: FaceContext) {
        const reader = callerOf(context).subject;
        const read = readMoveReference(reference);
        const move = read === undefined ? undefined : await register.find(read as MoveReference);
        return move !== undefined && isReadableBy(move, reader) ? view(move, reader) : null;
      },
    },
    Mutation: {
      async declareMove(_parent: unknown, { input }: { readonly input: DeclareMoveInput }, context: FaceContext) {
        const caller = declaringCaller(context);
        const checked = await check(input, caller, []);
        if (checked.move === undefined) return refused(checked.problems);
        return toPayload(await register.declare(checked.move), caller);
      },
      async amendMove(_parent: unknown, asked: AmendArguments, context: FaceContext) {
        const caller = declaringCaller(context);
        const before = await changeable(asked.reference, caller);
        const checked = await check(asked.input, caller, before.members);
        if (checked.move === undefined) return refused(checked.problems);
        const amended = await register.amend(before.reference, checked.move);
        if (amended === undefined) throw new HubError('HUB_MOVE_OVER');
        return toPayload(amended, caller);
      },
      async cancelMove(_parent: unknown, { reference }: { readonly reference: string }, context: FaceContext) {
        const caller = declaringCaller(context);
        const move = await ownMove(reference, caller);
        // What has been taken back already is answered as it was: the answer may have been lost on its way.
        if (move.state === 'DECLARED') await changeable(reference, caller);
        return toPayload((await register.cancel(caller.subject, move.reference))!, caller);
      },
      async confirmMove(_parent: unknown, { reference, accept }: ConfirmArguments, context: FaceContext) {
        const caller = declaringCaller(context);
        const read = readMoveReference(reference) as MoveReference | undefined;
        const confirmed = read && (await register.confirm(caller, read, accept));
        if (confirmed === undefined) throw new HubError('HUB_MOVE_UNKNOWN');
        return toPayload(confirmed, caller);
      },
    },
  };
}

interface PreviewArguments {
  readonly input: DeclareMoveInput;
  readonly amends?: string | null;
}

interface AmendArguments {
  readonly reference: string;
  readonly input: DeclareMoveInput;
}

interface ConfirmArguments {
  readonly reference: string;
  readonly accept: boolean;
}

interface SearchArguments {
  readonly search?: string | null;
  readonly postCode?: string | null;
  readonly first: number | null;
}

function unproven(field: string): MoveProblem {
  return { code: 'MEMBER_UNPROVEN', field, candidates: [] };
}

function refused(problems: readonly MoveProblem[]) {
  return { move: null, problems: problems.map(problemOf) };
}

function atMost(first: number | null): number {
  return Math.max(0, Math.min(MAX_TOWNS, first ?? 10));
}
