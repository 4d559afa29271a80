import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { NO_FILE } from '../../schema/declaration.ts';
import { dayInParis } from '../../schema/parisCalendar.ts';
import { readCitizensLog } from '../support/citizensLog.ts';
import { TEST_NATS_URL } from '../support/nats.ts';
import { OPERATOR_CREDENTIAL, type RunningHub, startHub } from '../support/runningHub.ts';

/* Paul and Angela Dupont move with their three children: said once by Paul, and everybody knows. A story, in order. */

const PAUL = { persona: 'dupont-paul', service: 'portal' } as const;
const ANGELA = { persona: 'dupont-angela', service: 'portal' } as const;
/** No supplier of energy knows her. */
const JUSTINE = { persona: 'lerouge-justine', service: 'portal' } as const;
type Visitor = typeof PAUL | typeof ANGELA | typeof JUSTINE;
const FAMILY = '{ me { civilStatus { children { child { id } } union { partner { id } } } } }';
const MOVE = `reference state isOwn effectiveDate newAddress { streetLine city inseeCode } members { role state isMe }
  deliveries { reference agency { id } status reason sha256 isSilent promisedBy timeline { status } }`;
const PREVIEW = `query($input: DeclareMoveInput!) { previewMove(input: $input) {
  messages { agency { id } content sha256 } problems { code field } } }`;
const DECLARE = `mutation($input: DeclareMoveInput!) { declareMove(input: $input) { move { ${MOVE} } problems { code field } } }`;
const AMEND = `mutation($reference: ID!, $input: DeclareMoveInput!) {
  amendMove(reference: $reference, input: $input) { move { ${MOVE} } problems { code } } }`;
const CONFIRM = `mutation($reference: ID!) { confirmMove(reference: $reference) { move { ${MOVE} } } }`;
const CANCEL = `mutation($reference: ID!) { cancelMove(reference: $reference) { move { ${MOVE} } } }`;

const HELD = `{ me {
  addresses { usage declaredOn address { streetLine city } }
  familyFile { declaredAddressSince declaredAddress { streetLine city } }
  taxResidence { since asOf address { streetLine city } } } }`;

interface Delivery {
  readonly reference: string;
  readonly agency: { readonly id: string };
  readonly status: string;
  readonly reason: string | null;
  readonly sha256: string | null;
  readonly timeline: readonly { readonly status: string }[];
}
interface Move {
  readonly reference: string;
  readonly state: string;
  readonly members: readonly { readonly role: string; readonly state: string; readonly isMe: boolean }[];
  readonly deliveries: readonly Delivery[];
}
interface Message {
  readonly agency: { readonly id: string };
  readonly content: string;
  readonly sha256: string;
}

let hub: RunningHub;
let input: Record<string, unknown>;
let reference: string;

beforeAll(async () => {
  const settings = { HUB_DELIVERY_RETRY_SECONDS: '1', HUB_NATS_URL: TEST_NATS_URL ?? '' };
  hub = await startHub({ settings, pullEveryMs: 200 });
}, 90_000);
afterAll(() => hub.close());

async function ask<Data>(query: string, by: Visitor, variables = {}): Promise<Data> {
  const { data, errors } = await hub.ask({ query, variables }, by);
  expect(errors).toEqual([]);
  return data as Data;
}

const inDays = (days: number) => dayInParis(Date.now() + days * 86_400_000);
const moveOf = async (by: Visitor): Promise<Move> =>
  (await ask<{ me: { moves: Move[] } }>(`{ me { moves { ${MOVE} } } }`, by)).me.moves[0]!;
const to = (move: Move, agency: string) => move.deliveries.find((one) => one.agency.id === agency)!;

/** Asks as the citizen's page would, until it is so. */
async function until(isSo: (move: Move) => boolean, by: Visitor = PAUL): Promise<Move> {
  for (let tries = 0; ; tries += 1) {
    const move = await moveOf(by);
    if (isSo(move)) return move;
    if (tries > 150) throw new Error(`not so: ${JSON.stringify(move.deliveries)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('a household that moves', () => {
  test('is proposed those who hold a file of it, who are asked for nothing else, and it reads so in its log', async () => {
    hub.takeRequests();
    const { me } = await ask<{ me: { suggestedRecipients: { agency: { id: string }; reason: string }[] } }>(
      '{ me { suggestedRecipients { agency { id } reason } } }',
      PAUL,
    );
    const proposed = me.suggestedRecipients.map(({ agency, reason }) => `${agency.id} ${reason}`);
    expect(proposed).toEqual(['address', 'energy', 'family', 'income'].map((agency) => `${agency} HOLDS_A_FILE`));
    for (const { query, grant } of hub.takeRequests()) {
      expect(query).toContain('{_entities(representations:$representations){__typename}}');
      expect(grant!.subjects).toMatchObject([{ role: 'SELF', scopes: [] }]);
    }
    const lines = await readCitizensLog(hub, 'dupont-paul');
    expect(lines.filter(({ fields }) => fields[0]?.coordinate === 'Citizen.__typename')).toHaveLength(4);
  });

  test('sees four different messages, each with what its recipient’s manifest names', async () => {
    const { me } = await ask<{
      me: { civilStatus: { children: { child: { id: string } }[]; union: { partner: { id: string } } } };
    }>(FAMILY, PAUL);
    const people = [...me.civilStatus.children.map(({ child }) => child.id), me.civilStatus.union.partner.id];
    input = {
      oldAddress: { streetLine: '12 rue des Lilas', postCode: '75011', city: 'Paris' },
      newAddress: { streetLine: '3 rue du Port', postCode: '44000', city: 'nantes' },
      effectiveDate: inDays(10),
      members: people.map((person) => ({ person })),
      recipients: ['address', 'energy', 'family', 'income'],
    };
    const { previewMove } = await ask<{ previewMove: { messages: Message[] } }>(PREVIEW, PAUL, { input });
    const fields = previewMove.messages.map(({ agency, content }) => [
      agency.id,
      Object.keys(JSON.parse(content) as object),
    ]);
    expect(Object.fromEntries(fields)).toEqual({
      address: ['declarant', 'adults', 'children', 'effectiveDate', 'newAddress'],
      energy: ['declarant', 'effectiveDate', 'oldAddress', 'newAddress'],
      family: ['declarant', 'adults', 'effectiveDate', 'newAddress'],
      income: ['declarant', 'effectiveDate', 'newAddress'],
    });
    for (const { content, sha256 } of previewMove.messages)
      expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
    const address = JSON.parse(previewMove.messages[0]!.content) as { children: []; adults: []; newAddress: object };
    expect(address).toMatchObject({ adults: [], newAddress: { city: 'Nantes', inseeCode: '44109' } });
    expect(address.children).toHaveLength(3);
  });

  test('says it once; one that is down for a while delays nobody, and has it when it is back', async () => {
    hub.misbehave('energy', (response) => void response.destroy());
    const { declareMove } = await ask<{ declareMove: { move: Move } }>(DECLARE, PAUL, { input });
    reference = declareMove.move.reference;
    expect(declareMove.move.members.map(({ role, state }) => `${role} ${state}`)).toEqual([
      'DECLARANT INCLUDED',
      ...Array<string>(3).fill('CHILD INCLUDED'),
      'ADULT AWAITING_CONFIRMATION',
    ]);
    const others = await until((move) =>
      ['address', 'family'].every((agency) => to(move, agency).status !== 'SENDING'),
    );
    expect(to(others, 'address')).toMatchObject({
      status: 'DONE',
      timeline: [{ status: 'SENDING' }, { status: 'DONE' }],
    });
    // Angela is a beneficiary of the same file, and has said nothing yet.
    expect(to(others, 'family')).toMatchObject({ status: 'NEEDS_CITIZEN', reason: expect.stringMatching(/\S/) });
    expect(to(others, 'energy').status).toBe('SENDING');
    hub.misbehave('energy', undefined);
    expect(to(await until((move) => to(move, 'energy').status !== 'SENDING'), 'energy').reason).not.toBe('');
  });

  test('is joined by the other adult in her own session, and the recipients who are told of adults hear of it', async () => {
    const seen =
      '{ me { moves { reference isOwn oldAddress { city } newAddress { streetLine } members { isMe givenNames } deliveries { status } } } }';
    // Whose move, and where to: until she has said yes, where they leave and who else comes along is not hers to read.
    expect(await ask(seen, ANGELA)).toEqual({
      me: {
        moves: [
          {
            ...{
              reference,
              isOwn: false,
              oldAddress: null,
              newAddress: { streetLine: '3 rue du Port' },
              deliveries: [],
            },
            members: [
              { isMe: false, givenNames: expect.stringMatching(/^Paul/i) },
              { isMe: true, givenNames: null },
            ],
          },
        ],
      },
    });
    const before = to(await moveOf(PAUL), 'income').sha256;
    await ask(CONFIRM, ANGELA, { reference });
    const move = await until((each) => to(each, 'family').status === 'DONE' && to(each, 'address').status === 'DONE');
    expect(move.members.at(-1)).toMatchObject({ role: 'ADULT', state: 'INCLUDED' });
    // The tax office is told of no adults: nothing was new to it.
    expect(to(move, 'income').sha256).toBe(before);
  });

  test('changes nobody else’s declaration, and takes nothing that a service says in the citizen’s name', async () => {
    const codeOf = async (by: object, query = CANCEL, variables: object = { reference }) =>
      (await hub.ask({ query, variables: { ...variables } }, by as typeof PAUL)).errors[0]?.extensions['code'];
    expect(await codeOf(ANGELA)).toBe('HUB_MOVE_UNKNOWN');
    expect(await codeOf({ persona: 'dupont-paul', service: 'canteen' }, DECLARE, { input })).toBe(
      'UNAUTHORIZED_FIELD_OR_TYPE',
    );
    expect((await moveOf(PAUL)).state).toBe('DECLARED');
  });

  test('moves to another street: amended; then not at all: taken back, with nothing sent but that', async () => {
    const elsewhere = { streetLine: '4 rue du Port', postCode: '44000', city: 'Nantes' };
    const amended = { ...input, newAddress: elsewhere, recipients: ['address', 'family', 'income'] };
    const { amendMove } = await ask<{ amendMove: { problems: [] } }>(AMEND, PAUL, { reference, input: amended });
    expect(amendMove.problems).toEqual([]);
    await until((move) => to(move, 'address').status === 'DONE' && to(move, 'energy').status === 'CANCELLED');
    await ask(CANCEL, PAUL, { reference });
    const cancelled = await until((move) => to(move, 'address').status === 'CANCELLED');
    expect(cancelled).toMatchObject({ state: 'CANCELLED' });
    expect(to(cancelled, 'address').sha256).toBeNull();
  });

  test('is kept waiting by an operator who pauses an agency, and by nobody else', async () => {
    const origin = new URL(hub.url).origin;
    const operate = (body: object, credential = OPERATOR_CREDENTIAL) =>
      fetch(`${origin}/deliveries/operator`, {
        method: 'POST',
        headers: { 'hub-operator': credential },
        body: JSON.stringify(body),
      });
    expect((await operate({ agency: 'address', act: 'pause' }, 'guessed')).status).toBe(401);
    expect((await operate({ agency: 'address', act: 'pause' })).status).toBe(204);
    await ask(DECLARE, PAUL, { input: { ...input, recipients: ['address', 'energy'] } });
    const waiting = await until((move) => to(move, 'energy').status !== 'SENDING');
    expect(to(waiting, 'address').status).toBe('SENDING');
    expect((await operate({ agency: 'address', act: 'resume' })).status).toBe(204);
    await until((move) => to(move, 'address').status === 'DONE');
  });

  test('moves, and three agencies answer the new address, each with its own date', async () => {
    // Two had been told of other days before.
    const dates = { income: inDays(-20), family: inDays(-3), address: inDays(0) };
    for (const [agency, effectiveDate] of Object.entries(dates)) {
      const { declareMove } = await ask<{ declareMove: { move: Move } }>(DECLARE, PAUL, {
        input: { ...input, effectiveDate, recipients: [agency] },
      });
      if (agency === 'family') await ask(CONFIRM, ANGELA, { reference: declareMove.move.reference });
      // The tax office is posted nothing: it asks for it.
      await until((move) => move.deliveries.every(({ status }) => status === 'DONE'));
    }
    const { me } = await ask<{ me: Record<string, unknown> }>(HELD, PAUL);
    const address = {
      streetLine: expect.stringMatching(/^3 rue du port$/i),
      city: expect.stringMatching(/^nantes$/i),
    };
    expect(me['addresses']).toContainEqual({ usage: 'MAIN', declaredOn: dates.address, address });
    expect(me['familyFile']).toEqual({ declaredAddressSince: dates.family, declaredAddress: address });
    expect(me['taxResidence']).toEqual({ since: dates.income, asOf: inDays(0), address });
  });
});

describe('somebody who asks for what the hub holds of them to be erased', () => {
  test('reads what is gone, what stays and why; of a move that is over the timeline stays, and nothing of people', async () => {
    const { eraseMyData } = await ask<{ eraseMyData: { erased: object[]; kept: { kind: string }[] } }>(
      'mutation { eraseMyData { erased { kind count } kept { kind count why until } } }',
      PAUL,
    );
    // What was taken back, and what is past; the others' day is today or to come, or Angela may still say that she moved too.
    expect(eraseMyData.erased).toEqual([{ kind: 'MOVE', count: 2 }]);
    expect(eraseMyData.kept).toContainEqual(
      expect.objectContaining({ kind: 'MOVE_UNDER_WAY', count: 3, why: expect.stringMatching(/\S/) }),
    );
    const { me } = await ask<{ me: { moves: (Move & { erasedAt: string | null })[] } }>(
      `{ me { moves { ${MOVE} erasedAt oldAddress { city } } } }`,
      PAUL,
    );
    const move = me.moves.find((one) => one.reference === reference)!;
    expect(move).toMatchObject({ state: 'CANCELLED', oldAddress: null, newAddress: null });
    expect(move.erasedAt).toMatch(/^20/);
    expect(to(move, 'address')).toMatchObject({ status: 'CANCELLED', reason: null, sha256: null });
    expect(to(move, 'address').timeline.length).toBeGreaterThan(3);
    expect(me.moves.filter(({ erasedAt }) => erasedAt === null)).toHaveLength(3);
  });
});

describe('somebody else', () => {
  test('is put before no declaration by a person who is no relative of theirs', async () => {
    const { me } = await ask<{ me: { id: string } }>('{ me { id } }', JUSTINE);
    const named = await ask<{ declareMove: object }>(DECLARE, PAUL, {
      input: { ...input, members: [{ person: me.id }] },
    });
    expect(named.declareMove).toMatchObject({ move: null, problems: [{ code: 'MEMBER_UNPROVEN' }] });
    expect(await ask('{ me { moves { reference } } }', JUSTINE)).toEqual({ me: { moves: [] } });
  });

  test('says nothing of a move, their own or one in which they are named, before they are sixteen', async () => {
    const yearsAgo = (years: number) => `${Number(inDays(0).slice(0, 4)) - years}-01-01`;
    const aged = (years: number) => ({ ...JUSTINE, claims: { birthdate: yearsAgo(years) } });
    const codeOf = async (query: string, years: number, variables: object = {}) =>
      (await hub.ask({ query, variables: { reference, ...variables } }, aged(years))).errors[0]?.extensions['code'];
    const own = { input: { ...input, members: [], recipients: ['address'] } };
    for (const [query, variables] of [[DECLARE, own], [AMEND, own], [CANCEL], [CONFIRM], [PREVIEW, own]] as const) {
      expect(await codeOf(query, 15, variables)).toBe('HUB_MOVE_TOO_YOUNG');
    }
    expect(await codeOf(PREVIEW, 16, own)).toBeUndefined();
    expect(await codeOf(CONFIRM, 16)).toBe('HUB_MOVE_UNKNOWN');
  });

  test('is refused by a recipient that holds no file of theirs, in words that they can read', async () => {
    await ask(DECLARE, JUSTINE, { input: { ...input, members: [], recipients: ['energy'] } });
    const refused = await until((move) => to(move, 'energy').status === 'REFUSED', JUSTINE);
    expect(to(refused, 'energy').reason).toBe(NO_FILE.fr);
  });
});
