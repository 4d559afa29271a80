import { expandScopes } from '../../schema/scopes.ts';
import type { Acr } from '../../schema/acr.ts';
import { findPurpose, type LegalBasis, type PurposeName } from '../../schema/purposes.ts';
import type { ClientId, RequestId, SubjectKey } from '../../gateway/platform/ids.ts';
import type { Habilitation } from '../../gateway/registers/habilitation/habilitation.ts';
import type { Caller, Identified, Received } from '../../gateway/request/exchange.ts';

/** A request as the receive step hands it on. */
export function aRequest(query: string, changes: Partial<Received> = {}): Received {
  return {
    requestId: 'req_test' as RequestId,
    receivedAtMs: 0,
    method: 'POST',
    query,
    operationName: undefined,
    variables: {},
    token: undefined,
    purposeHeader: undefined,
    mode: 'partial',
    language: 'fr',
    operator: false,
    responseType: 'application/graphql-response+json',
    signal: new AbortController().signal,
    ...changes,
  };
}

export interface CallerChanges {
  readonly token?: readonly string[];
  readonly habilitation?: readonly string[];
  readonly purpose?: PurposeName;
  readonly legalBasis?: LegalBasis;
  readonly acr?: Acr;
  readonly minimumAcr?: Acr;
}

/** A habilitation that leaves every refusal to the sets behind it; scopes made up for one test are in it, too. */
class EveryScope extends Set<string> {
  override has(): boolean {
    return true;
  }
}

/** A citizen at the service `canteen`, with a token, and a habilitation for every scope unless told otherwise. */
export function aCaller(changes: CallerChanges = {}): Caller {
  const purpose = findPurpose(changes.purpose ?? 'canteen-pricing')!;
  const clientId = 'canteen' as ClientId;
  const habilitation: Habilitation = {
    id: 'hab-1',
    version: 1,
    clientId,
    purpose: purpose.name,
    scopes: changes.habilitation ? scopeSet(changes.habilitation) : new EveryScope(),
    legalBasis: changes.legalBasis ?? 'INFORMATION_L114_8',
    retentionMonths: 12,
    minimumAcr: changes.minimumAcr ?? 'eidas1',
    firstDay: '2020-01-01',
    lastDay: '2099-12-31',
  };
  return {
    subject: 'a'.repeat(30) as SubjectKey,
    pivot: {
      family_name: 'DURAND',
      given_name: 'Ines',
      birthdate: '1990-01-01',
      gender: 'female',
      birthplace: '75107',
      birthcountry: '99100',
    },
    service: { clientId, name: 'Canteen', siret: '99900000000001', credentials: [] },
    purpose,
    habilitation,
    tokenScopes: scopeSet(changes.token ?? []),
    acr: changes.acr ?? 'eidas2',
    tokenExpiresAtMs: Number.MAX_SAFE_INTEGER,
  };
}

/** Scopes of the treaty expanded; those made up for one test stay as they are. */
export function scopeSet(names: readonly string[]): ReadonlySet<string> {
  return new Set([...expandScopes(names), ...names]);
}

export function anIdentifiedRequest(query: string, caller: Caller, changes: Partial<Received> = {}): Identified {
  return { ...aRequest(query, changes), caller };
}
