import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ScopeName } from '../../../schema/scopes.ts';
import { HubError } from '../../platform/errors.ts';
import { advance } from '../advance.ts';
import type { Decided, Graph, Judgement, Office, Operation, Understood, Verdict } from '../exchange.ts';
import { createFieldNeeds, type FieldNeeds } from './fieldNeeds.ts';
import { narrow } from './narrow.ts';
import { readOperation, type FieldReading } from './readOperation.ts';
import { ALLOWED, judgeRule, refuse } from './verdict.ts';

const HUB = 'hub';
const NOTHING: ReadonlySet<ScopeName> = new Set<ScopeName>();
/** Operations of the hub's own pages: a few dozen, each for a few sets of roles. */
const MAX_KEPT = 500;

/** Policies that an office meets, as fields name them: `agent`, `agent:instructor`, `service`. */
export function policiesOf(office: Office): ReadonlySet<string> {
  if (office.kind === 'service') return new Set(['service']);
  return new Set(['agent', ...office.agent.roles.map((role) => `agent:${role}`)]);
}

interface Knowledge {
  readonly needs: FieldNeeds;
  readonly judgements: LRUCache<string, Judgement>;
}

/**
 * Verdicts where no citizen asks. What is anybody's is refused whatever its rule (NOT_AUTHENTICATED), and so is what another agency answers: an office
 * works in the hub's own registers, by the fields whose policies its token meets. No ledger is asked: there is nobody to have consented.
 *
 * Throws HUB_REQUEST_MODE_UNKNOWN for a dry run, which shows what citizens' data would be.
 */
export function createDecideOffice(): (understood: Understood<Office>) => Decided<Office> {
  const byGraph = new WeakMap<Graph, Knowledge>();
  return (understood) => {
    if (understood.mode === 'dry-run') throw new HubError('HUB_REQUEST_MODE_UNKNOWN');
    const { graph, operation, caller } = understood;
    const knowledge = byGraph.get(graph) ?? {
      needs: createFieldNeeds(graph),
      judgements: new LRUCache<string, Judgement>({ max: MAX_KEPT }),
    };
    byGraph.set(graph, knowledge);
    const policies = policiesOf(caller);
    const key = `${operation.hash} ${JSON.stringify([...policies].sort())}`;
    const judgement = knowledge.judgements.get(key) ?? toJudgement(graph, operation, knowledge.needs, policies);
    knowledge.judgements.set(key, judgement);
    return advance(understood, { judgement });
  };
}

function toJudgement(
  graph: Graph,
  operation: Operation,
  needs: FieldNeeds,
  metPolicies: ReadonlySet<string>,
): Judgement {
  const reading = readOperation(operation, graph, needs);
  const verdicts: Verdict[] = [];
  for (const [index, field] of reading.fields.entries()) {
    const above = field.parent && verdicts[field.parent.field.index]!;
    const isHubs = reading.agencies[index] === HUB;
    verdicts.push(above?.allowed === false ? above : judgeField(field, isHubs, metPolicies));
  }
  const refusedCount = verdicts.filter((verdict) => !verdict.allowed).length;
  const shape = refusedCount === 0 ? 'all' : verdicts.map(({ allowed }) => (allowed ? 1 : 0)).join('');
  const hashed = `${operation.hash}:office:${shape}:${graph.version}`;
  return {
    operation,
    shape,
    verdicts,
    subjects: reading.subjects,
    agencies: reading.agencies,
    scopes: verdicts.map(() => undefined),
    narrowed:
      refusedCount === 0
        ? operation.document
        : narrow(operation, (field) => verdicts[field.index]!.allowed, graph.apiSchema),
    narrowedHash: createHash('sha256').update(hashed).digest('base64url'),
    effectiveScopes: NOTHING,
    inFileScopes: NOTHING,
    refusedCount,
  };
}

function judgeField(
  { slot, standing, need, year }: FieldReading,
  isHubs: boolean,
  metPolicies: ReadonlySet<string>,
): Verdict {
  if (slot.kind !== 'NONE' || standing === 'STRANGER' || !isHubs) return refuse('NOT_AUTHENTICATED', 'SELF');
  if (standing === 'UNRULED' || year) return refuse('NO_RULE', 'SELF');
  if (standing === 'OPEN') return ALLOWED;
  return judgeRule(need.rule, undefined, { ...NO_RIGHTS, metPolicies }, 'SELF');
}

const NO_RIGHTS = {
  id: 0,
  habilitationScopes: NOTHING,
  tokenScopes: NOTHING,
  effectiveScopes: NOTHING,
  inFileScopes: NOTHING,
  coversFile: false,
  acr: 'eidas1',
  minimumAcr: 'eidas1',
} as const;
