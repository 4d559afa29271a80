import type { Kysely } from 'kysely';
import type { Grant, GrantRole, GrantSubject } from '../../schema/grant.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { DeclarationHandler } from './inbox/handler.ts';
import type { KitLog } from './log.ts';
import type { IdentityMatcher } from './reconcile.ts';

/*
 * What an agency writes. Its folder holds `agency.json`, `schema.graphql` and `agency.ts`, and `agency.ts` exports
 * `export const agency: AgencyModule = { open }`. Everything else of a subgraph is the kit's.
 */

/** Milliseconds since the epoch; tests hand in a fixed one. */
export type Clock = () => number;

export interface AgencyModule {
  /** Opens the agency's own system, once per process. */
  open(options: AgencyOptions): Promise<AgencyDefinition>;
}

export interface AgencyOptions {
  /** Absolute path of the agency's `fixtures/` folder; read it with `readFixture`. */
  readonly fixturesDir: string;
  readonly clock: Clock;
  readonly log: KitLog;
  /** Present when `agency.json` says `"database": true`: a database schema of the agency's own, as its default search path. */
  readonly database?: AgencyDatabase;
  /** `fixtures/` may be written to the database: in the sandbox and in tests, never elsewhere [false]. */
  readonly mayLoadFixtures?: boolean;
}

/** `database.withTables<Tables>()` gives it the agency's own tables. The agency brings its migrations and runs them in `open`. */
export type AgencyDatabase = Kysely<unknown>;

/** The agency's own part of a subgraph. */
export interface AgencyDefinition {
  readonly resolvers: Resolvers;
  /** Called once per request: a loader that outlived a request would answer one caller with what another one may see. */
  readonly loaders?: (request: RequestScope) => unknown;
  /**
   * One read for all: for each identity, in the same order, whoever in the agency's file might be that person. The kit decides:
   * exactly one match, or absent. Left out (the hub's own subgraph) a person has no record and is known by reference alone.
   */
  readonly findPersons?: (
    identities: readonly PivotIdentity[],
    request: Omit<RequestScope, 'grant'>,
  ) => Promise<readonly (readonly RecordCandidate<unknown>[])[]>;
  /** Replaces the kit's rule set for comparing identities (reconcile.ts). */
  readonly matches?: IdentityMatcher;
  /** Takes what citizens declare once; needed when `agency.json` has `declarations`. */
  readonly onDeclaration?: DeclarationHandler;
  /** Closes what `open` opened, but not the database, which was handed in. */
  readonly close?: () => Promise<void>;
}

/** What an agency's file knows of a person's identity: names and birth date always, the rest when the file has it. */
export type RecordIdentity = Pick<PivotIdentity, 'family_name' | 'given_name' | 'birthdate'> & Partial<PivotIdentity>;

export interface RecordCandidate<Row> {
  readonly identity: RecordIdentity;
  readonly record: Row;
  /** The agency holds the record but gives nothing of it: to the outside it is absent like any other. */
  readonly withheld?: 'DECEASED' | 'PROTECTED';
}

/** A person as resolvers of the entity type (`Citizen`) get it: parent of `civilStatus`, `familyFile` and so on. Made by the kit alone. */
export interface Person<Row = unknown> {
  /** The grant's word on this person; undefined for a person met inside the answer whom the grant does not name. */
  readonly subject: GrantSubject | undefined;
  /** The agency's own record; undefined when it holds none (a person only named in another's record). */
  readonly record: Row | undefined;
  /** What other agencies know of this person and a field asked here is computed from (`@requires`), by the required field's name; never null there. */
  readonly required: Readonly<Record<string, unknown>>;
}

/** What is known of one request outside GraphQL. */
export interface RequestScope {
  /** Verified; without nonce, digest and times, which are the kit's business. */
  readonly grant: TrustedGrant;
  readonly clock: Clock;
  readonly log: KitLog;
  /** Aborted when the caller left or the time for the answer is over. */
  readonly signal: AbortSignal;
}

export type TrustedGrant = Pick<Grant, 'requestId' | 'service' | 'purpose' | 'acr' | 'subjects' | 'met'>;

/** Third argument of every resolver. */
export interface AgencyContext<Loaders = unknown> extends RequestScope {
  readonly loaders: Loaders;
  /** The caller, who is the subject with role SELF; null when the grant names none or the agency's file does not hold them. */
  self(): Promise<Person | null>;
  /**
   * A person met inside the answer (a child, a partner, a member of the file), for fields that return `Citizen`. Without a matching
   * subject in the grant, or rights in `grant.met` for `role`, nothing but a sealed reference leaves.
   */
  meet<Row>(met: MetPerson<Row>): Person<Row>;
}

export interface MetPerson<Row> {
  readonly identity: RecordIdentity;
  /** What the agency can prove of the relation to the person whose record this is; left out = a name in a file, no more. */
  readonly role?: Exclude<GrantRole, 'SELF'>;
  readonly record?: Row;
}

/**
 * Resolvers by type and field. A field without one is read from the parent object under its own name. What a resolver takes is typed
 * where it is written: `civilStatus: (person: Person<CivilRecord>, _args: object, { loaders }: AgencyContext<Loaders>) => ...`;
 * `never` here lets each state its own.
 */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolver>>>>;
export type Resolver = (parent: never, args: never, context: never) => unknown;
