import {
  getNamedType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isScalarType,
  type GraphQLNamedType,
  type GraphQLOutputType,
} from 'graphql';
import type { AgencyId, SubjectKey } from '../../../platform/ids.ts';
import type { OperationField, Refusal, SubjectSlot, Verdict } from '../../exchange.ts';
import { listDepth } from '../compile/compileReader.ts';
import { Fault } from '../merge/faults.ts';
import { TYPE_SLOT, type DataNode, type Place } from '../compile/place.ts';
import { compileLeaf, quote } from '../compile/leaf.ts';
import { compileSelection } from './projectObject.ts';
import type { ProjectContext } from './projectOperation.ts';
import {
  addDataFault,
  addFault,
  dataKeyOf,
  firstFault,
  namingFault,
  note,
  subjectOf,
  type Projection,
  type WriteValue,
} from './projection.ts';

/** JSON text of one field of a node; undefined when it is null and may not be. */
export type WriteField = (node: DataNode, projection: Projection) => string | undefined;

export function compileField(field: OperationField, place: Place, context: ProjectContext): WriteField {
  const { judgement } = context;
  const slotKind = judgement.subjects[field.index]?.kind ?? 'NONE';
  if (field.fieldName === '__schema' || field.fieldName === '__type') {
    return (_node, projection) => projection.introspected.get(field.responseKey) ?? 'null';
  }
  const verdict = judgement.verdicts[field.index];
  if (verdict?.allowed !== true) return compileRefused(field, slotKind, context);
  const write = field.fieldName === '__typename' ? writeTypename : compileServed(field, slotKind, place, context);
  if (slotKind !== 'RELATIVE' || isToldOfAnybody(field, context)) return write;
  return forWhomItIs(write, compileRefused(field, slotKind, context), field.index);
}

const writeTypename: WriteField = (node) => `"${node[TYPE_SLOT] as string}"`;

/** That somebody is there, and what stands there when its type has no rule of its own. */
function isToldOfAnybody(field: OperationField, context: ProjectContext): boolean {
  if (field.fieldName === '__typename') return !context.ruledTypes.has(field.parentType);
  return isPersonId(field, context);
}

/** Allowed for one relative is not allowed for all: what stands there is written for those alone whose own verdict says so, whatever an agency sent. */
function forWhomItIs(write: WriteField, refuse: WriteField, index: number): WriteField {
  return (node, projection) => {
    const { persons, subject } = projection;
    const isTheirs = subject !== undefined && persons?.verdictsOf(subject)?.[index]?.allowed === true;
    return (isTheirs ? write : refuse)(node, projection);
  };
}

function compileRefused(
  field: OperationField,
  slotKind: SubjectSlot['kind'],
  { judgement }: ProjectContext,
): WriteField {
  const agency = judgement.agencies[field.index];
  const text = isNonNullType(field.type) ? undefined : 'null';
  const writeWithheld = (withheld: NonNullable<Refusal['withheld']>, projection: Projection): typeof text => {
    projection.path.push(field.responseKey);
    // Civil status is the one that could have told.
    if (withheld === 'UNPROVEN') addFault(projection, { code: 'HUB_AGENCY_UNAVAILABLE', agency: CIVIL_STATUS });
    projection.path.pop();
    note(projection, field.index, slotKind, withheld === 'UNPROVEN' ? 'ERROR' : 'ABSENT');
    return text;
  };
  return (_node, projection) => {
    const refusal = refusalOf(
      slotKind === 'RELATIVE' ? theirVerdict(projection, field.index) : projection.verdicts[field.index],
    );
    if (refusal.withheld) return writeWithheld(refusal.withheld, projection);
    projection.path.push(field.responseKey);
    addFault(projection, { code: 'UNAUTHORIZED_FIELD_OR_TYPE', refusal, ...(agency !== undefined && { agency }) });
    projection.path.pop();
    const subject = subjectOf(projection, slotKind);
    if (subject !== undefined) projection.traces.noteRefusal(field.index, subject, refusal.reason);
    return text;
  };
}

const CIVIL_STATUS = 'civil-status' as AgencyId;

const STRANGERS: Verdict = { allowed: false, reason: 'SUBJECT_NOT_COVERED', missingScopes: [], subject: 'OTHER' };

/** Why this one's is refused; of whom nothing was decided, for the reason that holds for all, or because they are a stranger. */
function theirVerdict({ persons, subject, verdicts }: Projection, index: number): Verdict {
  const theirs = subject === undefined ? undefined : persons?.verdictsOf(subject)?.[index];
  const general = verdicts[index];
  // The caller, met as their child's parent: where nothing is asked for relatives nothing is absent either, and what is refused stays refused.
  const isMetOnly = subject === persons?.caller && isWithheld(theirs) && !isWithheld(general);
  if (theirs?.allowed === false && !isMetOnly) return theirs;
  if (general?.allowed !== false || theirs) return STRANGERS;
  // Where relatives may stand the general verdict is in the name of one of them: of a stranger it says neither whose consent is missing, nor which.
  return general.subject === 'OTHER'
    ? general
    : { ...STRANGERS, ...(general.reason === 'NO_RULE' && { reason: 'NO_RULE' }) };
}

function isWithheld(verdict: Verdict | undefined): boolean {
  return verdict?.allowed === false && verdict.withheld !== undefined;
}

function refusalOf(verdict: Verdict | undefined): Refusal {
  if (verdict?.allowed !== false) return { reason: 'NO_RULE', missingScopes: [], subject: 'SELF' };
  const { allowed: _allowed, ...refusal } = verdict;
  return refusal;
}

function compileServed(
  field: OperationField,
  slotKind: SubjectSlot['kind'],
  place: Place,
  context: ProjectContext,
): WriteField {
  const { index, responseKey } = field;
  const dataKey = dataKeyOf(field, context.dataKeys);
  const slot = place.slot(dataKey);
  const writers = place.writersOf(dataKey);
  const naming = place.namingOf(dataKey);
  const traced = slotKind !== 'NONE';
  const writeValue = compileType(field.type, field, place, dataKey, context);

  const writeAny: WriteField = (node, projection) => {
    projection.path.push(responseKey);
    const before = projection.faults.length;
    const value = node[slot];
    const failed =
      value === undefined ? (firstFault(writers, projection) ?? namingFault(naming, projection)) : undefined;
    const text = writeValue(failed ?? value, projection);
    projection.path.pop();
    if (traced) noteOutcome(projection, index, slotKind, text === 'null' || text === undefined, before);
    return text;
  };

  if (!isPlainLeaf(field, context)) return writeAny;
  // The usual case, a leaf that is there: its text, without path and without second look.
  return (node, projection) => {
    const text = node[slot];
    if (typeof text !== 'string') return writeAny(node, projection);
    if (traced) note(projection, index, slotKind, 'DELIVERED');
    return text;
  };
}

/** A leaf whose text in the tree is the reply's: not a person's id, and no enum, of which the public schema may hide values. */
function isPlainLeaf(field: OperationField, context: ProjectContext): boolean {
  const nullable = isNonNullType(field.type) ? field.type.ofType : field.type;
  return isScalarType(nullable) && !isPersonId(field, context);
}

function compileType(
  type: GraphQLOutputType,
  field: OperationField,
  place: Place,
  dataKey: string,
  context: ProjectContext,
): WriteValue {
  if (isNonNullType(type)) {
    const write = compileType(type.ofType, field, place, dataKey, context);
    return (value, projection) => {
      const before = projection.faults.length;
      const text = write(value, projection);
      if (text !== 'null') return text;
      if (projection.faults.length === before) addFault(projection, { code: 'HUB_AGENCY_INVALID_ANSWER' });
      return undefined;
    };
  }
  const write = isListType(type)
    ? compileList(compileType(type.ofType, field, place, dataKey, context), field)
    : compileNamed(getNamedType(type), field, place, dataKey, context);
  return (value, projection) => {
    if (value === null || value === undefined) return 'null';
    if (!(value instanceof Fault)) return write(value, projection);
    addDataFault(projection, value, field.selection, context.dataKeys);
    return 'null';
  };
}

function compileList(writeElement: WriteValue, field: OperationField): WriteValue {
  const isOfEnums = isEnumType(getNamedType(field.type));
  return (given, projection) => {
    // A list of leaves that was scanned, its nulls excluded, is text.
    if (typeof given === 'string' && !isOfEnums) return given;
    const value: unknown = typeof given === 'string' ? JSON.parse(given) : given;
    if (!Array.isArray(value)) {
      addFault(projection, { code: 'HUB_AGENCY_INVALID_ANSWER' });
      return 'null';
    }
    let text = '[';
    let isBroken = false;
    for (let at = 0; at < value.length; at++) {
      projection.path.push(at);
      const element = writeElement(value[at], projection);
      projection.path.pop();
      if (element === undefined) isBroken = true;
      else text += at === 0 ? element : `,${element}`;
    }
    return isBroken ? 'null' : `${text}]`;
  };
}

function compileNamed(
  named: GraphQLNamedType,
  field: OperationField,
  place: Place,
  dataKey: string,
  context: ProjectContext,
): WriteValue {
  if (!isLeafType(named)) {
    if (!field.selection) throw new TypeError(`${field.coordinate}: an object without selection`);
    return compileSelection(field.selection, place.child(dataKey), context);
  }
  return compileLeafValue(named, field, context);
}

/** Text where the answer was scanned or the leaf stands alone; a parsed value within a list that was parsed. */
function compileLeafValue(named: GraphQLNamedType, field: OperationField, context: ProjectContext): WriteValue {
  const leaf = compileLeaf(publicType(named, context));
  const isId = isPersonId(field, context);
  const isAlone = listDepth(field.type) === 0;
  const check = isEnumType(named) ? (text: string): boolean => leaf.scan(text, 0) === text.length : undefined;
  return (value, projection) => {
    const { persons } = projection;
    if (isId && persons) return quote(persons.toService(value as SubjectKey));
    const text = isAlone ? (value as string) : leaf.toText(value);
    if (text !== undefined && (!isAlone || !check || check(text))) return text;
    // The reader has let it through, so the enum has this value: the public schema hides it, and the agency has not erred.
    if (isEnumType(named)) return 'null';
    addFault(projection, { code: 'HUB_AGENCY_INVALID_ANSWER' });
    return 'null';
  };
}

function isPersonId(field: OperationField, { personTypes }: ProjectContext): boolean {
  return field.fieldName === 'id' && personTypes.has(field.parentType);
}

/** The type as the public schema has it: an enum may have values there that others do not see. */
function publicType(named: GraphQLNamedType, { apiSchema }: ProjectContext): GraphQLNamedType {
  return apiSchema.getType(named.name) ?? named;
}

/** Null with a fault of its own is refused or an error, null without is absent. */
function noteOutcome(
  projection: Projection,
  index: number,
  slotKind: SubjectSlot['kind'],
  isNull: boolean,
  faultsBefore: number,
): void {
  if (!isNull) return note(projection, index, slotKind, 'DELIVERED');
  if (projection.faults.length === faultsBefore) return note(projection, index, slotKind, 'ABSENT');
  const refusal = projection.faults.at(-1)?.refusal;
  if (!refusal) return note(projection, index, slotKind, 'ERROR');
  const subject = subjectOf(projection, slotKind);
  if (subject !== undefined) projection.traces.noteRefusal(index, subject, refusal.reason);
}
