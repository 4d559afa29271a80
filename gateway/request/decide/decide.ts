import { createHash } from 'node:crypto';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import type { ConsentLedger } from '../../registers/consent/consent.ts';
import { advance } from '../advance.ts';
import type { Caller, Decided, Graph, Judgement, Operation, Understood, Verdict } from '../exchange.ts';
import { createFieldNeeds, type FieldNeeds } from './fieldNeeds.ts';
import { createOpenYears, yearNeeds } from './incomeYears.ts';
import { judge } from './judge.ts';
import { narrow } from './narrow.ts';
import { readOperation, type OperationReading } from './readOperation.ts';
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
 * Throws HUB_LEDGER_UNAVAILABLE when the ledger does not answer; HUB_REQUEST_MODE_UNKNOWN for a dry run by somebody else than an
 * operator or a service's test client. A mutation is decided as a whole before any of it runs: a write whose root field is allowed is made,
 * and refusals within what it returns are reported beside its result (`reject`, see rejectWhole.ts, is for whoever wants neither).
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
  const openYears = createOpenYears(powers.clock);
  const byGraph = new WeakMap<Graph, Knowledge>();

  const conclude = (understood: Understood, open: ScopeSet): Decided => {
    const { caller, graph, operation } = understood;
    const rights = rightsOf(caller, open, powers.metPolicies?.(caller) ?? NO_POLICY);
    let knowledge = byGraph.get(graph);
    if (!knowledge) byGraph.set(graph, (knowledge = emptyKnowledge(graph, powers.cacheBytes ?? 64_000_000)));
    let reading = knowledge.readings.get(operation);
    if (!reading) knowledge.readings.set(operation, (reading = readOperation(operation, graph, knowledge.needs)));
    const years =
      reading.years.length === 0 ? NO_YEARS : yearNeeds(reading.years, understood.coercedVariables, openYears());
    const judgement = findJudgement(knowledge, { graph, operation, reading, rights, years });
    checkMode(understood);
    // A spread with a further property behind it costs 2 us and more here (V8 11.3), this 0.5.
    return advance(understood, { judgement });
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
    scopes: scopesNamed(reading, rights.effectiveScopes),
    ...findNarrowed(knowledge, graph, operation, shape, verdicts),
    effectiveScopes: rights.effectiveScopes,
    inFileScopes: rights.inFileScopes,
    refusedCount,
  };
}

/** For each field the scopes' first one of the alternative that opens it, or would; values follow the field above them. */
function scopesNamed(reading: OperationReading, effective: ScopeSet): readonly (ScopeName | undefined)[] {
  const named: (ScopeName | undefined)[] = [];
  for (const { need, parent } of reading.fields) {
    const alternatives = need.rule?.scopes ?? [];
    const opening = alternatives.find((all) => all.every((scope) => effective.has(scope))) ?? alternatives[0];
    named.push(opening?.[0] ?? (parent && named[parent.field.index]));
  }
  return named;
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

function checkMode({ mode, operator, caller }: Understood): void {
  if (mode === 'dry-run' && !operator && !caller.service.testClient) throw new HubError('HUB_REQUEST_MODE_UNKNOWN');
}
