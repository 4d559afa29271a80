import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createMoveReference } from '../../../gateway/registers/moves/moveReference.ts';
import { dayInParis } from '../../../schema/parisCalendar.ts';
import { startHub, type RunningHub } from '../../support/runningHub.ts';
import { type FollowedStream, follow } from '../../support/streams.ts';

const PAUL = { persona: 'dupont-paul', service: 'portal' } as const;
const STRANGER = { persona: 'dupont-angela', service: 'portal' } as const;
const AT_CANTEEN = { persona: 'dupont-paul', service: 'canteen' } as const;
const MOVED = `subscription ($reference: ID!) {
  moved: moveUpdated(reference: $reference) { state deliveries { agency { id } status } }
}`;
const CHANGES = 'subscription { subjectChanged { changed { name } } }';
const DECLARE =
  'mutation ($input: DeclareMoveInput!) { declareMove(input: $input) { move { reference } problems { code field } } }';
const CANCEL = 'mutation ($reference: ID!) { cancelMove(reference: $reference) { move { state } } }';

interface Moved {
  readonly state: string;
  readonly deliveries: readonly { readonly agency: { readonly id: string }; readonly status: string }[];
}

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({ settings: { HUB_STREAM_INTERVAL_MS: '0', HUB_DELIVERY_RETRY_SECONDS: '1' } });
}, 60_000);
afterAll(() => hub.close());

async function declare(recipients: readonly string[]): Promise<string> {
  const input = {
    oldAddress: { streetLine: '12 rue des Lilas', postCode: '75011', city: 'Paris' },
    newAddress: { streetLine: '3 rue du Port', postCode: '44000', city: 'Nantes' },
    effectiveDate: dayInParis(Date.now() + 10 * 86_400_000),
    recipients,
  };
  const { data, errors } = await hub.ask({ query: DECLARE, variables: { input } }, PAUL);
  expect(errors).toEqual([]);
  const { move, problems } = (data as { declareMove: { move: { reference: string }; problems: [] } }).declareMove;
  expect(problems).toEqual([]);
  return move.reference;
}

const followMove = (reference: string, by: typeof PAUL | typeof STRANGER) =>
  follow(hub, { query: MOVED, variables: { reference } }, by);

/** What the stream tells until it is so, which is told last. */
async function until(stream: FollowedStream, isSo: (moved: Moved) => boolean): Promise<Moved> {
  for (;;) {
    const { moved } = (await stream.next()).data as { moved: Moved };
    if (isSo(moved)) return moved;
  }
}

const statusAt = ({ deliveries }: Moved, agency: string) => deliveries.find((one) => one.agency.id === agency)?.status;

describe('moveUpdated', () => {
  test('tells how the declaration stands, then each step of its deliveries, to its end', async () => {
    const reference = await declare(['address', 'income']);
    const stream = await followMove(reference, PAUL);
    const done = await until(stream, (moved) =>
      ['address', 'income'].every((agency) => statusAt(moved, agency) === 'DONE'),
    );
    expect(done.state).toBe('DECLARED');
    await hub.ask({ query: CANCEL, variables: { reference } }, PAUL);
    expect((await until(stream, ({ state }) => state === 'CANCELLED')).state).toBe('CANCELLED');
    stream.leave();
  });

  test('knows a reference as people write it, and no other declaration', async () => {
    const [followed, other] = [await declare(['address']), await declare(['address'])];
    const written = `${followed.slice(0, 4)}-${followed.slice(4).toLowerCase()}`;
    const stream = await followMove(written, PAUL);
    await until(stream, (moved) => statusAt(moved, 'address') === 'DONE');
    const { length } = stream.told;
    await hub.ask({ query: CANCEL, variables: { reference: other } }, PAUL);
    await hub.ask({ query: CANCEL, variables: { reference: followed } }, PAUL);
    await until(stream, ({ state }) => state === 'CANCELLED');
    expect(stream.told.slice(length, -1).map(({ data }) => (data as { moved: Moved }).moved.state)).not.toContain(
      'CANCELLED',
    );
    stream.leave();
  });

  test('of another citizen’s declaration is as absent as one that never was', async () => {
    const references = [await declare(['address']), createMoveReference(), 'no reference at all', ''];
    const ends = await Promise.all(
      references.map(async (reference) => {
        const stream = await followMove(reference, STRANGER);
        return { complete: await stream.ended(), status: stream.status, told: stream.told };
      }),
    );
    for (const end of ends) expect(end).toEqual({ complete: true, status: 200, told: [{ data: { moved: null } }] });
  });
});

describe('subjectChanged', () => {
  test('tells a service that an agency has applied a move, by the scopes that it may read there and no others', async () => {
    const stream = await follow(hub, CHANGES, AT_CANTEEN);
    const namesOf = ({ data }: { data?: unknown }) =>
      (data as { subjectChanged: { changed: { name: string }[] } }).subjectChanged.changed.map(({ name }) => name);
    expect(namesOf(await stream.next())).toContain('cnaf_enfants');
    await declare(['address', 'income']);
    let changed: string[] = [];
    while (changed.length === 0) changed = namesOf(await stream.next());
    expect(changed).toEqual(['dgfip_annee_n_moins_1', 'dgfip_rfr']);
    stream.leave();
  });
});
