import { type Clock, dayInParis } from '../../platform/clock.ts';
import type { SubjectKey } from '../../platform/ids.ts';
import { labelIn } from '../faceContext.ts';
import type { Move, MoveDelivery, MoveMember } from './move.ts';
import { type MoveProblem, PROBLEM_MESSAGES } from './moveProblems.ts';
import { isChangeable } from './moveRules.ts';

/** An agency as the graph shows it. */
export type AgencyOf = (agency: string) => unknown;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** A declaration as one of its people reads it. */
export function createMoveView(agencyOf: AgencyOf, clock: Clock) {
  return (move: Move, reader: SubjectKey) => {
    const isOwn = move.declarant === reader;
    const mayFollow = isOwn || move.members.some(({ subject, state }) => subject === reader && state === 'INCLUDED');
    const today = dayInParis(clock());
    const mayName = (subject: SubjectKey) => mayFollow || subject === reader;
    const mayChange = isOwn && move.state === 'DECLARED' && isChangeable(move.effectiveDate, today);
    return {
      ...move,
      isOwn,
      // What somebody needs to say whether they move too: whose move, when, and where to.
      oldAddress: mayFollow ? (move.content?.oldAddress ?? null) : null,
      newAddress: move.content?.newAddress ?? null,
      changeableUntil: mayChange ? new Date(startInParis(move.effectiveDate)).toISOString() : null,
      members: [
        declarantOf(move, reader),
        ...move.members.filter(({ subject }) => mayName(subject)).map((member) => memberOf(member, reader)),
      ],
      deliveries: mayFollow ? move.deliveries.map((delivery) => deliveryOf(delivery, today, agencyOf)) : [],
    };
  };
}

/** Declarations that a person may read: one that they have declined is none of theirs any more. */
export function isReadableBy(move: Move, reader: SubjectKey): boolean {
  return (
    move.declarant === reader || move.members.some(({ subject, state }) => subject === reader && state !== 'DECLINED')
  );
}

export function problemOf(problem: MoveProblem) {
  return { ...problem, message: labelIn(PROBLEM_MESSAGES[problem.code]) };
}

function declarantOf({ declarant, content }: Move, reader: SubjectKey) {
  const givenNames = content?.identity.given_name;
  return { role: 'DECLARANT', state: 'INCLUDED', isMe: declarant === reader, givenNames };
}

function memberOf({ subject, role, state, identity }: MoveMember, reader: SubjectKey) {
  return { role, state, isMe: subject === reader, givenNames: identity?.given_name };
}

function deliveryOf(delivery: MoveDelivery, today: string, agencyOf: AgencyOf) {
  const { status, statusAt, promisedDays } = delivery;
  const isAtWork = status === 'RECEIVED' || status === 'IN_PROGRESS';
  const promisedBy = isAtWork ? dayInParis(Date.parse(statusAt) + promisedDays * DAY_MS) : null;
  return {
    ...delivery,
    reference: delivery.delivery,
    agency: agencyOf(delivery.agency),
    reason: delivery.reason && labelIn(delivery.reason),
    promisedBy,
    isSilent: promisedBy !== null && today > promisedBy,
    timeline: delivery.steps.map((step) => ({ ...step, reason: step.reason && labelIn(step.reason) })),
  };
}

/** The instant at which a day begins in Paris, one or two hours before it does in UTC. Milliseconds since the epoch. */
function startInParis(day: string): number {
  const summer = Date.parse(`${day}T00:00:00Z`) - 2 * HOUR_MS;
  return dayInParis(summer) === day ? summer : summer + HOUR_MS;
}
