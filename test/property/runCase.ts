import { parse } from 'graphql';
import { createAgencies, type Agencies } from './agencies.ts';
import type { Asker } from './asker.ts';
import { checkReply } from './checkReply.ts';
import { findFault, findRefusedPerson, findWrongGrant } from './checkRequests.ts';
import type { Operation } from './drawOperation.ts';
import {
  composeWorld,
  createHub,
  forService,
  readableGrants,
  readSent,
  type Hub,
  type Off,
  type Place,
  type Sent,
} from './hub.ts';
import { openGuardedAgencies, type GuardedAgencies, type GuardedPlace } from './guardedAgencies.ts';
import { answer, type Expected } from './oracle/answer.ts';
import { readModel, type Model } from './oracle/model.ts';
import { askingAbout } from './oracle/people.ts';
import { judgeRulesAlone } from './oracle/verdict.ts';
import { PEOPLE, placeOf, type World } from './world.ts';

/** Two callers who ask the same at the same time. */
export interface Case {
  readonly operation: Operation;
  readonly askers: readonly [Asker, Asker];
  /** The hub's own agency errs: `Query.me` answers with this person, whoever asks. */
  readonly wrongMe?: string;
  /** What is tried besides the hub as it is: all places are, when nothing is said. */
  readonly besides?: readonly ('uncut' | 'guarded')[];
}

/** A world with everything that serves it, so that many cases share its composition and caches. */
export interface Stage {
  readonly world: World;
  readonly model: Model;
  readonly agencies: Agencies;
  /** All places in order but those that `off` names. */
  readonly hub: Hub;
  /** Without the cut as well: what stands behind it must hold alone. */
  readonly uncutHub: Hub;
  /** Agencies built with the kit, and a hub without cut that seals its grants for them: they must not tell what they are asked. */
  readonly guarded: GuardedAgencies;
  readonly guardedHub: Hub;
  /** The same with its cut: what nobody refuses has to come through. */
  readonly guardedWholeHub: Hub;
}

export function openStage(world: World, off: Off = new Set<Place>()): Stage {
  const model = readModel(world.sdl);
  const graph = composeWorld(world);
  const grants = readableGrants(world);
  const uncut = new Set<Place>([...off, 'cut']);
  const guarded = openGuardedAgencies(world, model, { guarded: !off.has('guard') });
  return {
    world,
    model,
    agencies: createAgencies(world, model),
    hub: createHub(world, graph, grants, off),
    uncutHub: createHub(world, graph, grants, uncut),
    guarded,
    guardedHub: createHub(world, graph, guarded.grants, uncut),
    guardedWholeHub: createHub(world, graph, guarded.grants, off),
  };
}

/** What the hub did wrong in this case, in words; undefined when nothing. */
export async function runCase(stage: Stage, given: Case): Promise<string | undefined> {
  const { operation, askers, wrongMe, besides = ['uncut', 'guarded'] } = given;
  const document = parse(operation.query);
  const runs = askers.map((asker): Run => {
    const expected = answer(stage.world, stage.model, asker, document, forService(operation.variables, asker));
    return { stage, operation, asker, expected, wrongMe };
  });
  const asked = [...(besides.includes('uncut') ? [askUncut(runs[0]!)] : []), ...runs.map(askCut)];
  const fault = (await Promise.all(asked)).find((one) => one !== undefined);
  if (fault !== undefined || !besides.includes('guarded')) return fault;
  return askGuarded(stage, given);
}

/** With hub and guards all in order: what is wrong with the reply. Cases are not held to it, since a guard keeps back what stands below no person. */
export async function checkGuarded(
  { world, model, guarded, guardedWholeHub }: Stage,
  operation: Operation,
  asker: Asker,
): Promise<string | undefined> {
  const reply = await guardedWholeHub.ask(asker, operation, async (agency, body) => {
    return (await guarded.answer(agency, body)).text;
  });
  const variables = forService(operation.variables, asker);
  return checkReply(reply, answer(world, model, asker, parse(operation.query), variables));
}

/**
 * The kit's guard alone: nothing is cut, and still no agency looks at another person's data, nor at what the rules refuse this caller.
 * Two things the hub knows and no guard does: the habilitation's minimum acr, and by which door a person was reached.
 */
async function askGuarded(stage: Stage, { operation, askers }: Case): Promise<string | undefined> {
  const { model, guarded, guardedHub } = stage;
  const asker: Asker = { ...askers[0], minimumAcr: 'eidas1' };
  const looked: GuardedPlace[] = [];
  await guardedHub.ask(asker, operation, async (agency, body) => {
    const told = await guarded.answer(agency, body);
    looked.push(...told.looked);
    return told.text;
  });
  for (const { object, field, args } of looked) {
    const place = placeOf(object, field, args);
    const isPerson = model.types.get(object.__typename)!.isPerson;
    const about = isPerson ? [object.id] : [asker.person, ...asker.relatives.map(({ person }) => person)];
    const parties = about.flatMap((person) => askingAbout(stage.world, person, asker) ?? []);
    if (parties.length === 0) return `a guarded agency looked at ${place}, which is another person's`;
    const reasons = parties.map((party) =>
      judgeRulesAlone(model, { type: object.__typename, field, args }, { ...party, minimumAcr: 'eidas1' }),
    );
    const reason = reasons.includes(undefined) ? undefined : reasons[0];
    if (reason !== undefined) return `a guarded agency looked at ${place}, refused for ${reason}`;
  }
  return undefined;
}

interface Run {
  readonly stage: Stage;
  readonly operation: Operation;
  readonly asker: Asker;
  readonly expected: Expected;
  readonly wrongMe: string | undefined;
}

async function askCut(run: Run): Promise<string | undefined> {
  const { stage, asker, expected } = run;
  const asked = await ask(run, stage.hub);
  if (typeof asked === 'string') return asked;
  for (const sent of asked.sent) {
    const { world, model } = stage;
    const schema = stage.agencies.schemas.get(sent.agency)!;
    const fault = findFault(sent, { world, model, schema, asker, expected });
    if (fault !== undefined) return `${fault}\n  ${sent.head}`;
  }
  const unread = asked.looked.find((place) => !expected.read.has(place) && !expected.overheard.has(place));
  if (unread !== undefined) return `an agency looked at ${unread}, which this caller may not read or did not ask for`;
  return checkAnswer(run, asked);
}

async function askUncut(run: Run): Promise<string | undefined> {
  const { stage, asker } = run;
  const asked = await ask(run, stage.uncutHub);
  if (typeof asked === 'string') return `without the cut: ${asked}`;
  for (const sent of asked.sent) {
    const about = { world: stage.world, asker };
    const fault = findRefusedPerson(sent, about) ?? findWrongGrant(sent, about);
    if (fault !== undefined) return `without the cut: ${fault}\n  ${sent.head}`;
  }
  const fault = checkAnswer(run, asked);
  return fault && `without the cut: ${fault}`;
}

function checkAnswer({ wrongMe, asker, expected }: Run, { reply }: Asked): string | undefined {
  const isRight = wrongMe === undefined || wrongMe === asker.person;
  if (isRight) return checkReply(reply, expected);
  // The wrong person's data must not come out; what is said instead is tested elsewhere.
  const others = PEOPLE.filter(
    (person) => person !== asker.person && !asker.relatives.some((one) => one.person === person),
  );
  const leak = others.find((person) => reply.data.includes(`<Citizen ${person} `));
  return leak && `data of ${leak} for ${asker.person}: ${reply.data}`;
}

interface Asked {
  readonly reply: Awaited<ReturnType<Hub['ask']>>;
  readonly sent: readonly Sent[];
  readonly looked: readonly string[];
}

async function ask({ stage, operation, asker, wrongMe }: Run, hub: Hub): Promise<Asked | string> {
  const sent: Sent[] = [];
  const looked: string[] = [];
  try {
    const reply = await hub.ask(asker, operation, async (agency, body) => {
      const request = readSent(agency, body);
      sent.push(request);
      const answered = await stage.agencies.answer(agency, request, wrongMe ?? asker.person);
      looked.push(...answered.looked);
      // Lets the other caller's request overtake.
      await new Promise((resolve) => setImmediate(resolve));
      return answered.text;
    });
    return { reply, sent, looked };
  } catch (defect) {
    return `the hub threw ${String((defect as Error).stack)}`;
  }
}
