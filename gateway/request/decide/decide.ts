import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import type { SubjectKey } from '../../platform/ids.ts';
import type { ConsentLedger, OpenConsents } from '../../registers/consent/consent.ts';
import { advance } from '../advance.ts';
import type {
  Caller,
  Decided,
  Graph,
  Judgement,
  Operation,
  OperationField,
  ProvenRelative,
  Relative,
  RelationProof,
  Understood,
  Verdict,
} from '../exchange.ts';
import { createFieldNeeds, type FieldNeeds } from './fieldNeeds.ts';
import { createOpenYears, yearNeeds } from './incomeYears.ts';
import { judge, judgeRelative } from './judge.ts';
import { narrow } from './narrow.ts';
import { narrowedHashOf, shapeOf } from './narrowedHash.ts';
import { readOperation, type OperationReading } from './readOperation.ts';
import { addressesUnder, isRefusal, type Addresses } from './protection.ts';
import { hearRelatives, supposeRelatives, type RelativesWord, type SupposedWord } from './relatives.ts';
import { createRightsRegister, readsByRightOfAccess, type Rights, type ScopeSet } from './rights.ts';
import { scopesNamed } from './scopesNamed.ts';
import type { YearNeed } from './verdict.ts';

export interface DecidePowers {
  readonly openConsents: ConsentLedger['openConsents'];
  readonly clock: Clock;
  /** The ledger's version, which grows with every change [0]. */
  readonly ledgerVersion?: () => number;
  /**
   * Who the caller's relatives are; undefined when that can't be known now. Left out, every relative is a stranger and no order is known of. Asked for
   * operations alone that reach a person other than the caller, or an address.
   */
  readonly proveRelations?: (asked: Pick<Understood, 'caller' | 'requestId'>) => Promise<RelationProof | undefined>;
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

/** A judged operation, and the verdicts on each kind of relative that went into it, by `partyKey`. */
interface Judged {
  readonly judgement: Judgement;
  readonly parties: ReadonlyMap<string, readonly Verdict[]>;
}

/** What is known of one graph; thrown away whole with it. */
interface Knowledge {
  readonly needs: FieldNeeds;
  readonly readings: WeakMap<Operation, OperationReading>;
  /** Key: rights, years, addresses, relatives, operation. Rights stand for effective scopes, token, habilitation, purpose, acr and policies. */
  readonly judgements: LRUCache<string, Judged>;
  /** Key: operation, shape: callers with different rights may still ask the same. */
  readonly narrowed: LRUCache<string, Narrowed>;
}

const NO_POLICY: ReadonlySet<string> = new Set<string>();

export function createDecide(powers: DecidePowers): Decide {
  const rightsOf = createRightsRegister();
  const openYears = createOpenYears(powers.clock);
  const byGraph = new WeakMap<Graph, Knowledge>();

  const readingOf = ({ graph, operation }: Understood): { knowledge: Knowledge; reading: OperationReading } => {
    let knowledge = byGraph.get(graph);
    if (!knowledge) byGraph.set(graph, (knowledge = emptyKnowledge(graph, powers.cacheBytes ?? 64_000_000)));
    let reading = knowledge.readings.get(operation);
    if (!reading) knowledge.readings.set(operation, (reading = readOperation(operation, graph, knowledge.needs)));
    return { knowledge, reading };
  };

  const conclude = (
    understood: Understood,
    open: ScopeSet,
    ledgerVersion: number | undefined,
    { proof, words, supposed, addresses }: Heard,
  ): Decided => {
    const { caller, graph, operation } = understood;
    const rights = rightsOf(caller, open, powers.metPolicies?.(caller) ?? NO_POLICY);
    const { knowledge, reading } = readingOf(understood);
    const years =
      reading.years.length === 0 ? NO_YEARS : yearNeeds(reading.years, understood.coercedVariables, openYears());
    // Policies are about the caller: nobody meets one for a relative.
    const toParty = (role: Party['role'], theirs: ScopeSet | undefined): Party => {
      return { role, rights: theirs && rightsOf(caller, theirs, NO_POLICY) };
    };
    const parties = words
      ? words.map(({ relative, open: theirs }) => toParty(relative.role, theirs))
      : supposed?.map((one) => toParty(one.role, one.open));
    const one = { graph, operation, reading, rights, years, addresses };
    const judged = findJudged(knowledge, parties ? { ...one, parties } : one);
    checkMode(understood);
    const { judgement } = judged;
    const decided = { judgement, ledgerVersion, relationProof: proof };
    const theirs = parties?.map((party) => ({ ...party, verdicts: judged.parties.get(partyKey(party))! }));
    if (!theirs || !words || !proof) return advance(understood, { ...decided, relatives: undefined, supposed: theirs });
    const bySubject = new Map(
      theirs.map(({ verdicts, rights: each }, at): [SubjectKey, Relative] => {
        const { relative } = words[at]!;
        return [relative.subject, { ...relative, verdicts, effectiveScopes: each?.effectiveScopes ?? NOTHING }];
      }),
    );
    const callersVerdicts = judged.parties.get(CALLER_PARTY)!;
    return advance(understood, { ...decided, relatives: { bySubject, callersVerdicts, proof } });
  };

  /** At once when everything is in memory, as it is when a decision is looked at again. */
  const concludeWithProof = (
    understood: Understood,
    own: OpenConsents | undefined,
    ledgerVersion: number | undefined,
    proof: RelationProof | undefined,
  ): Decided | Promise<Decided> => {
    const { caller } = understood;
    const open = openTo(caller, own);
    const addresses = addressesUnder(proof);
    // What is not known of others stays closed, the caller's own is served. For an address alone nobody else is looked at.
    if (!proof || !readingOf(understood).reading.reachesRelatives) {
      return conclude(understood, open, ledgerVersion, { proof, words: undefined, addresses });
    }
    const words = hearRelatives(caller, own, proof, powers);
    return words instanceof Promise
      ? words.then((heard) => conclude(understood, open, ledgerVersion, { proof, words: heard, addresses }))
      : conclude(understood, open, ledgerVersion, { proof, words, addresses });
  };

  const prove = powers.proveRelations;
  /** A dry run reads nobody, the hub's own proof of who is whose child included. */
  const mayProve = ({ mode }: Understood): boolean => prove !== undefined && mode !== 'dry-run';

  const concludeOne = (
    understood: Understood,
    own: OpenConsents | undefined,
    ledgerVersion: number | undefined,
  ): Decided | Promise<Decided> => {
    const { reading } = readingOf(understood);
    if (understood.mode === 'dry-run' && reading.reachesRelatives) {
      const supposed = supposeRelatives(understood.caller, own);
      return conclude(understood, openTo(understood.caller, own), ledgerVersion, { ...NO_PROOF_NEEDED, supposed });
    }
    const needsProof = mayProve(understood) && (reading.reachesRelatives || reading.reachesAddresses);
    if (!needsProof) {
      return conclude(understood, openTo(understood.caller, own), ledgerVersion, NO_PROOF_NEEDED);
    }
    // A decision that is looked at again rests on the proof it had.
    if (isDecided(understood)) return concludeWithProof(understood, own, ledgerVersion, understood.relationProof);
    if (!reading.reachesRelatives) {
      const decided = conclude(understood, openTo(understood.caller, own), ledgerVersion, NO_PROOF_NEEDED);
      // Where no address would be served nobody's family is asked about.
      if (!reading.fields.some(({ tellsAddress, field }) => tellsAddress && isAllowed(decided, field))) return decided;
    }
    return prove!(understood).then((proof) => concludeWithProof(understood, own, ledgerVersion, proof));
  };

  return (understood) => {
    const { caller } = understood;
    const version = powers.ledgerVersion?.();
    if (readsByRightOfAccess(caller)) return concludeOne(understood, undefined, version);
    const own = powers.openConsents(caller.subject, caller.service.clientId, caller.purpose.name);
    return own instanceof Promise
      ? own.then((open) => concludeOne(understood, open, version))
      : concludeOne(understood, own, version);
  };
}

function openTo({ habilitation }: Caller, own: OpenConsents | undefined): ScopeSet {
  return own ? own.scopes : habilitation.scopes;
}

function isAllowed({ judgement }: Decided, { index }: OperationField): boolean {
  return judgement.verdicts[index]!.allowed;
}

/** What the caller's relatives, or those who speak for them, have said. */
interface Heard {
  readonly proof: RelationProof | undefined;
  /** Undefined where no relative is known, or none is asked for. */
  readonly words: readonly RelativesWord[] | undefined;
  /** In place of them, in a dry run. */
  readonly supposed?: readonly SupposedWord[];
  readonly addresses: Addresses;
}

const NO_PROOF_NEEDED: Heard = { proof: undefined, words: undefined, addresses: 'SERVED' };

function isDecided(understood: Understood): understood is Decided {
  return 'judgement' in understood;
}

function emptyKnowledge(graph: Graph, cacheBytes: number): Knowledge {
  return {
    needs: createFieldNeeds(graph),
    readings: new WeakMap(),
    judgements: new LRUCache({ maxSize: cacheBytes / 2, sizeCalculation: sizeOf }),
    narrowed: new LRUCache({ maxSize: cacheBytes / 2 }),
  };
}

/** Verdicts of one judgement are 60 bytes each, those of each kind of relative as much again. */
function sizeOf({ judgement, parties }: Judged): number {
  return 500 + 60 * judgement.verdicts.length * (1 + parties.size);
}

interface Party {
  readonly role: ProvenRelative['role'];
  /** Undefined: nobody may speak for them. */
  readonly rights: Rights | undefined;
}

interface Case {
  readonly graph: Graph;
  readonly operation: Operation;
  readonly reading: OperationReading;
  readonly rights: Rights;
  readonly years: readonly YearNeed[];
  readonly addresses: Addresses;
  /** There when the relatives are known, be they none. */
  readonly parties?: readonly Party[];
}

const NO_YEARS: readonly YearNeed[] = [];
const NOTHING: ScopeSet = new Set<ScopeName>();

/** Relatives of one role and equal rights are judged once. */
function partyKey({ role, rights }: Party): string {
  return role + (rights?.id ?? '');
}

const CALLER_PARTY = 'SELF';

function findJudged(knowledge: Knowledge, one: Case): Judged {
  const met = one.parties ? [...new Set(one.parties.map(partyKey))].sort().join() : '-';
  const key = `${one.rights.id}${yearsKey(one.years)}${one.addresses}:${met}:${one.operation.hash}`;
  const found = knowledge.judgements.get(key);
  if (found) return found;
  const parties = judgeParties(one);
  const judged = { judgement: toJudgement(knowledge, one, parties), parties };
  knowledge.judgements.set(key, judged);
  return judged;
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

function toJudgement(knowledge: Knowledge, one: Case, parties: Judged['parties']): Judgement {
  const { graph, operation, reading, rights } = one;
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
    ...findNarrowed(knowledge, graph, operation, shape, verdicts),
    effectiveScopes: rights.effectiveScopes,
    inFileScopes: rights.inFileScopes,
    refusedCount,
  };
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
  const narrowedHash = narrowedHashOf(operation, shape, graph);
  knowledge.narrowed.set(key, { narrowed, narrowedHash }, { size: 500 + 400 * operation.fields.length });
  return { narrowed, narrowedHash };
}

function checkMode({ mode, operator, caller }: Understood): void {
  if (mode === 'dry-run' && !operator && !caller.service.testClient) throw new HubError('HUB_REQUEST_MODE_UNKNOWN');
}
