import { getNamedType, isAbstractType, valueFromASTUntyped, Kind, isObjectType } from 'graphql';
import type { AgencyId } from '../../platform/ids.ts';
import type { Graph, Operation, OperationField, OperationSelection, SubjectRule, SubjectSlot } from '../exchange.ts';
import type { FieldNeed, FieldNeeds } from './fieldNeeds.ts';
import { tellsAddress } from './protection.ts';

/** What can be said of one field before anybody asks: whose data it is, what it asks, who answers for it. */
export interface FieldReading {
  readonly field: OperationField;
  readonly parent: FieldReading | undefined;
  readonly slot: SubjectSlot;
  readonly need: FieldNeed;
  /**
   * OPEN: nothing is asked, and nothing has to be (a person's `id`, `__typename`, values that follow the field above, what is nobody's).
   * RULED: judged by its need. UNRULED: personal, or a write, and without a rule: refused. STRANGER: another person by the front door.
   */
  readonly standing: 'OPEN' | 'RULED' | 'UNRULED' | 'STRANGER';
  /** A person's `id`, or `__typename`: agencies' answers tell persons apart by them. */
  readonly identifies: boolean;
  /** Says who stands behind a line of a file (`@subject(from:)`): nothing but a reference leaves there. */
  readonly pointsToPerson: boolean;
  /** Says where somebody lives, out of an agency's file: absent where a protection order may reach it. */
  readonly tellsAddress: boolean;
  /** Where the income year comes from that this field needs a scope for. */
  readonly year: YearSource | undefined;
}

export type YearSource =
  | { readonly kind: 'LITERAL'; readonly value: unknown }
  | { readonly kind: 'VARIABLE'; readonly name: string; readonly otherwise: unknown };

/** An operation seen through a graph's rules; the same for every caller. */
export interface OperationReading {
  /** By field index. */
  readonly fields: readonly FieldReading[];
  readonly subjects: readonly SubjectSlot[];
  readonly agencies: readonly AgencyId[];
  /** In the order of fields; part of the verdicts' key. */
  readonly years: readonly YearSource[];
  /**
   * Whether somebody other than the caller may stand somewhere whom their relation proof could name; also where nothing is asked of them, since who is
   * dead or protected is not there at all.
   */
  readonly reachesRelatives: boolean;
  readonly reachesAddresses: boolean;
}

interface Walk {
  readonly graph: Graph;
  readonly needs: FieldNeeds;
  readonly fields: FieldReading[];
  readonly agencies: AgencyId[];
  reachesRelatives: boolean;
}

const NOBODY: SubjectSlot = { kind: 'NONE' };
const CALLER: SubjectSlot = { kind: 'CALLER' };
const IN_FILE: SubjectSlot = { kind: 'IN_FILE' };

/** Who answers for what no agency owns: the hub's own fields, introspection. */
const HUB = 'hub' as AgencyId;

export function readOperation(operation: Operation, graph: Graph, needs: FieldNeeds): OperationReading {
  const walk: Walk = { graph, needs, fields: [], agencies: [], reachesRelatives: false };
  readSelection(walk, operation.root, undefined);
  return {
    fields: walk.fields,
    subjects: walk.fields.map((reading) => reading.slot),
    agencies: walk.agencies,
    years: walk.fields.flatMap((reading) => reading.year ?? []),
    reachesRelatives: walk.reachesRelatives,
    reachesAddresses: walk.fields.some((reading) => reading.tellsAddress),
  };
}

function readSelection(walk: Walk, selection: OperationSelection, parent: FieldReading | undefined): void {
  for (const [typeName, fields] of selection.byType) {
    const slot = slotOnType(walk, typeName, parent);
    if (slot.kind === 'RELATIVE' && !slot.unnamed) walk.reachesRelatives = true;
    for (const field of fields) readField(walk, field, slot, parent);
  }
}

/** Whose data the fields of a type are, when an object of that type stands under `parent`. */
function slotOnType(walk: Walk, typeName: string, parent: FieldReading | undefined): SubjectSlot {
  if (!parent) return NOBODY;
  const { rules } = walk.graph;
  if (rules.personTypes.has(typeName)) return isCallersDoor(walk, parent) ? CALLER : relative(parent.field);
  return slotBySubjectRule(rules.subjectOf.get(typeName), parent.slot, parent.field);
}

/** The one field that leads to the caller. Every other way to a person leads to somebody else until it is known to whom. */
function isCallersDoor(walk: Walk, { field, parent, standing }: FieldReading): boolean {
  return (
    !parent &&
    field.fieldName === 'me' &&
    field.parentType === walk.graph.apiSchema.getQueryType()?.name &&
    standing === 'RULED'
  );
}

function slotBySubjectRule(rule: SubjectRule | undefined, above: SubjectSlot, through: OperationField): SubjectSlot {
  if (rule?.inFileOf) return above.kind === 'CALLER' || above.kind === 'IN_FILE' ? IN_FILE : unnamed(through);
  return rule?.from === undefined ? above : unnamed(through);
}

/**
 * `@subject` alone on a field: what it says of a third party is the file owner's to know (an age bracket), and belongs to whom the object
 * stands under. Never a person's own field: nobody who leads to a person owns what is theirs.
 */
function isOwners(walk: Walk, mark: SubjectRule | undefined, field: OperationField): boolean {
  if (walk.graph.rules.personTypes.has(field.parentType)) return false;
  return mark !== undefined && mark.from === undefined && !mark.inFileOf;
}

function relative(through: OperationField): SubjectSlot {
  return { kind: 'RELATIVE', through: through.index };
}

/** A third party in a relative's file, or whom a field beside the object names: two steps from the caller, so nobody's to read. */
function unnamed(through: OperationField): SubjectSlot {
  return { kind: 'RELATIVE', through: through.index, unnamed: true };
}

function readField(walk: Walk, field: OperationField, onType: SubjectSlot, parent: FieldReading | undefined): void {
  const need = walk.needs(field);
  const slot = slotOfField(walk, field, need, onType, parent);
  const isNobodys = onType.kind === 'NONE' || slot.kind === 'NONE';
  const standing = standingOf(walk, field, need, isNobodys, parent);
  const identifies = field.fieldName === '__typename' || isPersonId(walk, field);
  const pointsToPerson = walk.graph.rules.subjectOf.get(field.parentType)?.from === field.fieldName;
  const year = yearSource(walk, field);
  const agency = walk.graph.rules.agencyOf.get(field.coordinate) ?? (parent ? walk.agencies[parent.field.index]! : HUB);
  // What the hub holds of addresses is what the caller told it.
  const address = slot.kind !== 'NONE' && agency !== HUB && tellsAddress(field, walk.graph.apiSchema);
  const reading = { field, parent, slot, need, standing, identifies, pointsToPerson, tellsAddress: address, year };
  walk.fields[field.index] = reading;
  walk.agencies[field.index] = agency;
  if (field.selection) readSelection(walk, field.selection, reading);
}

/**
 * A field with scopes at the root (a check of the caller's address, a write) is read under the caller's rights and is the caller's: there
 * is nobody else whose rights could have opened it. So is whatever the caller follows.
 */
function slotOfField(
  walk: Walk,
  field: OperationField,
  need: FieldNeed,
  onType: SubjectSlot,
  parent: FieldReading | undefined,
): SubjectSlot {
  if (parent) {
    const mark = walk.graph.rules.subjectOf.get(field.coordinate);
    return isOwners(walk, mark, field) ? parent.slot : slotBySubjectRule(mark, onType, field);
  }
  const isMe = field.fieldName === 'me' && mayReturnPerson(walk, field);
  return isMe || need.rule?.scopes || isSubscription(walk, field) ? CALLER : onType;
}

function standingOf(
  walk: Walk,
  field: OperationField,
  need: FieldNeed,
  isNobodys: boolean,
  parent: FieldReading | undefined,
): FieldReading['standing'] {
  if (field.fieldName === '__typename') return need.rule ? 'RULED' : 'OPEN';
  if (!parent && mayReturnPerson(walk, field) && !(field.fieldName === 'me' && isQuery(walk, field))) return 'STRANGER';
  if (need.opens) return 'RULED';
  if (isPersonalWithoutRule(walk, field, isNobodys, parent)) return 'UNRULED';
  return need.rule ? 'RULED' : 'OPEN';
}

/** `isNobodys`: what stands there, or the file it is in, has no owner whose right could open what is marked as somebody's. */
function isPersonalWithoutRule(
  walk: Walk,
  field: OperationField,
  isNobodys: boolean,
  parent: FieldReading | undefined,
): boolean {
  if (walk.graph.rules.personTypes.has(field.parentType)) return !isPersonId(walk, field);
  if (!parent && !isQuery(walk, field)) return true;
  return isNobodys && (mayReturnPerson(walk, field) || isSomebodys(walk, field));
}

function isPersonId(walk: Walk, field: OperationField): boolean {
  return field.fieldName === 'id' && walk.graph.rules.personTypes.has(field.parentType);
}

function isQuery(walk: Walk, field: OperationField): boolean {
  return field.parentType === walk.graph.apiSchema.getQueryType()?.name;
}

function isSubscription(walk: Walk, field: OperationField): boolean {
  return field.parentType === walk.graph.apiSchema.getSubscriptionType()?.name;
}

function mayReturnPerson(walk: Walk, field: OperationField): boolean {
  const { personTypes } = walk.graph.rules;
  const named = getNamedType(field.type);
  if (!isAbstractType(named)) return personTypes.has(named.name);
  return walk.graph.apiSchema.getPossibleTypes(named).some((type) => personTypes.has(type.name));
}

/** Whether the field, or a type it may return, is marked as somebody's. */
function isSomebodys(walk: Walk, field: OperationField): boolean {
  const { subjectOf } = walk.graph.rules;
  if (subjectOf.has(field.coordinate)) return true;
  return [...(field.selection?.byType.keys() ?? [])].some((type) => subjectOf.has(type));
}

function yearSource(walk: Walk, field: OperationField): YearSource | undefined {
  const name = walk.graph.rules.scopeByYear.get(field.coordinate);
  if (name === undefined) return undefined;
  const parent = walk.graph.apiSchema.getType(field.parentType);
  const definition = isObjectType(parent) ? parent.getFields()[field.fieldName] : undefined;
  const otherwise = definition?.args.find((argument) => argument.name === name)?.defaultValue;
  const given = field.arguments.find((argument) => argument.name.value === name)?.value;
  if (given?.kind === Kind.VARIABLE) return { kind: 'VARIABLE', name: given.name.value, otherwise };
  return { kind: 'LITERAL', value: given ? valueFromASTUntyped(given) : otherwise };
}
