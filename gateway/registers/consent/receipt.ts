import type { LegalBasis } from '../../../schema/purposes.ts';
import { findScope } from '../../../schema/scopes.ts';
import type { Consent, ConsentAct } from './consent.ts';

/** A party as a receipt names it. */
export interface ReceiptService {
  readonly name: string;
  readonly siret: string;
  readonly address?: string | undefined;
  readonly contact?: string | undefined;
}

/** What a receipt says beside the ledger's own entry. */
export interface ReceiptFacts {
  readonly service: ReceiptService;
  /** What people read of the purpose, in French: the language of the procedure. */
  readonly purposeLabel: string;
  /** The reference by which that service knows the person: nobody else can link it. */
  readonly principalId: string;
  /** Months; undefined when no habilitation said so on the day of the act. */
  readonly retentionMonths: number | undefined;
  readonly portalUrl: string;
}

const UNKNOWN = 'non communiqué';

/**
 * A consent record of ISO/IEC TS 27560:2023 (DOMAIN 2.7) of all that happened to a consent up to now, for its receipt. It is made from the
 * ledger's rows whenever it is asked for, so that none can be lost, and the last act's is the copy of them all. Under L114-8 it is the record of a
 * notice that can be objected to, and not of a consent. Holds categories of data, never a value.
 */
export function buildReceipt(consent: Consent, facts: ReceiptFacts): object {
  const { service, portalUrl } = facts;
  const isNotice = consent.kind === 'NOTICE';
  return {
    schema_version: 'ISO/IEC TS 27560:2023',
    receipt_id: `${consent.id}.${consent.acts.length}`,
    record_id: consent.id,
    pii_principal_id: facts.principalId,
    pii_processing: {
      privacy_notice: `${portalUrl}/consents/${consent.id}`,
      language: 'fr',
      purpose: facts.purposeLabel,
      purpose_type: consent.purpose,
      lawful_basis: LAWFUL_BASIS[consent.legalBasis],
      pii_information: consent.scopes.map((scope) => ({
        pii_type: findScope(scope)?.label.fr ?? scope,
        pii_attribute_id: scope,
        pii_optional: !isNotice,
        collection_method: `hub:${findScope(scope)?.holder ?? 'unknown'}`,
      })),
      pii_controllers: [service.siret],
      // The hub hands data on and keeps none: they lie with the body that asked for them.
      storage_locations: [`party:${service.siret}`],
      retention_period: facts.retentionMonths === undefined ? UNKNOWN : `P${facts.retentionMonths}M`,
      jurisdiction: 'FR',
      recipient_third_parties: [],
      withdrawal_method: isNotice ? 'objection' : 'withdrawal',
      withdrawal_url: `${portalUrl}/consents`,
      service: service.name,
    },
    parties: [
      {
        party_id: service.siret,
        party_name: service.name,
        party_address: service.address ?? UNKNOWN,
        party_contact: service.contact ?? UNKNOWN,
        party_type: 'organisation',
        party_role: 'controller',
      },
      { party_id: facts.principalId, party_type: 'person', party_role: 'pii_principal' },
    ],
    events: consent.acts.map((act) => toEvent(act, facts, isNotice)),
  };
}

const LAWFUL_BASIS: Readonly<Record<LegalBasis, string>> = {
  INFORMATION_L114_8: 'CRPA L114-8',
  CONSENT_RGPD_6_1_A: 'RGPD 6(1)(a)',
  RIGHT_OF_ACCESS_RGPD_15: 'RGPD 15',
  HUB_OPERATION: 'RGPD 6(1)(e)',
};

function toEvent(
  { type, at, expiresAt, scopes }: ConsentAct,
  { principalId, service }: ReceiptFacts,
  isNotice: boolean,
) {
  return {
    event_time: at,
    // A service asks; whatever else happens is the person's doing.
    entity_id: type === 'REQUESTED' ? service.siret : principalId,
    event_type: isNotice ? 'notice' : 'explicit',
    event_state: type.toLowerCase(),
    validity_duration: `PT${Math.max(0, Math.round((Date.parse(expiresAt) - Date.parse(at)) / 1000))}S`,
    pii_attribute_ids: scopes,
  };
}
