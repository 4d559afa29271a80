import type { ArgumentNode, DocumentNode, GraphQLOutputType, OperationTypeNode, VariableDefinitionNode } from 'graphql';
import type { Acr } from '../../schema/acr.ts';
import type { HubErrorCode } from '../../schema/errorCodes.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { Purpose } from '../../schema/purposes.ts';
import type { RefusalReason, RefusalSubject } from '../../schema/refusals.ts';
import type { ScopeName } from '../../schema/scopes.ts';
import type { Language } from '../platform/errors.ts';
import type { Graph } from '../platform/graph/graph.ts';
import type { AgencyId, RequestId, SubjectKey } from '../platform/ids.ts';
import type { ProvenRelative, RelationProof } from '../platform/relations.ts';
import type { AccessEntry, FieldOutcome } from '../registers/access/accessRecord.ts';
import type { ActingAgent, StreamEvent } from '../registers/faceContext.ts';
import type { Habilitation, Service } from '../registers/habilitation/habilitation.ts';

/*
 * A type per stage of a request's way:
 *   Received -> Identified -> Understood -> Decided -> Fetched -> Masked -> Recorded
 * Each step takes the stage before it, so that a skipped step does not compile.
 */

/** `partial`: refused fields are null. `reject`: one refusal refuses all. `dry-run`: verdicts, no reads. */
export type HubMode = 'partial' | 'reject' | 'dry-run';

/**
 * Tells that the client has left. An `AbortSignal` fits as well; this much of it is all that the steps use, and a signal of node's costs
 * each request 4 us more (measured).
 */
export interface Departure {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Read from the wire, within the limits of size and time; nothing of it is trusted yet. */
export interface Received {
  readonly requestId: RequestId;
  readonly receivedAtMs: number;
  readonly method: 'GET' | 'POST';
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The access token, not yet verified. */
  readonly token: string | undefined;
  /** There when the token came as `Authorization: DPoP` (RFC 9449): the header `DPoP`, not yet verified. */
  readonly proof?: { readonly jwt: string | undefined } | undefined;
  /** Header Hub-Purpose: for raw FranceConnect tokens. */
  readonly purposeHeader: string | undefined;
  readonly mode: HubMode;
  readonly language: Language;
  /** Whether an operator's credential was presented and is right. */
  readonly operator: boolean;
  readonly responseType: 'application/graphql-response+json' | 'application/json';
  /** Whether the client takes `text/event-stream` among others, or nothing else. */
  readonly eventStream?: 'ACCEPTED' | 'REQUIRED' | undefined;
  /** There when this stands for one event of a subscription. The stream sets it, never the wire. */
  readonly event?: StreamEvent;
  /** Aborted when the client leaves. */
  readonly signal: Departure;
}

/** The authenticated citizen, and for whom and what for the question is put. */
export interface Caller {
  readonly subject: SubjectKey;
  readonly pivot: PivotIdentity;
  readonly service: Service;
  readonly purpose: Purpose;
  readonly habilitation: Habilitation;
  /** The token's scopes, groups and aliases expanded. Interned per token. */
  readonly tokenScopes: ReadonlySet<ScopeName>;
  readonly acr: Acr;
  readonly tokenExpiresAtMs: number;
}

/**
 * Who asks for an organisation and not as a citizen: an agent of an administration, or a service by its own credentials. Nothing of any person is
 * theirs to read; what they may do is in fields with `@policy` (OFFICE_POLICIES) and `@authenticated`.
 */
export type Office = AgentOffice | ServiceOffice;

export interface AgentOffice {
  readonly kind: 'agent';
  readonly agent: ActingAgent;
  /** The pages through which the agent comes. */
  readonly service: Service;
}

export interface ServiceOffice {
  readonly kind: 'service';
  readonly service: Service;
}

/** Whoever a token may stand for. Stages below are about a citizen unless they say otherwise. */
export type Asker = Caller | Office;

export interface Identified<Who extends Asker = Caller> extends Received {
  readonly caller: Who;
}

/*
 * The operation as a tree: fragments are inlined, response keys merged, one list of fields per concrete type. Everything after
 * `understand` walks this tree and never the document, so that an alias, a fragment or a duplicate cannot make two steps disagree.
 */

/** All of `every` must hold; `variable` is the name without `$`. */
export interface Condition {
  readonly variable: string;
  readonly equals: boolean;
}

/**
 * Present when any of these conjunctions holds (from `@skip`, `@include`); undefined = always, empty = never. Counted from the
 * parent being present. Never changes a verdict.
 */
export type Presence = readonly (readonly Condition[])[] | undefined;

export interface OperationField {
  /** Position in Operation.fields, a parent's before its children's: verdicts, outcomes and programs are arrays by this index. */
  readonly index: number;
  readonly responseKey: string;
  readonly fieldName: string;
  /** Concrete type on which this field is judged. */
  readonly parentType: string;
  /** `ParentType.fieldName`, of the API schema. */
  readonly coordinate: string;
  readonly type: GraphQLOutputType;
  readonly arguments: readonly ArgumentNode[];
  readonly presence: Presence;
  /**
   * Where the field stands among those of its type, one entry per occurrence: GraphQL (6.3.2) puts a key where it is first executed. There when
   * conditions may move a field of this selection, on all of its fields.
   */
  readonly places?: readonly FieldPlace[];
  /** Absent for leaves. */
  readonly selection: OperationSelection | undefined;
}

/** One occurrence: its position among all occurrences on one type, and when it counts. */
export interface FieldPlace {
  readonly place: number;
  readonly presence: Presence;
}

export interface OperationSelection {
  /** Name of the declared type: object, interface or union. */
  readonly declaredType: string;
  /** In the order of the operation; keys are the concrete types that may stand here. */
  readonly byType: ReadonlyMap<string, readonly OperationField[]>;
}

export interface Operation {
  /** SHA-256, base64url, of the chosen operation and its fragments as graphql-js prints them: comments and layout do not count. */
  readonly hash: string;
  readonly kind: OperationTypeNode;
  readonly name: string | undefined;
  /** The chosen operation and the fragments it uses, nothing else. */
  readonly document: DocumentNode;
  readonly variableDefinitions: readonly VariableDefinitionNode[];
  readonly root: OperationSelection;
  readonly fields: readonly OperationField[];
  /** Whether it selects `__schema` or `__type`. */
  readonly introspects: boolean;
  /** Memory that it takes, about, document and tree: part of the size of whatever holds it in a cache. */
  readonly sizeBytes: number;
}

export interface Understood<Who extends Asker = Caller> extends Identified<Who> {
  /** The graph it was understood on, and stays on to the end: a swap under way does not touch it. */
  readonly graph: Graph;
  readonly operation: Operation;
  /** Coerced to JSON per the operation's definitions, defaults filled in. */
  readonly coercedVariables: Readonly<Record<string, unknown>>;
}

/** A refusal is a value: why, what is missing, whose. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** The smallest sets that would open the field, each sufficient alone (OR of ANDs). */
  readonly missingScopes: readonly (readonly ScopeName[])[];
  readonly subject: RefusalSubject;
  /** With CONSENT_REQUIRED: what the citizen would have to open for this field and what is asked below it, and nothing more. */
  readonly consentScopes?: readonly ScopeName[];
  /**
   * Not a refusal to anybody who looks. ABSENT: null without a word, as if the agency held nothing. UNPROVEN: whether it must be absent could not be
   * known, so it is an agency that does not answer.
   */
  readonly withheld?: 'ABSENT' | 'UNPROVEN';
}

export type Verdict = { readonly allowed: true } | ({ readonly allowed: false } & Refusal);

/** Whose data a field of the operation is. */
export type SubjectSlot =
  | { readonly kind: 'NONE' }
  | { readonly kind: 'CALLER' }
  /** A third party inside the caller's own file (`inFileOf`). */
  | { readonly kind: 'IN_FILE' }
  /**
   * Another person, reached by the field with that index; who it is shows only when the agency has answered. `unnamed`: somebody in that person's own
   * file or named beside it, who is not read as a person there: nobody's rights open it.
   */
  | { readonly kind: 'RELATIVE'; readonly through: number; readonly unnamed?: true };

/** The verdict on every field of one operation for one set of rights. Cached; holds nothing of one caller. */
export interface Judgement {
  readonly operation: Operation;
  /** Canonical text of which fields are allowed: key of plans and programs, together with operation.hash. */
  readonly shape: string;
  /** By field index. */
  readonly verdicts: readonly Verdict[];
  /** By field index. */
  readonly subjects: readonly SubjectSlot[];
  /** Agency that answers for the field, by field index: for access records of what was refused. */
  readonly agencies: readonly AgencyId[];
  /** First scope that opens the field, of its own or of the field that returned it: what the access record names. */
  readonly scopes: readonly (ScopeName | undefined)[];
  /** What may be planned; the operation's own document when nothing is refused, undefined when nothing is left. */
  readonly narrowed: DocumentNode | undefined;
  /** SHA-256, base64url, of operation.hash, shape and the supergraph's version: never operation.hash alone. */
  readonly narrowedHash: string;
  /** Scopes effective for the caller, and for third parties inside the caller's file (empty when those are judged as themselves). */
  readonly effectiveScopes: ReadonlySet<ScopeName>;
  readonly inFileScopes: ReadonlySet<ScopeName>;
  readonly refusedCount: number;
}

/** A relative as this request may deal with them. */
export interface Relative extends ProvenRelative {
  /** By field index; of the fields on which a relative may stand (`RELATIVE`), the others are the judgement's. */
  readonly verdicts: readonly Verdict[];
  readonly effectiveScopes: ReadonlySet<ScopeName>;
}

/** Everybody but strangers who may be met where a relative stands. */
export interface Relatives {
  readonly bySubject: ReadonlyMap<SubjectKey, Relative>;
  /** The caller, met there as their child's parent. */
  readonly callersVerdicts: readonly Verdict[];
  /** What it rests on. */
  readonly proof: RelationProof;
}

/** A child under 15 under the caller's authority, or a partner who has said nothing. */
export type SupposedRelative = Pick<Relative, 'role' | 'verdicts'>;

export interface Decided<Who extends Asker = Caller> extends Understood<Who> {
  readonly judgement: Judgement;
  /** Absent when the operation reaches none, or the proof could not be had. */
  readonly relatives?: Relatives | undefined;
  /** Of a dry run: what would hold for relatives, whom nobody was asked for; absent when the operation reaches none. */
  readonly supposed?: readonly SupposedRelative[] | undefined;
  /** What was read of civil status for this decision, for relatives or for addresses; absent when nothing was, or it could not be had. */
  readonly relationProof?: RelationProof | undefined;
  /** The ledger's version before the decision: what was decided under an older one may not be decided so now. */
  readonly ledgerVersion?: number | undefined;
}

/** One entry of the reply's `errors`, before it is put into words. */
export interface ReplyFault {
  readonly code: HubErrorCode;
  /** Response path with aliases and list positions. */
  readonly path: readonly (string | number)[];
  readonly refusal?: Refusal;
  readonly agency?: AgencyId;
  readonly retryAfterSeconds?: number;
  /** Input that an agency refused, as it named it: `input.expiresAt`. Not yet checked. */
  readonly input?: string;
}

/** What became of one field of one subject, summed over its positions; input of the access records. */
export interface FieldTrace {
  readonly index: number;
  readonly subject: SubjectKey;
  readonly agency: AgencyId;
  readonly outcome: FieldOutcome;
  readonly reason?: AccessEntry['fields'][number]['reason'];
}

/** What the engine made of the agencies' answers. */
export interface Fetched<Who extends Asker = Caller> extends Decided<Who> {
  /** The JSON text of `data` as the projector wrote it, in GraphQL's order and shape. */
  readonly data: string;
  readonly faults: readonly ReplyFault[];
  readonly traces: readonly FieldTrace[];
}

/** Every field that is left has a verdict, every error is in our own words. */
export interface Masked<Who extends Asker = Caller> extends Fetched<Who> {
  readonly errors: readonly ReplyError[];
}

export interface ReplyError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** The access records are durable: only now may the reply leave. */
export interface Recorded<Who extends Asker = Caller> extends Masked<Who> {
  readonly recordedCount: number;
}

/** What a fault of any step needs in order to be answered, known from the first byte on. */
export type ReplyContext = Pick<Received, 'requestId' | 'language' | 'responseType'>;

/** What goes on the wire. Content-Length, Hub-Request-Id and the headers that protect every answer are added when it is written. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How `body` becomes bytes; `latin1` for a body whose characters already are its bytes. */
  readonly encoding: 'utf8' | 'latin1';
}

export type { EventStream, EventWire } from './eventStream.ts';
export type { AccessRule, Graph, GraphRules, SubjectRule } from '../platform/graph/graph.ts';
export type { ProvenRelative, RelationProof } from '../platform/relations.ts';
