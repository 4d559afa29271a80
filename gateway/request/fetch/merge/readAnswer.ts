import type { AgencyId, SubjectKey } from '../../../platform/ids.ts';
import type { FieldReader, ObjectReader } from '../compile/compileReader.ts';
import { Fault, InvalidAnswer } from './faults.ts';
import { TYPE_SLOT, typeOf, type DataNode } from '../compile/place.ts';

/** What reading one answer needs, and what it leaves behind. */
export interface Reading {
  readonly agency: AgencyId;
  /** Who an agency's reference is; undefined = a person unknown to the hub. Absent where the graph has no persons. */
  readonly fromAgency: ((reference: string) => SubjectKey | undefined) | undefined;
  /** Node, slot and former value of each write to a node that stood before: an answer found wrong leaves no trace. */
  readonly undo: unknown[];
}

/**
 * Reads one object into a node: a new one, or the one that stands there already. Only keys that were asked for are looked at, and
 * no key may be left over. Returns null for a person unknown to the hub. Throws InvalidAnswer.
 */
export function readObject(
  reader: ObjectReader,
  value: unknown,
  standing: DataNode | undefined,
  reading: Reading,
): DataNode | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InvalidAnswer('object expected');
  const source = value as Record<string, unknown>;
  let keyCount = 0;
  const type = readType(reader, source, standing);
  if (Object.hasOwn(source, '__typename')) keyCount++;
  const fields = reader.fieldsOf(type);
  if (!fields) throw new InvalidAnswer('object of unknown type');

  const node = standing ?? reader.place.createNode(type);
  if (standing && standing[TYPE_SLOT] !== type) write(standing, TYPE_SLOT, type, reading);
  for (const field of fields) {
    const raw = field.inherited && !Object.hasOwn(source, field.key) ? undefined : source[field.key];
    if (raw === undefined) {
      if (field.required) throw new InvalidAnswer(`key ${field.key} missing`);
      continue;
    }
    keyCount++;
    const before = standing ? standing[field.slot] : undefined;
    let result: unknown;
    if (field.object) result = readList(field.object, field.listDepth, raw, before, reading);
    else if (field.isPersonId && reading.fromAgency) {
      result = typeof raw === 'string' ? reading.fromAgency(raw) : undefined;
      if (result === undefined && !standing) return null;
    } else result = readLeaf(field, raw, reading);
    if (standing) {
      if (field.isKey) checkKey(field, before, result);
      write(standing, field.slot, result, reading);
    } else node[field.slot] = result;
  }
  if (countKeys(source) !== keyCount) throw new InvalidAnswer('keys that were not asked for');
  return node;
}

/** Takes back every write of this reading to nodes that stood before. */
export function undoReading(reading: Reading): void {
  const { undo } = reading;
  for (let at = undo.length - 3; at >= 0; at -= 3) (undo[at] as DataNode)[undo[at + 1] as number] = undo[at + 2];
  undo.length = 0;
}

function readList(reader: ObjectReader, depth: number, raw: unknown, standing: unknown, reading: Reading): unknown {
  if (raw === null) return null;
  if (depth === 0) return readObject(reader, raw, Array.isArray(standing) ? standing : undefined, reading);
  if (!Array.isArray(raw)) throw new InvalidAnswer('list expected');
  const elements: readonly unknown[] = raw;
  const former: readonly unknown[] | undefined = Array.isArray(standing) ? standing : undefined;
  if (former && former.length !== elements.length) throw new InvalidAnswer('list of another length than before');
  return elements.map((element, position) => readList(reader, depth - 1, element, former?.[position], reading));
}

function readType(
  reader: ObjectReader,
  source: Readonly<Record<string, unknown>>,
  standing: DataNode | undefined,
): string | undefined {
  const former = standing && typeOf(standing);
  const named = reader.asksTypename && Object.hasOwn(source, '__typename') ? source.__typename : undefined;
  if (named === undefined) return former ?? reader.staticType;
  if (typeof named !== 'string' || !reader.isPossible(named)) throw new InvalidAnswer('__typename not possible here');
  if (former === undefined || former === named) return reader.staticType ?? named;
  // Of an interface's name and a type's name the type's is the news, whichever came first.
  if (reader.narrows(former, named)) return named;
  if (reader.narrows(named, former)) return former;
  throw new InvalidAnswer('__typename other than before');
}

/** A leaf lies in the tree as JSON text, a list of leaves as it was parsed. */
function readLeaf(field: FieldReader, raw: unknown, { agency }: Reading): unknown {
  if (raw === null || field.listDepth > 0) return raw;
  return field.leaf!.toText(raw) ?? new Fault('HUB_AGENCY_INVALID_ANSWER', agency);
}

function checkKey(field: FieldReader, asked: unknown, answered: unknown): void {
  if (asked === undefined || asked === null || asked instanceof Fault) return;
  if (asked !== answered) {
    throw new InvalidAnswer(`key ${field.key} other than asked`);
  }
}

/** Writes to a node that stood before, so that it can be taken back. */
export function write(node: DataNode, slot: number, value: unknown, reading: Reading): void {
  reading.undo.push(node, slot, node[slot]);
  node[slot] = value;
}

function countKeys(source: object): number {
  let count = 0;
  for (const _key in source) count++;
  return count;
}
