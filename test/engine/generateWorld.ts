import { createDraw, hashOf, type Draw } from './draw.ts';
import type { Resolvers, TestAgency } from './federation.ts';

/** Type of a generated field: a named type under some lists; `nonNull` from the outermost to the named type. */
interface TypeRef {
  readonly named: string;
  readonly nonNull: readonly boolean[];
}

interface FieldModel {
  readonly name: string;
  readonly type: TypeRef;
  readonly hasArgument: boolean;
  /** Agencies that resolve it. */
  readonly agencies: readonly number[];
  /** Field set of `@requires`: names of fields of another agency. */
  readonly requires: readonly string[];
}

type AlternativeKey = 'code' | 'ref { a b }' | 'id code';

interface EntityModel {
  readonly name: string;
  readonly owner: number;
  /** Other agencies that know it, and by which key. */
  readonly others: ReadonlyMap<number, 'id' | AlternativeKey>;
  readonly alternative: AlternativeKey | undefined;
  readonly fields: FieldModel[];
}

interface AbstractModel {
  readonly name: string;
  readonly kind: 'interface' | 'union';
  readonly agency: number;
  readonly members: readonly string[];
  /** Agency that holds the interface as one object. */
  readonly objectIn: number | undefined;
}

const SCALARS = ['Int', 'String', 'Float', 'Boolean', 'ID', 'Color'] as const;
const ENTITY_COUNT = 5;

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

type Args = Readonly<Record<string, unknown>>;

function entityResolvers(
  entity: EntityModel,
  agency: number,
  entities: readonly EntityModel[],
  abstracts: readonly AbstractModel[],
): Record<string, unknown> {
  const resolvers: Record<string, unknown> = {
    __resolveReference(representation: { id?: string; code?: string; ref?: { a: string } }) {
      const id = representation.id ?? representation.code?.slice(1) ?? representation.ref?.a.slice(1) ?? '';
      if (entity.owner !== agency && hashOf(`gone ${agency} ${id}`) % 20 === 0) return null;
      return { ...entityOf(id), representation };
    },
  };
  for (const field of entity.fields) {
    resolvers[field.name] = (parent: { id: string; representation?: Record<string, unknown> }, args: Args) => {
      if (field.requires.length === 0) return valueOf(entity.name, parent.id, field, args, entities, abstracts);
      const given = field.requires.map((name) => {
        if (!parent.representation || !(name in parent.representation)) throw new Error(`${name} was not provided`);
        return parent.representation[name];
      });
      return `sum ${JSON.stringify(given)}`;
    };
  }
  return resolvers;
}

function partResolvers(): Record<string, unknown> {
  return {
    x: ({ at }: { at: string }) => hashOf(`${at} x`) % 1000,
    y: ({ at }: { at: string }, args: Args) => `${at}.y(${JSON.stringify(args.n)})`,
    part: ({ at }: { at: string }) => (hashOf(`${at} part`) % 4 === 0 ? null : { at: `${at}.part` }),
  };
}

function entityOf(id: string): object {
  return { __typename: id.split(':')[0], id, code: `c${id}`, ref: { a: `a${id}`, b: 'b' } };
}

function typeOfValue(value: { __typename: string }): string {
  return value.__typename;
}

function valueOf(
  type: string,
  id: string,
  field: FieldModel,
  args: Args,
  entities: readonly EntityModel[],
  abstracts: readonly AbstractModel[],
): unknown {
  const place = `${type} ${id} ${field.name} ${JSON.stringify(args.n)}`;
  // The reference computes from the null of a failed field; ours does not believe what comes of it (requires.test.ts).
  const isRequired = entities.some(
    (entity) => entity.name === type && entity.fields.some((one) => one.requires.includes(field.name)),
  );
  if (!isRequired && hashOf(`error ${place}`) % 30 === 0) throw new Error('the agency could not');
  return fill(field.type.named, field.type.nonNull, place, entities, abstracts);
}

function fill(
  named: string,
  nonNull: readonly boolean[],
  place: string,
  entities: readonly EntityModel[],
  abstracts: readonly AbstractModel[],
): unknown {
  const hash = hashOf(place);
  if (!nonNull[0] && hash % 8 === 0) return null;
  if (nonNull.length > 1) {
    const below = nonNull.slice(1);
    return Array.from({ length: hash % 4 }, (_, at) => fill(named, below, `${place} ${at}`, entities, abstracts));
  }
  switch (named) {
    case 'Int':
      return hash % 1000;
    case 'Float':
      return (hash % 1000) / 4;
    case 'Boolean':
      return hash % 2 === 0;
    case 'String':
      return hash % 5 === 0 ? `é"\\ ${hash}\n` : `text ${hash % 100}`;
    case 'ID':
      return `id ${hash % 100}`;
    case 'Color':
      return ['RED', 'GREEN', 'BLUE'][hash % 3];
    case 'Part':
      return { at: place };
    default: {
      const members = abstracts.find((one) => one.name === named)?.members ?? [named];
      return entityOf(`${members[hash % members.length]!}:${(hash >>> 4) % ENTITY_COUNT}`);
    }
  }
}
