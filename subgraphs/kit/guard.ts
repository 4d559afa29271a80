import { isObjectType, type GraphQLObjectType, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { allow, deny, rule, shield } from 'graphql-shield';
import { ownPartOf, wasSent } from './computed.ts';
import { AgencyError } from './errors.ts';
import type { KitContext } from './context.ts';
import { KnownPerson } from './persons.ts';
import { satisfies, type AskedRule, type Rights } from './rights.ts';
import type { AccessRule, SchemaRules, SubjectMark } from './rules.ts';

type Path = GraphQLResolveInfo['path'];
type Args = Readonly<Record<string, unknown>>;

/** Under whose rights and after which rules an object stands where it does in the answer. */
export interface View {
  readonly rights: Rights;
  /** Whether it is the caller's own: third parties are in the caller's file there, and in somebody else's elsewhere. */
  readonly isCallers: boolean;
  /** Rules of the fields that led here since the last person: judged again when the object turns out to be somebody else's. */
  readonly inherited: readonly AskedRule[];
}

/**
 * The agency's own door: each field of the schema is judged once more under the grant's scopes for the subject it belongs to, and
 * what no rule opens is closed (graphql-shield, fallback deny). A refusal is null and AGENCY_FIELD_REFUSED; a rule that throws is a
 * defect and reads as one, which is why shield runs in its debug mode: otherwise it would turn the exception into a refusal.
 */
export function guardSchema(schema: GraphQLSchema, rules: SchemaRules, agency: string): GraphQLSchema {
  const tree: Record<string, Record<string, ReturnType<ReturnType<typeof rule>>>> = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    tree[type.name] = Object.fromEntries(
      Object.keys(type.getFields()).map((field) => [field, fieldRule(schema, type, field, rules, agency)]),
    );
  }
  return applyMiddleware(
    schema,
    shield(tree, { fallbackRule: deny, fallbackError: refusal, debug: true, allowExternalErrors: true }),
  );
}

function fieldRule(schema: GraphQLSchema, type: GraphQLObjectType, field: string, rules: SchemaRules, agency: string) {
  if (type.name === '_Service') return allow as never;
  const judge = judgeFor(schema, type, field, rules, agency);
  return rule(`${type.name}.${field}`, { cache: 'no_cache' })(
    (parent: unknown, args: Args, context: KitContext, info: GraphQLResolveInfo) =>
      judge(parent, args, context, info.path) || refusal(),
  );
}

type Judge = (parent: unknown, args: Args, context: KitContext, path: Path) => boolean;

function judgeFor(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: string,
  rules: SchemaRules,
  agency: string,
): Judge {
  const coordinate = `${type.name}.${field}`;
  const isRoot = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type);
  if (isRoot && field === '_service') return (_parent, _args, { kit }) => kit.operator;
  if (isRoot && field === '_entities') return (_parent, _args, { kit }) => kit.granted;

  const typeRule = rules.rules.get(type.name);
  const ownRule = rules.rules.get(coordinate);
  const required = rules.computed.get(coordinate);
  const ruleWhenSent = required && ownRule && ownPartOf(ownRule, agency);
  const isPerson = rules.personTypes.has(type.name);
  const typeMark = rules.subjects.get(type.name);
  const fieldMark = rules.subjects.get(coordinate);

  return (parent, args, { kit }, path) => {
    if (!kit.granted) return false;
    if (isPerson && field === 'id') return parent instanceof KnownPerson;

    let view = viewOf(parent, path, { isRoot, isPerson }, kit);
    // The person named by `from` says whose the object is; nothing but a reference leaves there, so it is judged as the object was.
    if (typeMark && field !== typeMark.from && !isOwners(fieldMark)) view = switchSubject(view, typeMark, parent, kit);
    if (fieldMark && !isOwners(fieldMark)) view = switchSubject(view, fieldMark, undefined, kit);

    const fieldRule = ruleWhenSent && wasSent(parent, required) ? ruleWhenSent : ownRule;
    const own = [typeRule, fieldRule].filter((it) => it !== undefined).map((it): AskedRule => ({ rule: it, args }));
    const asked = [...view.inherited, ...own];
    if (!asked.some((it) => opensSomething(it.rule))) return false;
    if (!asked.every((it) => satisfies(it, view.rights))) return false;
    kit.views.set(path, { ...view, inherited: asked });
    return true;
  };
}

/** `@subject` alone on a field: what it says of a third party is the file owner's to know, and is judged as the object above is. */
function isOwners(mark: SubjectMark | undefined): boolean {
  return mark !== undefined && mark.from === undefined && !mark.inFileOf;
}

/** A level of assurance or a year alone protects nothing. */
function opensSomething({ authenticated, scopes, policed }: AccessRule): boolean {
  return authenticated || scopes !== undefined || policed === true;
}

const NO_RIGHTS: Rights = { scopes: new Set(), acr: 'eidas1', year: 0 };

function viewOf(
  parent: unknown,
  path: Path,
  { isRoot, isPerson }: { isRoot: boolean; isPerson: boolean },
  kit: KitContext['kit'],
): View {
  if (isRoot) return { rights: kit.persons.selfRights, isCallers: true, inherited: [] };
  // Rights follow the person, never the way to them; an object that the kit did not make a person of has none.
  if (isPerson) return { ...viewOfPerson(parent), inherited: [] };
  for (let at = path.prev; at; at = at.prev) {
    const view = kit.views.get(at);
    if (view) return view;
  }
  return { rights: NO_RIGHTS, isCallers: false, inherited: [] };
}

function viewOfPerson(person: unknown): Omit<View, 'inherited'> {
  if (!(person instanceof KnownPerson)) return { rights: NO_RIGHTS, isCallers: false };
  return { rights: person.rights, isCallers: person.subject?.role === 'SELF' };
}

/** Whose the object is, when it is not its parent's: the file's owner answers for third parties in it, or they for themselves. */
function switchSubject(view: View, mark: SubjectMark, object: unknown, kit: KitContext['kit']): View {
  if (mark.inFileOf && view.isCallers && kit.persons.inFileRights) {
    return { ...view, rights: kit.persons.inFileRights };
  }
  const person = mark.from === undefined ? undefined : (object as Record<string, unknown> | undefined)?.[mark.from];
  return { ...viewOfPerson(person), inherited: view.inherited };
}

function refusal(): AgencyError {
  return new AgencyError('AGENCY_FIELD_REFUSED', 'Field refused');
}
