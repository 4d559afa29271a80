import { isInterfaceType, isObjectType } from 'graphql';
import type { OperationField, OperationSelection, Presence } from '../../exchange.ts';
import type { SubjectKey } from '../../../platform/ids.ts';
import { TYPE_SLOT, type DataNode, type Place } from '../compile/place.ts';
import { compileField, type WriteField } from './projectField.ts';
import { byPlace, isPresent, type ProjectContext } from './projectOperation.ts';
import { addDataFault, addFault, firstFault, type Projection, type WriteValue } from './projection.ts';
import { Fault } from '../merge/faults.ts';

type WriteNode = (node: DataNode, projection: Projection) => string | undefined;

/** Writer of the objects of one selection: one list of fields per concrete type, compiled when the type first comes. */
export function compileSelection(selection: OperationSelection, place: Place, context: ProjectContext): WriteValue {
  const byType = new Map<unknown, WriteNode | undefined>();
  return (value, projection) => {
    if (!Array.isArray(value)) {
      addFault(projection, { code: 'HUB_AGENCY_INVALID_ANSWER' });
      return 'null';
    }
    const type: unknown = value[TYPE_SLOT];
    let write = byType.get(type);
    if (!write && !byType.has(type)) {
      if (type instanceof Fault) {
        addDataFault(projection, type, undefined, context.dataKeys);
        return 'null';
      }
      const fields = fieldsOf(selection, type, context);
      write = fields && compileObject(fields, place, context);
      if (write && !isResolved(type, selection, context)) write = unlessUnresolved(write, place, context);
      byType.set(type, write);
    }
    if (write) return write(value, projection);
    // What the public schema hides is absent: the agency has not erred. A public type that cannot stand here is an error.
    if (typeof type !== 'string' || context.apiSchema.getType(type)) {
      addFault(projection, { code: 'HUB_AGENCY_INVALID_ANSWER' });
    }
    return 'null';
  };
}

function fieldsOf(
  { declaredType, byType }: OperationSelection,
  type: unknown,
  { apiSchema }: ProjectContext,
): readonly OperationField[] | undefined {
  const declared = apiSchema.getType(declaredType);
  const named = typeof type === 'string' ? apiSchema.getType(type) : declared;
  if (isObjectType(named)) {
    const isPossible =
      declared === named ||
      (!isObjectType(declared) && declared !== undefined && possible(apiSchema, declaredType, named.name));
    return isPossible ? (byType.get(named.name) ?? []) : undefined;
  }
  if (!isInterfaceType(named)) return undefined;
  // An interface that an agency holds as one object, and nobody has resolved: what is asked of every type is asked of it.
  const [first, ...others] = [...byType.values()];
  const fieldNames = named.getFields();
  return first?.flatMap((field) => {
    if (field.fieldName !== '__typename' && !Object.hasOwn(fieldNames, field.fieldName)) return [];
    const same = others.map((fields) => fields.find((other) => other.responseKey === field.responseKey));
    if (same.includes(undefined)) return [];
    return [{ ...field, presence: onEveryType([field, ...(same as OperationField[])]) }];
  });
}

/** The presence that asks most: an interface's own selection is there for all of its types, and a type's may ask less. */
function onEveryType(fields: readonly OperationField[]): OperationField['presence'] {
  return fields
    .map((field) => field.presence)
    .reduce((a, b) => (b === undefined ? a : a === undefined ? b : conjunctionOf(a, b)));
}

function conjunctionOf(a: NonNullable<Presence>, b: NonNullable<Presence>): NonNullable<Presence> {
  return a.flatMap((left) => b.map((right) => [...left, ...right]));
}

function isResolved(type: unknown, { declaredType }: OperationSelection, { apiSchema }: ProjectContext): boolean {
  return isObjectType(apiSchema.getType(typeof type === 'string' ? type : declaredType));
}

/** When the agency that was to tell the type has failed, nobody knows which fields there should be. */
function unlessUnresolved(write: WriteNode, place: Place, { dataKeys }: ProjectContext): WriteNode {
  const writers = place.writersOf('__typename');
  return (node, projection) => {
    const fault = firstFault(writers, projection);
    if (!fault) return write(node, projection);
    addDataFault(projection, fault, undefined, dataKeys);
    return 'null';
  };
}

function possible(apiSchema: ProjectContext['apiSchema'], abstractName: string, name: string): boolean {
  const abstract = apiSchema.getType(abstractName);
  const type = apiSchema.getType(name);
  if (!abstract || isObjectType(abstract) || !isObjectType(type)) return false;
  return 'getTypes' in abstract || isInterfaceType(abstract) ? apiSchema.isSubType(abstract, type) : false;
}

interface Member {
  readonly field: OperationField;
  readonly key: string;
  readonly write: WriteField;
}

function compileObject(fields: readonly OperationField[], place: Place, context: ProjectContext): WriteNode {
  const members = fields.map((field): Member => {
    return { field, key: `"${field.responseKey}":`, write: compileField(field, place, context) };
  });
  const writeMembers = fields.every((field) => field.presence === undefined && !field.places)
    ? compileFixed(members)
    : compileConditional(members);
  const write: WriteNode = (node, projection) => {
    const mark = projection.traces.mark;
    const text = writeMembers(node, projection);
    if (text !== undefined) return text;
    projection.traces.takeBack(mark);
    return 'null';
  };
  const isPerson = fields[0] !== undefined && context.personTypes.has(fields[0].parentType);
  return isPerson ? aboutPerson(write, fields, place, context) : write;
}

function compileFixed(members: readonly Member[]): WriteNode {
  const writers = members.map(({ write }) => write);
  const keys = members.map(({ key }, at) => (at === 0 ? `{${key}` : `,${key}`));
  if (members.length === 0) return () => '{}';
  return (node, projection) => {
    let text = '';
    for (let at = 0; at < writers.length; at++) {
      const value = writers[at]!(node, projection);
      if (value === undefined) return undefined;
      text += keys[at]! + value;
    }
    return `${text}}`;
  };
}

function compileConditional(given: readonly Member[]): WriteNode {
  const mayMove = given.some(({ field }) => field.places !== undefined);
  return (node, projection) => {
    let members = given;
    if (mayMove) {
      const order = byPlace(projection.variables);
      members = given.toSorted((a, b) => order(a.field, b.field));
    }
    let text = '';
    for (const { field, key, write } of members) {
      if (!isPresent(field.presence, projection.variables)) continue;
      const value = write(node, projection);
      if (value === undefined) return undefined;
      text += (text === '' ? '' : ',') + key + value;
    }
    return `{${text}}`;
  };
}

/** Fields judged as the caller's are written for the caller alone: an agency that answers about somebody else has erred. */
function aboutPerson(
  write: WriteNode,
  fields: readonly OperationField[],
  place: Place,
  { judgement }: ProjectContext,
): WriteNode {
  const slot = place.slot('id');
  const isCaller = fields.some((field) => judgement.subjects[field.index]?.kind === 'CALLER');
  return (node, projection) => {
    const { persons } = projection;
    if (!persons) return write(node, projection);
    const subject = typeof node[slot] === 'string' ? (node[slot] as SubjectKey) : undefined;
    if (isCaller && subject !== undefined && subject !== persons.caller) {
      addFault(projection, { code: 'HUB_AGENCY_INVALID_ANSWER' });
      return 'null';
    }
    const before = projection.subject;
    projection.subject = subject;
    const text = write(node, projection);
    projection.subject = before;
    return text;
  };
}
