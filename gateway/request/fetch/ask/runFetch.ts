import { withGrant } from '../../../../schema/grant.ts';
import type { Reference, SubjectKey } from '../../../platform/ids.ts';
import type { Refusal } from '../../exchange.ts';
import { AgencyFault } from '../agencyPort.ts';
import type { FetchProgram } from '../compile/compileFetch.ts';
import type { Representing } from '../compile/compileRequires.ts';
import { Fault } from '../merge/faults.ts';
import { typeOf, type DataNode } from '../compile/place.ts';
import { blame, blameComputed, takeAnswer } from '../merge/takeAnswer.ts';
import { WITHDRAWN } from '../lookAgain.ts';
import type { Run } from '../run.ts';
import { collectByOwner, collectNodes } from './collectNodes.ts';
import { nameSubjects, NOBODY_NAMED } from './nameSubjects.ts';
import { splitByVerdicts } from './splitByVerdicts.ts';

/** Nodes that one request is about: for entities, one group per representation. */
export type Targets = readonly (readonly DataNode[])[];

/** Runs one fetch: collects its nodes, writes the body, asks, takes the answer in. Calls `done` once, whatever came. */
export function runFetch(planned: FetchProgram, run: Run, done: () => void): void {
  try {
    const allowed = run.input.stillAllowed?.(planned.asks) ?? true;
    if (allowed === true) askAll(planned, run, done);
    else if (allowed === false) withhold(planned, run, done);
    else {
      allowed.then(
        (stillIs) => settle(run, NOTHING_MORE, () => (stillIs ? askAll : withhold)(planned, run, done)),
        run.fail,
      );
    }
  } catch (defect) {
    run.fail(defect);
  }
}

const NOTHING_MORE = (): void => undefined;

/** What was open when the request was decided and is no more: not a part of the fetch is asked. */
function withhold(planned: FetchProgram, run: Run, done: () => void): void {
  run.fetchFaults[planned.index] = refused(planned, WITHDRAWN);
  done();
}

function askAll(planned: FetchProgram, run: Run, done: () => void): void {
  if (!planned.ofRelatives || !run.input.persons) {
    askAbout(planned, collectNodes(run.root, planned), run, done);
    return;
  }
  const parts = splitByVerdicts(planned, collectByOwner(run.root, planned), run);
  let open = parts.length;
  if (open === 0) done();
  const closeOne = (): void => {
    open--;
    if (open === 0) done();
  };
  for (const part of parts) askAbout(part.fetch, part.nodes, run, closeOne);
}

function askAbout(planned: FetchProgram, nodes: readonly DataNode[], run: Run, done: () => void): void {
  try {
    const named = planned.naming.length > 0 ? nameSubjects(planned, run) : NOBODY_NAMED;
    const fetch = named.gone.size > 0 ? planned.without(named.gone) : planned;
    if (!fetch) {
      done();
      return;
    }
    const subjects = new Set<SubjectKey>();
    const represented = fetch.represent ? represent(fetch, nodes, run, subjects) : undefined;
    const targets = represented?.targets ?? [nodes];
    if (nodes.length === 0 || targets.length === 0) {
      done();
      return;
    }
    for (const subject of named.subjects) subjects.add(subject);
    const head = writeHead(fetch, represented?.text, named.values, run);
    const { seal, persons, send, knownAnswer, signal } = run.input;
    const take = (text: string): void =>
      settle(run, done, () => {
        takeAnswer(fetch, targets, text, run);
        for (const [node, cause] of represented?.incomplete ?? []) blameComputed(fetch.reader, node, cause);
      });
    const known = knownAnswer?.(fetch.agency, head);
    if (known !== undefined) {
      take(known);
      return;
    }
    if (persons && !fetch.represent) subjects.add(persons.caller);
    if (persons && fetch.meetsRelatives) for (const subject of persons.metAt(fetch.agency)) subjects.add(subject);
    const body = seal ? withGrant(head, seal(fetch.agency, head, [...subjects])) : `${head}}`;
    send(fetch.agency, body, { kind: fetch.kind, signal }).then(take, (error: unknown) =>
      settle(run, done, () => takeFailure(fetch, nodes, error, run)),
    );
  } catch (defect) {
    run.fail(defect);
  }
}

/** A defect of ours ends the request; it must neither look like an agency's fault nor be lost in a promise. */
function settle(run: Run, done: () => void, work: () => void): void {
  try {
    work();
    done();
  } catch (defect) {
    run.fail(defect);
  }
}

function takeFailure(fetch: FetchProgram, nodes: readonly DataNode[], error: unknown, run: Run): void {
  if (!(error instanceof AgencyFault)) throw error;
  const code = error.kind === 'UNAVAILABLE' ? 'HUB_AGENCY_UNAVAILABLE' : 'HUB_AGENCY_INVALID_ANSWER';
  const { retryAfterSeconds } = error;
  const fault = new Fault(code, fetch.agency, { retryAfterSeconds });
  // Of a fetch about relatives another part may have gone well, and what that left out is absent.
  if (fetch.ofRelatives) for (const node of nodes) blame(fetch.reader, node, fault);
  else run.fetchFaults[fetch.index] = fault;
  run.input.report?.(fetch.agency, { code, detail: error.message });
}

interface Represented {
  readonly text: string;
  readonly targets: Targets;
  /** Nodes whose representation lacks something because of a fault: what is computed from it cannot be had. */
  readonly incomplete: readonly (readonly [DataNode, Fault])[];
}

/** Writes each node's representation once; a withheld subject's stays out, and its fields say why. */
function represent(fetch: FetchProgram, nodes: readonly DataNode[], run: Run, subjects: Set<SubjectKey>): Represented {
  const { persons } = run.input;
  const positions = new Map<string, number>();
  const targets: DataNode[][] = [];
  const incomplete: [DataNode, Fault][] = [];
  let named: { readonly subject: SubjectKey; readonly reference: Reference }[] = [];
  const representing: Representing = {
    agency: fetch.agency,
    // Whoever stands in what a field requires is named to the agency too, and judged as if the fetch were about them.
    toAgency:
      persons &&
      ((subject: SubjectKey) => {
        const refusal = subject === judged ? undefined : persons.judge(subject, fetch.agency, fetch.index);
        if (refusal) {
          representing.cause = refused(fetch, refusal);
          return undefined;
        }
        const reference = persons.toAgency(subject, fetch.agency);
        named.push({ subject, reference });
        return reference;
      }),
    fetchFaults: run.fetchFaults,
    cause: undefined,
  };
  let judged: SubjectKey | undefined;
  const write = fetch.represent!(run.input.variables);
  let text = '';
  for (const node of nodes) {
    const subject = persons && subjectOf(fetch, node, run);
    // Relatives have been judged each by their own verdicts (splitByVerdicts).
    const refusal = subject && !fetch.ofRelatives && persons.judge(subject, fetch.agency, fetch.index);
    judged = fetch.ofRelatives ? subject : undefined;
    if (refusal) {
      blame(fetch.reader, node, refused(fetch, refusal));
      continue;
    }
    representing.cause = undefined;
    named = [];
    const representation = write(node, representing);
    const cause = representing.cause as Fault | undefined;
    if (representation === undefined) {
      if (cause) blame(fetch.reader, node, withoutPath(cause));
      continue;
    }
    if (cause) incomplete.push([node, withoutPath(cause)]);
    // What was begun may have been left out again, with whom it named.
    for (const { subject: each, reference } of named) if (representation.includes(reference)) subjects.add(each);
    const position = positions.get(representation);
    if (position !== undefined) {
      targets[position]!.push(node);
      continue;
    }
    positions.set(representation, targets.length);
    text += targets.length === 0 ? representation : `,${representation}`;
    targets.push([node]);
  }
  return { text, targets, incomplete };
}

/** A fault met elsewhere is the reason here too. */
function withoutPath({ code, agency, refusal, retryAfterSeconds, input }: Fault): Fault {
  return new Fault(code, agency, { retryAfterSeconds, input, ...(refusal && { refusal }) });
}

function subjectOf(fetch: FetchProgram, node: DataNode, run: Run): SubjectKey | undefined {
  if (fetch.personSlot === undefined || !run.personTypes.has(typeOf(node) ?? '')) return undefined;
  const subject = node[fetch.personSlot];
  return typeof subject === 'string' ? (subject as SubjectKey) : undefined;
}

/** The body up to the grant. */
function writeHead(
  fetch: FetchProgram,
  representations: string | undefined,
  named: ReadonlyMap<string, unknown>,
  { input }: Run,
): string {
  let text = representations === undefined ? '' : `"representations":[${representations}]`;
  for (const { name, prefix, source } of fetch.variables) {
    const value = named.has(name) ? named.get(name) : source(input.variables, undefined);
    if (value !== undefined) text += `${text === '' ? '' : ','}${prefix}${JSON.stringify(value)}`;
  }
  return `${fetch.start}${text}}`;
}

export function refused(fetch: FetchProgram, refusal: Refusal): Fault {
  return new Fault('UNAUTHORIZED_FIELD_OR_TYPE', fetch.agency, { refusal });
}
