import type { AgencyEvent, Aftermath, Effect } from './aftermath.ts';
import type { Story, ToldMove } from './citizens.ts';

/** What the hub tells each citizen in the end, by persona. */
export type Told = ReadonlyMap<string, readonly ToldMove[]>;

/** Every promise that did not hold, in words; none when all did. */
export function findFaults(stories: readonly Story[], told: Told, aftermath: Aftermath): readonly string[] {
  return [
    ...storiesLost(stories, told),
    ...movesBeyondStories(stories, told),
    ...afterCancellations(stories, told, aftermath),
    ...outOfOrder(aftermath),
    ...[...told.values()].flat().flatMap((move) => wronglyApplied(move, aftermath)),
    ...strayEffects(told, aftermath),
  ];
}

/** What was acknowledged stands, or what was said after it without an answer. */
function storiesLost(stories: readonly Story[], told: Told): string[] {
  return stories.flatMap(({ persona, reference, said }) => {
    if (reference === undefined) return [];
    const move = told.get(persona)!.find((one) => one.reference === reference);
    if (move === undefined) return [`${reference}: acknowledged, and the hub does not know it`];
    const lastAcknowledged = said.findLastIndex(({ acknowledgedAtMs }) => acknowledgedAtMs !== undefined);
    const mayStand = said.slice(lastAcknowledged);
    const stands =
      move.state === 'CANCELLED'
        ? mayStand.some(({ does }) => does === 'cancel')
        : mayStand.some(({ street }) => isSame(street, move.newAddress.streetLine));
    return stands ? [] : [`${reference}: stands as ${move.state}, which was not what was acknowledged last`];
  });
}

/** Everything that the hub knows was said once. */
function movesBeyondStories(stories: readonly Story[], told: Told): string[] {
  const known = new Set(stories.flatMap(({ reference }) => reference ?? []));
  const unanswered = new Set(
    stories.filter(({ reference }) => reference === undefined).map(({ said }) => said[0]?.street?.toLowerCase()),
  );
  return [...told.values()].flat().flatMap(({ reference, newAddress }) => {
    if (known.has(reference) || unanswered.delete(newAddress.streetLine.toLowerCase())) return [];
    return [`${reference}: nobody declared it, or it was said once and stands twice`];
  });
}

function afterCancellations(stories: readonly Story[], told: Told, { taken }: Aftermath): string[] {
  return stories.flatMap(({ persona, reference, said }) => {
    const cancelled = said.find(({ does, acknowledgedAtMs }) => does === 'cancel' && acknowledgedAtMs !== undefined);
    const move = told.get(persona)!.find((one) => one.reference === reference);
    if (cancelled === undefined || move === undefined) return [];
    const deliveries = new Set(move.deliveries.map((delivery) => delivery.reference));
    return taken
      .filter((event) => deliveries.has(event.delivery) && !event.isCancellation)
      .filter(({ committedAtMs }) => committedAtMs > cancelled.acknowledgedAtMs!)
      .map(({ agency, committedAtMs }) => {
        const late = Math.round(committedAtMs - cancelled.acknowledgedAtMs!);
        return `${reference}: taken by ${agency} ${late} ms after its cancellation was acknowledged`;
      });
  });
}

/** An agency applies what one citizen says in the order in which it was said; what was overtaken is not applied. */
function outOfOrder({ hub, taken }: Aftermath): string[] {
  const declarantOf = new Map(hub.map(({ eventId, declarant }) => [eventId, declarant]));
  const last = new Map<string, AgencyEvent>();
  return taken.flatMap((event) => {
    if (event.status === 'RECEIVED') return [];
    const declarant = declarantOf.get(event.eventId);
    if (declarant === undefined) return [`${event.agency}: has an event that the hub does not know`];
    const lane = `${event.agency} ${declarant}`;
    const before = last.get(lane);
    last.set(lane, event);
    const isInOrder = before === undefined || before.sequence < event.sequence;
    return isInOrder ? [] : [`${event.agency}: ${event.sequence} applied after ${before.sequence}`];
  });
}

/** Each recipient has of a declaration what stands, once, or nothing of it. */
function wronglyApplied(move: ToldMove, { hub, taken, effects }: Aftermath): string[] {
  return move.deliveries.flatMap(({ reference, agency, status }) => {
    const name = `${move.reference} at ${agency.id}`;
    const current = hub.find(({ delivery, isCurrent }) => delivery === reference && isCurrent);
    const effect = effects.find(({ delivery }) => delivery === reference);
    if (current === undefined) return effect ? [`${name}: applied, and nothing of it was to be sent`] : [];
    const own = taken.filter(({ eventId }) => eventId === current.eventId);
    if (own.length !== 1) return [`${name}: the event that counts was taken ${own.length} times (${current.state})`];
    const event = own[0]!;
    const said = event.isCancellation ? 'CANCELLED' : event.status;
    const faults = status === said ? [] : [`${name}: ${status} at the hub, where the agency said ${said}`];
    const isApplied = !event.isCancellation && (event.status === 'DONE' || event.status === 'IN_PROGRESS');
    if (!isApplied) return effect ? [...faults, `${name}: ${event.status}, and applied`] : faults;
    if (!isSame(event.street, move.newAddress.streetLine)) return [...faults, `${name}: another wording was applied`];
    return [...faults, ...wrongEffect(effect, event).map((fault) => `${name}: ${fault}`)];
  });
}

function wrongEffect(effect: Effect | undefined, { agency, street }: AgencyEvent): string[] {
  if (effect === undefined) return ['said to be done, and is not'];
  const times = agency === 'energy' ? effect.ended : 1;
  if (effect.streets.length !== times) return [`applied ${effect.streets.length} times instead of ${times}`];
  return effect.streets.every((own) => isSame(own, street)) ? [] : ['an older wording stands'];
}

/** Nothing stands at an agency of which the hub knows nothing. */
function strayEffects(told: Told, { effects }: Aftermath): string[] {
  const known = new Set([...told.values()].flat().flatMap(({ deliveries }) => deliveries.map((one) => one.reference)));
  return effects
    .filter(({ delivery }) => !known.has(delivery))
    .map(({ agency, delivery }) => `${agency}: ${delivery} was applied, and the hub does not know it`);
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.toLowerCase() === other?.toLowerCase();
}
