import { createHash } from 'node:crypto';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { yearScope } from '../../../schema/scopes.ts';
import { yearInParis, type Clock } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import type { ConsentLedger } from '../../registers/consent/consent.ts';
import type { Caller, Decided, Graph, Judgement, Operation, Understood, Verdict } from '../exchange.ts';
import { refusals } from './explain.ts';
import { createFieldNeeds, type FieldNeeds } from './fieldNeeds.ts';
import { judge } from './judge.ts';
import { narrow } from './narrow.ts';
import { readOperation, type OperationReading, type YearSource } from './readOperation.ts';
import { createRightsRegister, readsByRightOfAccess, type Rights, type ScopeSet } from './rights.ts';
import type { YearNeed } from './verdict.ts';

export interface DecidePowers {
  readonly openConsents: ConsentLedger['openConsents'];
  readonly clock: Clock;
  /** `@policy` names that this caller meets, interned. Without it none is met. */
  readonly metPolicies?: (caller: Caller) => ReadonlySet<string>;
  /** Memory for judgements, about, in bytes. Default 64 MB. */
  readonly cacheBytes?: number;
}

/**
 * The step from a tree to verdicts; at once when the ledger answers from memory.
 *
 * Throws HUB_LEDGER_UNAVAILABLE when the ledger does not answer; HUB_OPERATION_REJECTED with every refusal under `Hub-Mode: reject`;
 * HUB_REQUEST_MODE_UNKNOWN for a dry run by somebody else than an operator or a service's test client. A mutation is decided as a whole
 * before any of it runs: a write whose root field is allowed is made, and refusals within what it returns are reported beside its result
 * (`reject` is for whoever wants neither).
 */
export type Decide = (understood: Understood) => Decided | Promise<Decided>;

type Narrowed = Pick<Judgement, 'narrowed' | 'narrowedHash'>;

/** What is known of one graph; thrown away whole with it. */
interface Knowledge {
  readonly needs: FieldNeeds;
  readonly readings: WeakMap<Operation, OperationReading>;
  /** Key: rights, years, operation. Rights stand for effective scopes, token, habilitation, purpose, acr and policies. */
  readonly judgements: LRUCache<string, Judgement>;
  /** Key: operation, shape: callers with different rights may still ask the same. */
  readonly narrowed: LRUCache<string, Narrowed>;
}

const NO_POLICY: ReadonlySet<string> = new Set<string>();

export function createDecide(powers: DecidePowers): Decide {
  const rightsOf = createRightsRegister();
  const currentYear = createYearOfNow(powers.clock);
  const byGraph = new WeakMap<Graph, Knowledge>();

  const conclude = (understood: Understood, open: ScopeSet): Decided => {
    const { caller, graph, operation } = understood;
    const rights = rightsOf(caller, open, powers.metPolicies?.(caller) ?? NO_POLICY);
    let knowledge = byGraph.get(graph);
    if (!knowledge) byGraph.set(graph, (knowledge = emptyKnowledge(graph, powers.cacheBytes ?? 64_000_000)));
    let reading = knowledge.readings.get(operation);
    if (!reading) knowledge.readings.set(operation, (reading = readOperation(operation, graph, knowledge.needs)));
    const years = reading.years.length === 0 ? NO_YEARS : yearNeeds(reading.years, understood, currentYear());
    const judgement = findJudgement(knowledge, { graph, operation, reading, rights, years });
    checkMode(understood, judgement);
    return { ...understood, judgement };
  };

  return (understood) => {
    const { caller } = understood;
    if (readsByRightOfAccess(caller)) return conclude(understood, caller.habilitation.scopes);
    const open = powers.openConsents(caller.subject, caller.service.clientId, caller.purpose.name);
    return open instanceof Promise
      ? open.then(({ scopes }) => conclude(understood, scopes))
      : conclude(understood, open.scopes);
  };
}

function emptyKnowledge(graph: Graph, cacheBytes: number): Knowledge {
  return {
    needs: createFieldNeeds(graph),
    readings: new WeakMap(),
    judgements: new LRUCache({ maxSize: cacheBytes / 2, sizeCalculation: (one) => 500 + 60 * one.verdicts.length }),
    narrowed: new LRUCache({ maxSize: cacheBytes / 2 }),
  };
}

interface Case {
  readonly graph: Graph;
  readonly operation: Operation;
  readonly reading: OperationReading;
  readonly rights: Rights;
  readonly years: readonly YearNeed[];
}

const NO_YEARS: readonly YearNeed[] = [];

function findJudgement(knowledge: Knowledge, one: Case): Judgement {
  const key = one.rights.id + yearsKey(one.years) + one.operation.hash;
  const found = knowledge.judgements.get(key);
  if (found) return found;
  const judgement = toJudgement(knowledge, one);
  knowledge.judgements.set(key, judgement);
  return judgement;
}

function yearsKey(years: readonly YearNeed[]): string {
  if (years.length === 0) return ':';
  return `:${years.map((year) => (year?.kind === 'needed' ? year.scope : '')).join()}:`;
}

function toJudgement(knowledge: Knowledge, { graph, operation, reading, rights, years }: Case): Judgement {
  const verdicts = judge(reading, years, rights);
  const refusedCount = reading.fields.filter(
    ({ field, parent }) => !verdicts[field.index]!.allowed && (!parent || verdicts[parent.field.index]!.allowed),
  ).length;
  const shape = refusedCount === 0 ? 'all' : allowedBits(verdicts);
  return {
    operation,
    shape,
    verdicts,
    subjects: reading.subjects,
    agencies: reading.agencies,
    ...findNarrowed(knowledge, graph, operation, shape, verdicts),
    effectiveScopes: rights.effectiveScopes,
    inFileScopes: rights.inFileScopes,
    refusedCount,
  };
}

/** One bit per field, lowest first, in base64url. */
function allowedBits(verdicts: readonly Verdict[]): string {
  const bits = Buffer.alloc(Math.ceil(verdicts.length / 8));
  verdicts.forEach((verdict, index) => {
    if (verdict.allowed) bits[index >> 3]! |= 1 << (index & 7);
  });
  return bits.toString('base64url');
}

function findNarrowed(
  knowledge: Knowledge,
  graph: Graph,
  operation: Operation,
  shape: string,
  verdicts: readonly Verdict[],
): Narrowed {
  const key = `${operation.hash}:${shape}`;
  const found = knowledge.narrowed.get(key);
  if (found) return found;
  const narrowed: DocumentNode | undefined =
    shape === 'all'
      ? operation.document
      : narrow(operation, (field) => verdicts[field.index]!.allowed, graph.apiSchema);
  const narrowedHash = createHash('sha256').update(`${key}:${graph.version}`).digest('base64url');
  knowledge.narrowed.set(key, { narrowed, narrowedHash }, { size: 500 + 400 * operation.fields.length });
  return { narrowed, narrowedHash };
}

function yearNeeds(sources: readonly YearSource[], understood: Understood, currentYear: number): readonly YearNeed[] {
  return sources.map((source) => {
    const year = yearOf(source, understood.coercedVariables);
    const scope = typeof year === 'number' ? yearScope(year, currentYear) : undefined;
    return scope === undefined ? { kind: 'closed' } : { kind: 'needed', scope };
  });
}

/** A variable that was not given leaves the argument's default in force; one that is null does not. */
function yearOf(source: YearSource, variables: Understood['coercedVariables']): unknown {
  if (source.kind === 'LITERAL') return source.value;
  return Object.hasOwn(variables, source.name) ? variables[source.name] : source.otherwise;
}

/** Paris changes its year on the hour of UTC, so that one look at the calendar an hour is enough (it costs 2 us). */
function createYearOfNow(clock: Clock): () => number {
  let hour = Number.NaN;
  let year = 0;
  return () => {
    const nowMs = clock();
    const thisHour = Math.floor(nowMs / 3_600_000);
    if (thisHour !== hour) [hour, year] = [thisHour, yearInParis(nowMs)];
    return year;
  };
}

function checkMode({ mode, operator, caller }: Understood, judgement: Judgement): void {
  if (mode === 'partial') return;
  if (mode === 'dry-run' && !operator && !caller.service.testClient) throw new HubError('HUB_REQUEST_MODE_UNKNOWN');
  if (mode === 'reject' && judgement.refusedCount > 0) {
    throw new HubError('HUB_OPERATION_REJECTED', { extensions: { refusals: refusals(judgement) } });
  }
}
