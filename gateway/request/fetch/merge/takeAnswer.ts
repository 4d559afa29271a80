import { ERROR_CODES, type HubErrorCode } from '../../../../schema/errorCodes.ts';
import type { FetchProgram } from '../compile/compileFetch.ts';
import type { ObjectReader } from '../compile/compileReader.ts';
import { Fault, InvalidAnswer } from './faults.ts';
import { TYPE_SLOT, typeOf, type DataNode } from '../compile/place.ts';
import { readObject, undoReading, type Reading } from './readAnswer.ts';
import type { Run } from '../run.ts';
import type { Targets } from '../ask/runFetch.ts';
import { scanAnswer } from './scanAnswer.ts';

/** Merges an agency's answer into the nodes it is about. An answer that is not what was asked changes nothing and is a fault. */
export function takeAnswer(fetch: FetchProgram, targets: Targets, text: string, run: Run): void {
  const { persons } = run.input;
  const reading: Reading = {
    agency: fetch.agency,
    fromAgency: persons && ((reference) => persons.fromAgency(reference, fetch.agency)),
    undo: [],
  };
  if (scanAnswer(fetch, targets, text, reading)) return;
  undoReading(reading);
  try {
    readParsed(fetch, targets, text, reading, run);
  } catch (error) {
    if (!(error instanceof InvalidAnswer)) throw error;
    undoReading(reading);
    const code = 'HUB_AGENCY_INVALID_ANSWER';
    run.fetchFaults[fetch.index] = new Fault(code, fetch.agency);
    run.input.report?.(fetch.agency, { code, detail: error.message });
  }
}

function readParsed(fetch: FetchProgram, targets: Targets, text: string, reading: Reading, run: Run): void {
  const { data, errors } = parseAnswer(text);
  let gone: ReadonlySet<DataNode> = NONE;
  if (data === undefined && errors.length === 0) throw new InvalidAnswer('neither data nor errors');
  if (data !== undefined && fetch.represent) gone = readEntities(fetch, targets, data, errors.length > 0, reading);
  else if (data !== undefined) for (const node of targets[0]!) readObject(fetch.reader, data, node, reading);
  takeErrors(fetch, targets, errors, { gone, data }, run);
}

/** Puts the fault at every field of the node that this reader would have filled and that nobody has. */
export function blame(reader: ObjectReader, node: DataNode, fault: Fault): boolean {
  let blamed = false;
  for (const field of reader.fieldsOf(typeOf(node)) ?? []) {
    if (node[field.slot] !== undefined && node[field.slot] !== null) continue;
    node[field.slot] = fault;
    blamed = true;
  }
  return blamed;
}

/** Blames every field, and the node itself when its type was still to be told. */
function blameWhole(reader: ObjectReader, node: DataNode, fault: Fault): boolean {
  const type = typeOf(node);
  const isOpen = reader.asksTypename && (type === undefined || !reader.isConcrete(type));
  if (isOpen) node[TYPE_SLOT] = fault;
  return blame(reader, node, fault) || isOpen;
}

/** Puts the fault at every computed field of the node, whatever the agency made of an incomplete representation. */
export function blameComputed(reader: ObjectReader, node: DataNode, fault: Fault): void {
  for (const field of reader.fieldsOf(typeOf(node)) ?? []) {
    if (field.isComputed) node[field.slot] = fault;
  }
}

interface Answer {
  /** undefined when null or not there. */
  readonly data: object | undefined;
  readonly errors: readonly unknown[];
}

function parseAnswer(text: string): Answer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new InvalidAnswer('not JSON');
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw new InvalidAnswer('not an object');
  const data: unknown = Object.hasOwn(answer, 'data') ? ((answer as { data: unknown }).data ?? undefined) : undefined;
  const errors: unknown = Object.hasOwn(answer, 'errors') ? (answer as { errors: unknown }).errors : undefined;
  if (data !== undefined && (typeof data !== 'object' || Array.isArray(data)))
    throw new InvalidAnswer('data: object expected');
  if (errors !== undefined && errors !== null && !Array.isArray(errors))
    throw new InvalidAnswer('errors: list expected');
  return { data: data ?? undefined, errors: errors ?? [] };
}

const NONE: ReadonlySet<DataNode> = new Set();

/** Reads each entity into its nodes; returns the nodes whose entity is null. */
function readEntities(
  fetch: FetchProgram,
  targets: Targets,
  data: object,
  hasErrors: boolean,
  reading: Reading,
): ReadonlySet<DataNode> {
  const keys = Object.keys(data);
  if (keys.length !== 1 || keys[0] !== '_entities') throw new InvalidAnswer('_entities expected');
  const entities = (data as { _entities: unknown })._entities;
  if (entities === null && hasErrors) return new Set(targets.flat());
  if (!Array.isArray(entities)) throw new InvalidAnswer('_entities: list expected');
  if (entities.length !== targets.length) throw new InvalidAnswer('_entities of another length than asked');
  let gone: Set<DataNode> | undefined;
  for (let at = 0; at < entities.length; at++) {
    const entity: unknown = entities[at];
    for (const node of targets[at]!) {
      if (entity !== null) readObject(fetch.reader, entity, node, reading);
      else (gone ??= new Set()).add(node);
    }
  }
  return gone ?? NONE;
}

function takeErrors(
  fetch: FetchProgram,
  targets: Targets,
  errors: readonly unknown[],
  { gone, data }: { readonly gone: ReadonlySet<DataNode>; readonly data: object | undefined },
  run: Run,
): void {
  for (const error of errors) {
    const fault = new Fault(codeOf(error), fetch.agency, { input: inputOf(error) });
    run.input.report?.(fetch.agency, { code: fault.code, detail: 'error of the agency' });
    const path = pathOf(error);
    const groups = fetch.represent ? groupsOf(path, targets) : targets;
    const below = fetch.represent ? path?.slice(2) : path;
    const answered = fetch.represent ? memberOf(memberOf(data, '_entities'), path?.[1]) : data;
    let placed = false;
    for (const node of (groups ?? targets).flat()) {
      const attached =
        groups && below ? attach(fetch.reader, node, below, { fault, answered }) : blame(fetch.reader, node, fault);
      // An entity that is null with its error lacks everything for that one reason.
      const blamed = gone.has(node) && blameWhole(fetch.reader, node, fault);
      placed = attached || blamed || placed;
    }
    if (data === undefined) run.fetchFaults[fetch.index] ??= fault;
    else if (!placed) run.loose.push(fault);
  }
}

/** The entities that a path `_entities, n, ...` is about; undefined for any other path. */
function groupsOf(path: Path | undefined, targets: Targets): Targets | undefined {
  if (path?.[0] !== '_entities' || typeof path[1] !== 'number') return undefined;
  const group = targets[path[1]];
  return group && [group];
}

function memberOf(value: unknown, key: string | number | undefined): unknown {
  if (typeof value !== 'object' || value === null || key === undefined || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

type Path = readonly (string | number)[];

function pathOf(error: unknown): Path | undefined {
  const path: unknown = typeof error === 'object' && error !== null ? (error as { path?: unknown }).path : undefined;
  if (!Array.isArray(path)) return undefined;
  return path.every((part) => typeof part === 'string' || typeof part === 'number') ? (path as Path) : undefined;
}

/** Only codes of the catalogue that agencies may speak pass; their words never do. */
function codeOf(error: unknown): HubErrorCode {
  const { code } = extensionsOf(error);
  if (typeof code !== 'string' || !Object.hasOwn(ERROR_CODES, code)) return 'HUB_AGENCY_FIELD_ERROR';
  const passes = code === 'HUB_AGENCY_INPUT_REFUSED' || /^HUB_(CONSENT|HABILITATION|SERVICE|STREAM|MOVE)_/.test(code);
  return passes ? (code as HubErrorCode) : 'HUB_AGENCY_FIELD_ERROR';
}

/** Which input was refused: `argument` from an agency, `detailKey` from the hub's own registers. */
function inputOf(error: unknown): string | undefined {
  const { argument, detailKey } = extensionsOf(error);
  const named = detailKey ?? argument;
  return typeof named === 'string' ? named : undefined;
}

function extensionsOf(error: unknown): Readonly<Record<string, unknown>> {
  const extensions: unknown = (error as { extensions?: unknown } | null)?.extensions;
  return typeof extensions === 'object' && extensions !== null ? (extensions as Record<string, unknown>) : {};
}

/**
 * Puts the fault where the path meets nothing: at the field itself, or at the nearest value above that became null with it. `answered` is what the
 * agency said of the node. A person of whom it said something, and who is nobody to the hub, is absent: what failed of them is nobody's affair.
 */
function attach(
  reader: ObjectReader,
  node: DataNode,
  path: Path,
  { fault, answered }: { readonly fault: Fault; readonly answered: unknown },
): boolean {
  if (path.length === 0) return blame(reader, node, fault);
  const field = reader.fieldsOf(typeOf(node))?.find((candidate) => candidate.key === path[0]);
  if (!field) return false;
  let holder: unknown[] = node;
  let at = field.slot;
  let rest = path.slice(1);
  let raw = memberOf(answered, path[0]);
  for (let depth = field.listDepth; depth > 0; depth--) {
    const list = holder[at];
    const position = rest[0];
    if (!Array.isArray(list) || typeof position !== 'number' || !(position in list)) break;
    holder = list;
    at = position;
    rest = rest.slice(1);
    raw = memberOf(raw, position);
  }
  const value = holder[at];
  if (value instanceof Fault) return true;
  if (value === null && typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return true;
  if (value === null || value === undefined) {
    holder[at] = new Fault(fault.code, fault.agency, { below: rest, input: fault.input });
    return true;
  }
  return field.object !== undefined && Array.isArray(value) && rest.length > 0
    ? attach(field.object, value, rest, { fault, answered: raw })
    : false;
}
