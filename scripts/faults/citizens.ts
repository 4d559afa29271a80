import { setTimeout as pause } from 'node:timers/promises';
import { dayInParis } from '../../schema/parisCalendar.ts';
import { tokenFor } from '../../test/support/gatewayProcess.ts';
import type { Chance } from './chance.ts';
import { AGENCIES, type World } from './world.ts';

/** What a citizen said of one declaration, in order; what was not acknowledged may have been done or not. */
export interface Said {
  readonly does: 'declare' | 'amend' | 'cancel';
  /** The street that this wording alone has; a cancellation has none. */
  readonly street: string | undefined;
  /** When the answer was there, ms since the epoch; undefined without one. */
  readonly acknowledgedAtMs: number | undefined;
}

export interface Story {
  readonly persona: string;
  /** Undefined while only an unacknowledged declaration was said. */
  readonly reference: string | undefined;
  readonly said: readonly Said[];
}

/** A declaration as the hub tells its citizen of it. */
export interface ToldMove {
  readonly reference: string;
  readonly state: 'DECLARED' | 'CANCELLED';
  readonly newAddress: { readonly streetLine: string };
  readonly deliveries: readonly {
    readonly reference: string;
    readonly agency: { readonly id: string };
    readonly status: string;
  }[];
}

export interface Citizens {
  readonly stories: readonly Story[];
  /** They go on declaring, amending and cancelling until then; resolves when the last has had an answer, or given up waiting for one. */
  stop(): Promise<void>;
  /** What the hub tells them now. */
  movesOf(persona: string): Promise<readonly ToldMove[]>;
}

/** People whom the agencies know to different degrees, with their address at their energy supplier. */
const PEOPLE: readonly (readonly [persona: string, street: string, postCode: string, city: string])[] = [
  ['placard-elsa', '20 avenue de Ségur', '75007', 'Paris'],
  ['martin-pierre', '42 avenue de la République', '13001', 'Marseille'],
  ['giraud-anne', '8 boulevard Jean Jaurès', '13400', 'Aubagne'],
  ['fakir-eymen', '19 rue Aristide Briand', '92330', 'Sceaux'],
  ['bernanrd-julien', '28 boulevard Michelet', '13008', 'Marseille'],
  ['dupont-paul', '1 rue Montorgueil', '75002', 'Paris'],
];
const LONGEST_PAUSE_MS = 900;
/** After an answer that did not come: whoever was to give it is about to start. */
const AFTER_NONE_MS = 400;
const TIMEOUT_MS = 25_000;
const MOST_AT_ONCE = 3;

const MOVE = 'reference state newAddress { streetLine } deliveries { reference agency { id } status }';
const PAYLOAD = `{ move { ${MOVE} } problems { code field } }`;
const DECLARE = `mutation($input: DeclareMoveInput!) { declareMove(input: $input) ${PAYLOAD} }`;
const AMEND = `mutation($reference: ID!, $input: DeclareMoveInput!) { amendMove(reference: $reference, input: $input) ${PAYLOAD} }`;
const CANCEL = `mutation($reference: ID!) { cancelMove(reference: $reference) ${PAYLOAD} }`;
const MOVES = `{ me { moves { ${MOVE} } } }`;

interface OwnStory {
  readonly persona: string;
  reference: string | undefined;
  readonly said: Said[];
}

/** Each says one thing after the other, and waits for the answer: what is acknowledged in which order is beyond doubt. */
export function startCitizens(world: World, chance: Chance): Citizens {
  const stories: OwnStory[] = [];
  let stopped = false;
  let wordings = 0;

  async function ask<Data>(persona: string, query: string, variables: object = {}): Promise<Data> {
    const token = await tokenFor(world.issuer, { persona, service: 'portal' });
    const response = await fetch(world.hubUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { data, errors = [] } = (await response.json()) as { data?: Data; errors?: readonly object[] };
    if (errors.length > 0 || !data) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** Its answer, or undefined when none came: what was asked may have been done all the same. */
  async function act(persona: string, query: string, variables: object): Promise<ToldMove | undefined> {
    try {
      const [payload] = Object.values(await ask<Record<string, Payload>>(persona, query, variables));
      if (payload!.problems.length > 0) throw new TypeError(`a declaration was not taken: ${JSON.stringify(payload)}`);
      return payload!.move ?? undefined;
    } catch (fault) {
      if (fault instanceof TypeError && fault.message.startsWith('a declaration')) throw fault;
      return undefined;
    }
  }

  async function live(person: (typeof PEOPLE)[number]): Promise<void> {
    const [persona] = person;
    while (!stopped) {
      await pause(chance.below(LONGEST_PAUSE_MS));
      const open = stories.filter((one) => one.persona === persona && one.reference && !isCancelled(one));
      const story = open.length > 0 && (open.length >= MOST_AT_ONCE || chance.is(0.6)) ? chance.pick(open) : undefined;
      if (story === undefined) await declare(person);
      else if (chance.is(0.4)) await say(story, 'cancel', CANCEL, undefined, {});
      else await amend(story, person);
    }
  }

  async function declare(person: (typeof PEOPLE)[number]): Promise<void> {
    const story: OwnStory = { persona: person[0], reference: undefined, said: [] };
    stories.push(story);
    const input = inputOf(person);
    const move = await say(story, 'declare', DECLARE, input.newAddress.streetLine, { input });
    story.reference = move?.reference;
  }

  async function amend(story: OwnStory, person: (typeof PEOPLE)[number]): Promise<void> {
    const input = inputOf(person);
    await say(story, 'amend', AMEND, input.newAddress.streetLine, { input });
  }

  async function say(
    { persona, reference, said }: OwnStory,
    does: Said['does'],
    query: string,
    street: string | undefined,
    variables: object,
  ): Promise<ToldMove | undefined> {
    const move = await act(persona, query, { ...variables, ...(reference && { reference }) });
    said.push({ does, street, acknowledgedAtMs: move && Date.now() });
    if (move === undefined) await pause(AFTER_NONE_MS);
    return move;
  }

  /** To agencies of which each may be left out, so that amendments take recipients away and bring them back. */
  function inputOf([, street, postCode, city]: (typeof PEOPLE)[number]) {
    wordings += 1;
    const chosen = AGENCIES.filter(() => chance.is(0.85));
    return {
      oldAddress: { streetLine: street, postCode, city },
      newAddress: { streetLine: `${wordings} rue du Port`, postCode: '44000', city: 'Nantes' },
      effectiveDate: dayInParis(Date.now() + 30 * 86_400_000),
      members: [],
      recipients: chosen.length > 0 ? chosen : ['address'],
    };
  }

  const living = Promise.all(PEOPLE.map(live));
  living.catch(() => undefined);
  return {
    stories,
    async stop() {
      stopped = true;
      await living;
    },
    async movesOf(persona) {
      return (await ask<{ me: { moves: ToldMove[] } }>(persona, MOVES)).me.moves;
    },
  };
}

interface Payload {
  readonly move: ToldMove | null;
  readonly problems: readonly object[];
}

function isCancelled({ said }: OwnStory): boolean {
  return said.some(({ does }) => does === 'cancel');
}
