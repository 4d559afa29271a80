import { withGrant } from '../../../../schema/grant.ts';
import type { Reference, SubjectKey } from '../../../platform/ids.ts';
import type { Refusal } from '../../exchange.ts';
import { AgencyFault } from '../agencyPort.ts';
import type { FetchProgram, PathStep } from '../compile/compileFetch.ts';
import type { Representing } from '../compile/compileRequires.ts';
import { Fault } from '../merge/faults.ts';
import { typeOf, type DataNode } from '../compile/place.ts';
import { blame, blameComputed, takeAnswer } from '../merge/takeAnswer.ts';
import type { Run } from '../run.ts';
import { UnknownSubject } from '../compile/subjectIds.ts';

/** Nodes that one request is about: for entities, one group per representation. */
export type Targets = readonly (readonly DataNode[])[];

/** Runs one fetch: collects its nodes, writes the body, asks, takes the answer in. Calls `done` once, whatever came. */
export function runFetch(fetch: FetchProgram, run: Run, done: () => void): void {
  try {
    const nodes: DataNode[] = [];
    collectNodes(run.root, fetch.path, 0, nodes);
    const subjects = new Set<SubjectKey>();
    const represented = fetch.represent ? represent(fetch, nodes, run, subjects) : undefined;
    const targets = represented?.targets ?? [nodes];
    if (nodes.length === 0 || targets.length === 0) {
      done();
      return;
    }
    const head = writeHead(fetch, represented?.text, run, subjects);
    if (head === undefined) {
      done();
      return;
    }
    const { seal, persons, send, signal } = run.input;
    if (persons && !fetch.represent) subjects.add(persons.caller);
    const body = seal ? withGrant(head, seal(fetch.agency, head, [...subjects])) : `${head}}`;
    send(fetch.agency, body, { kind: fetch.kind, signal }).then(
      (text) =>
        settle(run, done, () => {
          takeAnswer(fetch, targets, text, run);
          for (const [node, cause] of represented?.incomplete ?? []) blameComputed(fetch.reader, node, cause);
        }),
      (error: unknown) => settle(run, done, () => takeFailure(fetch, error, run)),
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

function takeFailure(fetch: FetchProgram, error: unknown, run: Run): void {
  if (!(error instanceof AgencyFault)) throw error;
  const code = error.kind === 'UNAVAILABLE' ? 'HUB_AGENCY_UNAVAILABLE' : 'HUB_AGENCY_INVALID_ANSWER';
  const { retryAfterSeconds } = error;
  run.fetchFaults[fetch.index] = new Fault(code, fetch.agency, { retryAfterSeconds });
  run.input.report?.(fetch.agency, { code, detail: error.message });
}

function collectNodes(value: unknown, path: readonly PathStep[], at: number, nodes: DataNode[]): void {
  if (!Array.isArray(value)) return;
  const step = path[at];
  if (step === undefined) nodes.push(value);
  else if (step === '@') for (const element of value) collectNodes(element, path, at + 1, nodes);
  else collectNodes(value[step], path, at + 1, nodes);
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
        const refusal = persons.judge(subject, fetch.agency, fetch.index);
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
  let text = '';
  for (const node of nodes) {
    const subject = persons && subjectOf(fetch, node, run);
    const refusal = subject && persons.judge(subject, fetch.agency, fetch.index);
    if (refusal) {
      blame(fetch.reader, node, refused(fetch, refusal));
      continue;
    }
    representing.cause = undefined;
    named = [];
    const representation = fetch.represent!(node, representing);
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

/** The body up to the grant; undefined when an argument names somebody who may not be asked about. */
function writeHead(
  fetch: FetchProgram,
  representations: string | undefined,
  run: Run,
  subjects: Set<SubjectKey>,
): string | undefined {
  const { persons, variables } = run.input;
  let refusal: Refusal | undefined;
  const translate =
    persons &&
    ((reference: string): string => {
      const subject = persons.fromService(reference);
      if (subject === undefined) throw new UnknownSubject();
      refusal ??= persons.judge(subject, fetch.agency, fetch.index);
      subjects.add(subject);
      return persons.toAgency(subject, fetch.agency);
    });
  let text = representations === undefined ? '' : `"representations":[${representations}]`;
  for (const variable of fetch.variables) {
    let value: unknown;
    try {
      value = variable.source(variables, translate);
    } catch (error) {
      // The same face as absent: null, no error.
      if (error instanceof UnknownSubject) return undefined;
      throw error;
    }
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}${variable.prefix}${JSON.stringify(value)}`;
  }
  if (refusal) {
    run.fetchFaults[fetch.index] = refused(fetch, refusal);
    return undefined;
  }
  return `${fetch.start}${text}}`;
}

function refused(fetch: FetchProgram, refusal: Refusal): Fault {
  return new Fault('UNAUTHORIZED_FIELD_OR_TYPE', fetch.agency, { refusal });
}
