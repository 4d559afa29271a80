import { type Acr, ACR_LEVELS } from '../../../schema/acr.ts';
import { type LegalBasis, findPurpose } from '../../../schema/purposes.ts';
import { expandScopes, findScope } from '../../../schema/scopes.ts';
import { HubError } from '../../platform/errors.ts';
import type { ClientId } from '../../platform/ids.ts';
import type { HabilitationTerms } from './habilitationRequest.ts';

/** As it comes from the graph. */
export interface HabilitationInput {
  readonly clientId: string;
  readonly purpose: string;
  readonly scopes: readonly { readonly name: string; readonly justification: string }[];
  readonly legalBasis: LegalBasis;
  readonly legalText: string;
  readonly legalUrl: string;
  readonly retentionMonths: number;
  readonly retentionJustification?: string | null;
  readonly minimumAcr: Uppercase<Acr>;
  readonly callsPerMinute: number;
  /** Days in Paris, `YYYY-MM-DD`. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly dpoContact: string;
}

/** The hub's own procedures: nobody applies for them. */
const RESERVED_PURPOSES = new Set(['my-data', 'relation-proof']);
const LONG_RETENTION_MONTHS = 36;
const MAX_RETENTION_MONTHS = 120;
const MAX_YEARS = 5;
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@]{2,}$/;

/** What is asked, as it may be examined. Throws HubError HUB_HABILITATION_INPUT_INVALID with `detailKey`, the input field at fault. */
export function checkHabilitationInput(input: HabilitationInput, today: string): HabilitationTerms {
  const { purpose, legalBasis, retentionMonths, firstDay, lastDay } = input;
  if (findPurpose(purpose) === undefined || RESERVED_PURPOSES.has(purpose)) throw invalid('purpose');
  const names = input.scopes.map(({ name }) => name);
  if (names.length === 0 || new Set(names).size < names.length || !names.every(isAnAgencys)) throw invalid('scopes');
  if (!input.scopes.every(({ justification }) => isText(justification, 10))) throw invalid('justification');
  if (legalBasis !== 'INFORMATION_L114_8' && legalBasis !== 'CONSENT_RGPD_6_1_A') throw invalid('legalBasis');
  if (!isText(input.legalText, 3)) throw invalid('legalText');
  if (!isHttps(input.legalUrl)) throw invalid('legalUrl');
  if (retentionMonths < 0 || retentionMonths > MAX_RETENTION_MONTHS) throw invalid('retentionMonths');
  const why = input.retentionJustification ?? undefined;
  if (retentionMonths > LONG_RETENTION_MONTHS && !isText(why, 10)) throw invalid('retentionJustification');
  if (input.callsPerMinute < 1 || input.callsPerMinute > 6000) throw invalid('callsPerMinute');
  if (lastDay < firstDay || lastDay < today || lastDay > yearsAfter(firstDay, MAX_YEARS)) throw invalid('lastDay');
  if (!EMAIL.test(input.dpoContact)) throw invalid('dpoContact');
  return {
    clientId: input.clientId as ClientId,
    purpose,
    scopes: names,
    legalBasis,
    retentionMonths,
    minimumAcr: ACR_LEVELS.find((level) => level.toUpperCase() === input.minimumAcr)!,
    firstDay,
    lastDay,
    file: {
      justifications: Object.fromEntries(input.scopes.map(({ name, justification }) => [name, justification.trim()])),
      legalText: input.legalText.trim(),
      legalUrl: input.legalUrl,
      ...(why !== undefined && { retentionJustification: why.trim() }),
      callsPerMinute: input.callsPerMinute,
      dpoContact: input.dpoContact,
    },
  };
}

export interface ServiceInput {
  readonly clientId: string;
  readonly name: string;
  readonly siret: string;
  readonly address: string;
  readonly contact: string;
  readonly franceConnectClientId?: string | null;
}

/** Throws HubError HUB_SERVICE_INPUT_INVALID with `detailKey`, the input field at fault. */
export function checkServiceInput(input: ServiceInput): void {
  if (!/^[a-z][a-z0-9-]{1,40}$/.test(input.clientId)) throw invalidService('clientId');
  if (!isText(input.name, 3)) throw invalidService('name');
  if (!/^\d{14}$/.test(input.siret)) throw invalidService('siret');
  checkContacts(input);
  const { franceConnectClientId: name } = input;
  if (typeof name === 'string' && !/^[\x21-\x7e]{1,128}$/.test(name)) throw invalidService('franceConnectClientId');
}

export function checkContacts({ address, contact }: Pick<ServiceInput, 'address' | 'contact'>): void {
  if (!isText(address, 5)) throw invalidService('address');
  if (!EMAIL.test(contact)) throw invalidService('contact');
}

/** https, or http on this very machine; without a fragment, which browsers keep to themselves. */
export function checkReturnUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url?.protocol === 'http:' && (url.hostname === '127.0.0.1' || url.hostname === 'localhost');
  const isRight = url !== undefined && (url.protocol === 'https:' || isLocal) && url.hash === '' && url.username === '';
  if (!isRight || text.length > 500) throw invalidService('url');
}

export function invalidService(detailKey: string): HubError {
  return new HubError('HUB_SERVICE_INPUT_INVALID', { extensions: { detailKey } });
}

function invalid(detailKey: string): HubError {
  return new HubError('HUB_HABILITATION_INPUT_INVALID', { extensions: { detailKey } });
}

/** Scopes of the hub itself are the portal's alone, and those for its own questions to an agency (`hub_liens_familiaux`) the hub's. */
function isAnAgencys(name: string): boolean {
  const expanded = [...expandScopes([name])];
  const isHubs = (scope: string) => findScope(scope)!.holder === 'hub' || scope.startsWith('hub_');
  return expanded.length > 0 && !expanded.some(isHubs);
}

function isText(text: string | undefined, minLength: number): boolean {
  const length = text?.trim().length ?? 0;
  return length >= minLength && length <= 2000;
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:' && text.length <= 500;
}

function yearsAfter(day: string, years: number): string {
  return `${Number(day.slice(0, 4)) + years}${day.slice(4)}`;
}
