import type { Acr } from '../../../schema/acr.ts';
import type { LegalBasis, PurposeName } from '../../../schema/purposes.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { ClientId } from '../../platform/ids.ts';

/** The consumer: a procedure's front end. */
export interface Service {
  readonly clientId: ClientId;
  readonly name: string;
  /** Fourteen digits; for the public body that uses the data, not for its software vendor. */
  readonly siret: string;
  /** Postal address, and where to write about one's data: what a receipt must name (ISO/IEC TS 27560). */
  readonly address?: string;
  readonly contact?: string;
  readonly credentials: readonly { readonly issuer: string; readonly clientId: string }[];
  /** Where citizens may be sent back to after they answered its request; compared letter by letter. */
  readonly returnUrls?: readonly string[];
  /** A service's client for trying things out: may ask for verdicts without reads (`Hub-Mode: dry-run`). */
  readonly testClient?: boolean;
}

/** What a service has been approved to ask, for one purpose. */
export interface Habilitation {
  readonly id: string;
  readonly version: number;
  readonly clientId: ClientId;
  readonly purpose: PurposeName;
  /** Groups and aliases already expanded. */
  readonly scopes: ReadonlySet<ScopeName>;
  readonly legalBasis: LegalBasis;
  readonly retentionMonths: number;
  readonly minimumAcr: Acr;
  /** First and last day of validity in Paris, `YYYY-MM-DD`, both included. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** What the service may call, for this purpose; absent in what no request was kept of. */
  readonly callsPerMinute?: number;
}

export interface HabilitationRegister {
  /** The service that holds this credential, or undefined. */
  findService(issuer: string, clientId: string): Service | undefined;
  getService(clientId: ClientId): Service | undefined;
  /** The habilitation in force on that day, or undefined. */
  findHabilitation(clientId: ClientId, purpose: PurposeName, dayInParis: string): Habilitation | undefined;
}
