import type { Generated } from 'kysely';
import type { HabilitationActType } from './habilitationRequest.ts';
import type { ServiceActType } from './serviceActStore.ts';

/** Columns as in platform/database/migrations; `scopes` is written as JSON text and read as a list. */
export interface HabilitationTables {
  services: { client_id: string; name: string; siret: string; address: string | null; contact: string | null };
  service_credentials: { issuer: string; credential_client_id: string; client_id: string };
  service_return_urls: { client_id: string; url: string };
  habilitations: {
    id: string;
    version: number;
    client_id: string;
    purpose: string;
    scopes: string;
    legal_basis: string;
    retention_months: number;
    minimum_acr: string;
    first_day: string;
    last_day: string;
  };
  habilitation_acts: {
    act_id: Generated<number>;
    habilitation_id: string;
    type: HabilitationActType;
    at: string;
    actor: string;
    terms: string | null;
    reason: string | null;
  };
  service_acts: {
    act_id: Generated<number>;
    client_id: string;
    type: ServiceActType;
    at: string;
    actor: string;
    about: string | null;
  };
}
