import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Graph, Judgement, Operation, ProvenRelative, Verdict } from '../exchange.ts';
import { createFieldNeeds, type FieldNeeds } from './fieldNeeds.ts';
import { judge, judgeRelative } from './judge.ts';
import { narrow } from './narrow.ts';
import { narrowedHashOf, shapeOf } from './narrowedHash.ts';
import { isRefusal, type Addresses } from './protection.ts';
import type { OperationReading } from './readOperation.ts';
import type { Rights } from './rights.ts';
import { scopesNamed } from './scopesNamed.ts';
import type { YearNeed } from './verdict.ts';

type Narrowed = Pick<Judgement, 'narrowed' | 'narrowedHash'>;

/** A judged operation, and the verdicts on each kind of relative that went into it, by `partyKey`. */
export interface Judged {
  readonly judgement: Judgement;
  readonly parties: ReadonlyMap<string, readonly Verdict[]>;
}

/** What is known of one graph; thrown away whole with it. */
export interface Knowledge {
  readonly needs: FieldNeeds;
  readonly readings: WeakMap<Operation, OperationReading>;
  /** By the operation's hash. A judgement holds its operation, which weighs more than all verdicts on it: so an operation comes and goes with its judgements. */
  readonly operations: LRUCache<string, KnownOperation>;
}

interface KnownOperation {
  readonly operation: Operation;
  /** Key: rights, years, addresses, relatives. Rights stand for effective scopes, token, habilitation, purpose, acr and policies. */
  readonly judgements: Map<string, Judged>;
  /** Key: shape. Callers with different rights may still ask the same. */
  readonly narrowed: Map<string, Narrowed>;
  sizeBytes: number;
}

export function emptyKnowledge(graph: Graph, cacheBytes: number): Knowledge {
  return {
    needs: createFieldNeeds(graph),
    readings: new WeakMap(),
    operations: new LRUCache({ maxSize: cacheBytes, sizeCalculation: ({ sizeBytes }) => sizeBytes }),
  };
}

/** Verdicts of one judgement are 60 bytes each, those of each kind of relative as much again. */
function sizeOf({ judgement, parties }: Judged): number {
  return 500 + 60 * judgement.verdicts.length * (1 + parties.size);
}

export interface Party {
  readonly role: ProvenRelative['role'];
  /** Undefined: nobody may speak for them. */
  readonly rights: Rights | undefined;
}

/** All that a judgement depends on. */
export interface Case {
  readonly graph: Graph;
  readonly operation: Operation;
  readonly reading: OperationReading;
  readonly rights: Rights;
  readonly years: readonly YearNeed[];
  readonly addresses: Addresses;
  /** There when the relatives are known, be they none. */
  readonly parties?: readonly Party[];
}

/** Relatives of one role and equal rights are judged once. */
export function partyKey({ role, rights }: Party): string {
  return role + (rights?.id ?? '');
}

export const CALLER_PARTY = 'SELF';

/** The judgement of this case, made once while it is remembered. */
export function findJudged(knowledge: Knowledge, one: Case): Judged {
  const { hash } = one.operation;
  const met = one.parties ? [...new Set(one.parties.map(partyKey))].sort().join() : '-';
  const key = `${one.rights.id}${yearsKey(one.years)}${one.addresses}:${met}`;
  const known = knowledge.operations.get(hash);
  const found = known?.judgements.get(key);
  if (found) return found;
  const kept = known ?? newlyKnown(one.operation);
  const parties = judgeParties(one);
  const judged = { judgement: toJudgement(kept, one, parties), parties };
  kept.judgements.set(key, judged);
  kept.sizeBytes += sizeOf(judged);
  // Weighed anew.
  knowledge.operations.set(hash, kept);
  return judged;
}

/** With its reading, which is about as large as the tree. */
function newlyKnown(operation: Operation): KnownOperation {
  return { operation, judgements: new Map(), narrowed: new Map(), sizeBytes: operation.sizeBytes * 1.5 };
}

function judgeParties(one: Case): ReadonlyMap<string, readonly Verdict[]> {
  const { rights, parties } = one;
  if (!parties) return new Map();
  const verdicts = new Map(parties.map((party) => [partyKey(party), judgeRelative(one, party.rights, party.role)]));
  return verdicts.set(CALLER_PARTY, judgeRelative(one, rights, 'SELF'));
}

function yearsKey(years: readonly YearNeed[]): string {
  if (years.length === 0) return ':';
  return `:${years.map((year) => (year?.kind === 'needed' ? year.scope : '')).join()}:`;
}

function toJudgement(known: KnownOperation, one: Case, parties: Judged['parties']): Judgement {
  const { graph, reading, rights } = one;
  const { operation } = known;
  // The caller stands there as their child's parent at most: it is for relatives that anything is asked.
  const ofRelatives = [...parties].filter(([key]) => key !== CALLER_PARTY).map(([, verdicts]) => verdicts);
  const verdicts = judge(one, rights, ofRelatives);
  const refusedCount = reading.fields.filter(
    ({ field, parent }) => isRefusal(verdicts[field.index]!) && (!parent || verdicts[parent.field.index]!.allowed),
  ).length;
  const shape = shapeOf(verdicts);
  return {
    operation,
    shape,
    verdicts,
    subjects: reading.subjects,
    agencies: reading.agencies,
    scopes: scopesNamed(reading, rights.effectiveScopes),
    ...findNarrowed(known, graph, shape, verdicts),
    effectiveScopes: rights.effectiveScopes,
    inFileScopes: rights.inFileScopes,
    refusedCount,
  };
}

function findNarrowed(known: KnownOperation, graph: Graph, shape: string, verdicts: readonly Verdict[]): Narrowed {
  const { operation } = known;
  const found = known.narrowed.get(shape);
  if (found) return found;
  const isWhole = shape === 'all';
  const narrowed: DocumentNode | undefined = isWhole
    ? operation.document
    : narrow(operation, (field) => verdicts[field.index]!.allowed, graph.apiSchema);
  const made = { narrowed, narrowedHash: narrowedHashOf(operation, shape, graph) };
  known.narrowed.set(shape, made);
  // Narrowed it is at most as large.
  known.sizeBytes += 500 + (isWhole ? 0 : operation.sizeBytes);
  return made;
}
