import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { dayInParis } from '../../../../schema/parisCalendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { AgencyId, ClientId, RequestId, SubjectKey } from '../../../platform/ids.ts';
import type { Log } from '../../../platform/log.ts';
import type { SubjectKeyOf } from '../../../platform/subjectKey.ts';
import type { AccessEntry, AccessLog } from '../../../registers/access/accessRecord.ts';
import type { Habilitation, HabilitationRegister, Service } from '../../../registers/habilitation/habilitation.ts';
import type { Caller, RelationProof } from '../../exchange.ts';
import { RELATION_SCOPE, type AskRelations } from './askRelations.ts';
import { readRelations } from './readRelations.ts';

export interface RelationProofPowers {
  readonly ask: AskRelations;
  readonly habilitations: Pick<HabilitationRegister, 'getService' | 'findHabilitation'>;
  readonly accessLog: Pick<AccessLog, 'append'>;
  readonly subjectKeyOf: SubjectKeyOf;
  readonly clock: Clock;
  readonly log: Log;
}

/** Who somebody's relatives are; undefined when it can't be known now. Never rejects. */
export type RelationProofs = (asked: {
  readonly caller: Pick<Caller, 'subject' | 'pivot' | 'acr'>;
  readonly requestId: RequestId;
}) => Promise<RelationProof | undefined>;

const HUB = 'hub' as ClientId;
const PURPOSE = 'relation-proof';
const CIVIL_STATUS = 'civil-status' as AgencyId;
/** DESIGN, "Relatives": long enough for the requests of one form, short enough that a register's change is seen at once. */
const KEPT_MS = 60_000;
/** About 2 kB each; whoever is asked about again after that is read again. */
const MAX_KEPT = 10_000;

interface Kept {
  readonly untilMs: number;
  readonly proof: Promise<RelationProof | undefined>;
}

/**
 * The hub's own question to civil status, before it decides about relatives: as client `hub`, under its own habilitation for `relation-proof`,
 * written to the log of everybody named (role SYSTEM) before anything rests on it. Requests of one caller share a reading; one that failed is not kept.
 */
export function createRelationProofs(powers: RelationProofPowers): RelationProofs {
  const kept = new LRUCache<SubjectKey, Kept>({ max: MAX_KEPT });
  const { clock } = powers;

  return ({ caller, requestId }) => {
    const known = kept.get(caller.subject);
    if (known && clock() < known.untilMs) return known.proof;
    const reading: Kept = { untilMs: clock() + KEPT_MS, proof: prove(caller, requestId, powers) };
    kept.set(caller.subject, reading);
    void reading.proof.then((proof) => {
      if (proof === undefined && kept.get(caller.subject) === reading) kept.delete(caller.subject);
    });
    return reading.proof;
  };
}

async function prove(
  caller: Parameters<RelationProofs>[0]['caller'],
  requestId: RequestId,
  powers: RelationProofPowers,
): Promise<RelationProof | undefined> {
  const { habilitations, clock, log } = powers;
  try {
    const askedAtMs = clock();
    const provenOn = dayInParis(askedAtMs);
    const service = habilitations.getService(HUB);
    const habilitation = habilitations.findHabilitation(HUB, PURPOSE, provenOn);
    if (!service || !habilitation?.scopes.has(RELATION_SCOPE)) {
      log.error({ requestId }, 'the hub has no habilitation for relation proofs: no relative is known');
      return undefined;
    }
    const answer = await powers.ask({ caller, requestId, service, purpose: PURPOSE });
    const proof = { id: `rel_${randomUUID()}`, provenOn, relatives: readRelations(answer, powers.subjectKeyOf) };
    await powers.accessLog.append(toEntries(proof, { caller, requestId, askedAtMs, service, habilitation }));
    return proof;
  } catch (cause) {
    // Civil status, our reading of it or the log does not answer: nobody is anybody's relative, and what is the caller's own goes its way.
    log.warn({ requestId, cause: cause instanceof Error ? cause.name : 'unknown' }, 'no relation proof');
    return undefined;
  }
}

/** One record for the caller and for each relative who may know of it: the dead read no log, and the protected are in nobody's. */
function toEntries(
  { relatives }: RelationProof,
  by: {
    readonly caller: Parameters<RelationProofs>[0]['caller'];
    readonly requestId: RequestId;
    readonly askedAtMs: number;
    readonly service: Service;
    readonly habilitation: Habilitation;
  },
): AccessEntry[] {
  const { caller, requestId, askedAtMs, service, habilitation } = by;
  const named = relatives.filter(({ standing }) => standing === 'PRESENT').map(({ subject }) => subject);
  return [caller.subject, ...new Set(named)].map((subject) => ({
    requestId,
    at: new Date(askedAtMs).toISOString(),
    subject,
    actor: caller.subject,
    role: 'SYSTEM',
    clientId: service.clientId,
    agency: CIVIL_STATUS,
    purpose: PURPOSE,
    legalBasis: habilitation.legalBasis,
    habilitationId: habilitation.id,
    acr: caller.acr,
    fields: [{ coordinate: 'Citizen.relationProof', scope: RELATION_SCOPE, outcome: 'DELIVERED' }],
  }));
}
