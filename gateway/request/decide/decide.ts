import type { ScopeName } from '../../../schema/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import type { SubjectKey } from '../../platform/ids.ts';
import type { ConsentLedger, OpenConsents } from '../../registers/consent/consent.ts';
import { advance } from '../advance.ts';
import type { Caller, Decided, Graph, OperationField, Relative, RelationProof, Understood } from '../exchange.ts';
import { createOpenYears, yearNeeds } from './incomeYears.ts';
import { CALLER_PARTY, emptyKnowledge, findJudged, partyKey, type Knowledge, type Party } from './judgements.ts';
import { readOperation, type OperationReading } from './readOperation.ts';
import { addressesUnder, type Addresses } from './protection.ts';
import { hearRelatives, supposeRelatives, type RelativesWord, type SupposedWord } from './relatives.ts';
import { createRightsRegister, readsByRightOfAccess, type ScopeSet } from './rights.ts';
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

const NO_YEARS: readonly YearNeed[] = [];
const NOTHING: ScopeSet = new Set<ScopeName>();
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

function checkMode({ mode, operator, caller }: Understood): void {
  if (mode === 'dry-run' && !operator && !caller.service.testClient) throw new HubError('HUB_REQUEST_MODE_UNKNOWN');
}
