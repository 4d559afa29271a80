import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import type { AgencyDefinition, Clock, Resolvers, TrustedGrant } from './agencyModule.ts';
import { createAnswerer, type Answer, type CallerSignal, type ReceivedAnswer } from './answer.ts';
import { createAuthority, type AuthorityOptions } from './authority.ts';
import type { KitContext } from './context.ts';
import { unlessMissing } from './computed.ts';
import { guardSchema } from './guard.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { KitLog } from './log.ts';
import type { ExposeError } from './maskErrors.ts';
import type { KnownPerson, SealMet } from './persons.ts';
import { readSchemaRules, type Policies, type SchemaRules } from './rules.ts';
import { KIT_SCALARS } from './scalars.ts';
import { agencySdl } from './schemaText.ts';

export interface SubgraphOptions extends AgencyDefinition {
  /** Agency id. */
  readonly name: string;
  /** Text of `schema.graphql`: the treaty's header, then the agency's types. */
  readonly typeDefs: string;
  readonly clock: Clock;
  readonly log: KitLog;
  /** How requests from outside prove what they may have; left out, the subgraph answers in process alone. */
  readonly authority?: AuthorityOptions;
  /** Takes declarations beside questions; closed with the subgraph. */
  readonly inbox?: Inbox;
  /** Errors of another catalogue that may leave under their own code (the hub's, in its own subgraph). */
  readonly exposeError?: ExposeError;
  /** Whether `@policy` may stand in the schema [refused]: where every request has been judged before it comes here. */
  readonly policies?: Policies;
  /** Time for one answer, ms [10000]: what comes later is not waited for. */
  readonly timeoutMs?: number;
}

/** One agency's subgraph, ready to answer. */
export interface Subgraph {
  readonly name: string;
  /** What the composition takes and `_service { sdl }` answers from. */
  readonly sdl: string;
  readonly schema: GraphQLSchema;
  /** Answers in process under a grant that the caller vouches for: no encryption, no nonce. For the hub's own subgraph, and tests. */
  handle(request: TrustedRequest): Promise<Answer>;
  /** Answers a body from outside, which carries its grant. `operatorCredential`: the header Hub-Operator, unverified. Never rejects. */
  receive(body: string, operatorCredential?: string): Promise<ReceivedAnswer>;
  /** Undefined for an agency that takes no declarations. */
  readonly inbox: Inbox | undefined;
  /** The public keys that grants for this agency are sealed to. */
  readonly publicJwks: object;
  close(): Promise<void>;
}

export interface TrustedRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly grant: TrustedGrant;
  /** Aborted when the caller leaves. */
  readonly signal?: CallerSignal;
}

/**
 * Builds a subgraph on what an agency wrote. Throws a TypeError when its schema does not open with the treaty's header, does not
 * stand alone, or has a rule that cannot be held here. Whether every personal field has a rule is checked by compose; here a field
 * without one is simply never served.
 */
export function createSubgraph(options: SubgraphOptions): Subgraph {
  const { name, clock, log } = options;
  const sdl = agencySdl(options.typeDefs, `${name}/schema.graphql`);
  const document = parse(sdl);
  const rules = readSchemaRules(document, options.policies);
  const unguarded = buildSubgraphSchema({
    typeDefs: document,
    resolvers: withKitResolvers(options.resolvers, rules, sdl),
  });
  const schema = guardSchema(unguarded, rules, name);
  const answer = createAnswerer(schema, options);
  const authority = createAuthority(name, clock, options.authority);

  return {
    name,
    sdl,
    schema,
    // Read anew each time: a rotated key is published without a restart.
    get publicJwks() {
      return options.authority?.ownKeys.publicJwks ?? { keys: [] };
    },
    handle: ({ query, variables = {}, grant, signal }) =>
      answer({ query, variables, grant, sealMet: refuseToSeal, operator: false, ...(signal && { signal }) }),
    receive: (body, operatorCredential) => authority.answer(body, operatorCredential, { answer, log }),
    inbox: options.inbox,
    async close() {
      await options.inbox?.close();
      await options.close?.();
    },
  };
}

type Representation = Readonly<Record<'id' | '__typename', unknown>>;

/** What the kit resolves for every agency: persons by reference, their id, the shared scalars, the SDL for operators. */
function withKitResolvers(own: Resolvers, { personTypes, computed }: SchemaRules, sdl: string): Record<string, never> {
  const resolvers: Record<string, unknown> = { ...own };
  for (const type of personTypes) {
    const computing = Object.entries(own[type] ?? {}).flatMap(([field, resolver]) => {
      const required = computed.get(`${type}.${field}`);
      return required ? [[field, unlessMissing(resolver, required)] as const] : [];
    });
    resolvers[type] = {
      ...own[type],
      ...Object.fromEntries(computing),
      __resolveReference: ({ id, __typename, ...required }: Representation, { kit }: KitContext) =>
        kit.persons.byReference(id, required),
      id: (person: KnownPerson, _args: object, { kit }: KitContext) => kit.persons.idOf(person),
    };
  }
  for (const [name, scalar] of Object.entries(KIT_SCALARS)) {
    if (new RegExp(`^scalar ${name}\\b`, 'm').test(sdl)) resolvers[name] = scalar;
  }
  return resolvers as Record<string, never>;
}

const refuseToSeal: SealMet = () => {
  throw new TypeError('a person met in the answer can be sealed only under a grant that came sealed');
};
