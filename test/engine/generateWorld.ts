import { createDraw, type Draw } from './draw.ts';
import type { Resolvers, TestAgency } from './federation.ts';
import {
  SCALARS,
  type AbstractModel,
  type AlternativeKey,
  type EntityModel,
  type FieldModel,
  type TypeRef,
} from './worldModel.ts';
import { entityOf, entityResolvers, partResolvers, typeOfValue, valueOf, type Args } from './worldValues.ts';

/**
 * A world of agencies from one seed: who knows which entity by which keys, who holds which field, and what stands there. Every
 * value follows from (type, id, field, argument) alone, so that agencies agree and two runs see the same.
 */
export function generateWorld(seed: number): readonly TestAgency[] {
  const draw = createDraw(seed);
  const agencyCount = 2 + draw.below(3);
  const agencies = Array.from({ length: agencyCount }, (_, at) => at);
  const entities = Array.from({ length: 2 + draw.below(3) }, (_, at) => drawEntity(`T${at}`, agencies, draw));
  const abstracts = drawAbstracts(entities, agencies, draw);
  for (const entity of entities) drawFields(entity, entities, abstracts, draw);
  return agencies.map((agency) => writeAgency(agency, entities, abstracts, draw));
}

function drawEntity(name: string, agencies: readonly number[], draw: Draw): EntityModel {
  const owner = draw.pick(agencies);
  const alternative = draw.chance(50) ? draw.pick(['code', 'ref { a b }', 'id code'] as const) : undefined;
  const others = new Map<number, 'id' | AlternativeKey>();
  for (const agency of agencies) {
    if (agency === owner || draw.chance(35)) continue;
    others.set(agency, alternative && draw.chance(50) ? alternative : 'id');
  }
  return { name, owner, others, alternative, fields: [] };
}

function knows(entity: EntityModel, agency: number): boolean {
  return entity.owner === agency || entity.others.has(agency);
}

function drawAbstracts(entities: readonly EntityModel[], agencies: readonly number[], draw: Draw): AbstractModel[] {
  const abstracts: AbstractModel[] = [];
  for (const agency of agencies) {
    const members = entities.filter((entity) => knows(entity, agency)).map((entity) => entity.name);
    if (members.length > 0 && draw.chance(60)) {
      abstracts.push({
        name: `U${agency}`,
        kind: 'union',
        agency,
        members: draw.some(members, 70),
        objectIn: undefined,
      });
    }
    const owned = entities.filter((entity) => entity.owner === agency).map((entity) => entity.name);
    if (owned.length > 0 && draw.chance(60)) {
      const elsewhere = agencies.filter(
        (other) => other !== agency && !entities.some((entity) => owned.includes(entity.name) && knows(entity, other)),
      );
      abstracts.push({
        name: `I${agency}`,
        kind: 'interface',
        agency,
        members: owned,
        objectIn: elsewhere.length > 0 && draw.chance(70) ? draw.pick(elsewhere) : undefined,
      });
    }
  }
  return abstracts;
}

function drawFields(
  entity: EntityModel,
  entities: readonly EntityModel[],
  abstracts: readonly AbstractModel[],
  draw: Draw,
): void {
  for (const agency of [entity.owner, ...entity.others.keys()]) {
    const count = 2 + draw.below(3);
    for (let at = 0; at < count; at++) {
      const type = drawType(agency, entities, abstracts, draw);
      const sharers = [...entity.others.keys()].filter(() => draw.chance(20));
      const isShared = agency === entity.owner && SCALARS.includes(type.named as 'Int');
      entity.fields.push({
        name: `f${agency}_${at}`,
        type,
        hasArgument: draw.chance(20),
        agencies: isShared ? [agency, ...sharers] : [agency],
        requires: [],
      });
    }
  }
  for (const agency of entity.others.keys()) {
    const needed = entity.fields.filter((field) => canBeRequired(field, agency));
    if (needed.length === 0 || !draw.chance(60)) continue;
    entity.fields.push({
      name: `sum${agency}`,
      type: { named: 'String', nonNull: [draw.chance(20)] },
      hasArgument: false,
      agencies: [agency],
      requires: draw.some(needed, 40).map((field) => field.name),
    });
  }
}

function canBeRequired(field: FieldModel, agency: number): boolean {
  // The reference writes null for objects in a list of lists; ours is held to the right answer in requires.test.ts.
  const isPlain =
    SCALARS.includes(field.type.named as 'Int') || (field.type.named === 'Part' && field.type.nonNull.length < 3);
  return isPlain && !field.hasArgument && field.requires.length === 0 && !field.agencies.includes(agency);
}

function drawType(
  agency: number,
  entities: readonly EntityModel[],
  abstracts: readonly AbstractModel[],
  draw: Draw,
): TypeRef {
  const objects = ['Part', ...entities.filter((entity) => knows(entity, agency)).map((entity) => entity.name)];
  const open = abstracts.filter((one) => one.agency === agency || one.objectIn === agency).map((one) => one.name);
  const named = draw.chance(50) ? draw.pick(SCALARS) : draw.pick([...objects, ...open]);
  const depth = draw.chance(35) ? 1 + draw.below(2) : 0;
  return { named, nonNull: Array.from({ length: depth + 1 }, () => draw.chance(20)) };
}

function typeText({ named, nonNull }: TypeRef): string {
  return nonNull.reduceRight<string>(
    (text, isNonNull, at) => (at === nonNull.length - 1 ? text : `[${text}]`) + (isNonNull ? '!' : ''),
    named,
  );
}

function writeAgency(
  agency: number,
  entities: readonly EntityModel[],
  abstracts: readonly AbstractModel[],
  draw: Draw,
): TestAgency {
  const types: string[] = [
    'enum Color { RED GREEN BLUE }',
    'type Part @shareable { x: Int y(n: Int): String part: Part }',
    'type Ref @shareable { a: String! b: String! }',
  ];
  const resolvers: Record<string, Record<string, unknown>> = { Part: partResolvers() };
  for (const entity of entities) {
    if (!knows(entity, agency)) continue;
    types.push(writeEntity(entity, agency, abstracts));
    resolvers[entity.name] = entityResolvers(entity, agency, entities, abstracts);
  }
  for (const one of abstracts) {
    if (one.agency === agency) {
      const key = one.objectIn === undefined ? '' : ' @key(fields: "id")';
      types.push(
        one.kind === 'union'
          ? `union ${one.name} = ${one.members.join(' | ')}`
          : `interface ${one.name}${key} { id: ID! }`,
      );
      resolvers[one.name] = {
        __resolveType: typeOfValue,
        __resolveReference: (ref: { id: string }) => entityOf(ref.id),
      };
    } else if (one.objectIn === agency) {
      types.push(`type ${one.name} @key(fields: "id") @interfaceObject { id: ID! extra: String }`);
      resolvers[one.name] = {
        __resolveReference: (ref: { id: string }) => ({ id: ref.id }),
        extra: (parent: { id: string }) => `extra ${parent.id}`,
      };
    }
  }
  const roots = Array.from({ length: 2 + draw.below(3) }, (_, at): FieldModel => {
    return {
      name: `q${agency}_${at}`,
      type: drawType(agency, entities, abstracts, draw),
      hasArgument: draw.chance(30),
      agencies: [agency],
      requires: [],
    };
  });
  const provided = drawProvided(agency, entities, draw);
  types.push(
    `type Query { ${roots.map(writeField).join(' ')} shared: Part @shareable ${provided?.text ?? ''} }`,
    `type Mutation { ${roots.map((root) => writeField({ ...root, name: `m${root.name}` })).join(' ')} }`,
  );
  const rootResolvers = (prefix: string): Record<string, unknown> =>
    Object.fromEntries(
      roots.map((root) => [
        prefix + root.name,
        (_parent: unknown, args: Args) =>
          valueOf('Query', '0', { ...root, name: prefix + root.name }, args, entities, abstracts),
      ]),
    );
  resolvers.Query = {
    ...rootResolvers(''),
    shared: () => ({ at: 'shared' }),
    ...(provided && { [provided.name]: () => entityOf(`${provided.entity}:1`) }),
  };
  resolvers.Mutation = rootResolvers('m');
  return { name: `agency-${agency}`, typeDefs: types.join('\n'), resolvers: resolvers as Resolvers };
}

function drawProvided(
  agency: number,
  entities: readonly EntityModel[],
  draw: Draw,
): { readonly name: string; readonly entity: string; readonly text: string } | undefined {
  const known = entities.filter((entity) => entity.others.has(agency) && externalsOf(entity, agency).length > 0);
  if (known.length === 0 || draw.chance(40)) return undefined;
  const entity = draw.pick(known);
  const field = draw.pick(
    externalsOf(entity, agency)
      .filter((one) => one.type.named !== 'Part')
      .concat(externalsOf(entity, agency)),
  );
  const fields = field.type.named === 'Part' ? `${field.name} { x }` : field.name;
  const name = `p${agency}`;
  return { name, entity: entity.name, text: `${name}: ${entity.name} @provides(fields: "${fields}")` };
}

/** Fields that some `@requires` of the agency names. */
function externalsOf(entity: EntityModel, agency: number): FieldModel[] {
  const names = new Set(
    entity.fields.filter((field) => field.agencies.includes(agency)).flatMap((field) => field.requires),
  );
  return entity.fields.filter((field) => names.has(field.name));
}

function writeEntity(entity: EntityModel, agency: number, abstracts: readonly AbstractModel[]): string {
  const isOwner = entity.owner === agency;
  const keys = isOwner ? ['id', ...(entity.alternative ? [entity.alternative] : [])] : [entity.others.get(agency)!];
  const keyText = keys.join(' ');
  const implemented = abstracts.filter(
    (one) => one.kind === 'interface' && one.agency === agency && one.members.includes(entity.name),
  );
  const fields = [
    ...(keyText.split(' ').includes('id') ? ['id: ID!'] : []),
    ...(keyText.includes('code') ? ['code: String!'] : []),
    ...(keyText.includes('ref') ? ['ref: Ref!'] : []),
    ...entity.fields
      .filter((field) => field.agencies.includes(agency))
      .map((field) => {
        const requires = field.requires.map((name) => requireText(entity, name)).join(' ');
        const directives =
          (field.requires.length === 0 ? ' @shareable' : '') + (requires && ` @requires(fields: "${requires}")`);
        return writeField(field) + directives;
      }),
    ...externalsOf(entity, agency).map((field) => `${writeField(field)} @external`),
  ];
  const names = implemented.length > 0 ? ` implements ${implemented.map((one) => one.name).join(' & ')}` : '';
  const keyDirectives = keys.map((key) => `@key(fields: "${key}")`).join(' ');
  return `type ${entity.name}${names} ${keyDirectives} { ${fields.join(' ')} }`;
}

function requireText(entity: EntityModel, name: string): string {
  const field = entity.fields.find((one) => one.name === name);
  return field?.type.named === 'Part' ? `${name} { x }` : name;
}

function writeField({ name, type, hasArgument }: FieldModel): string {
  return `${name}${hasArgument ? '(n: Int)' : ''}: ${typeText(type)}`;
}
