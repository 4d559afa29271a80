import type { SubjectKey } from '../platform/ids.ts';
import type { Habilitation } from '../registers/habilitation/habilitation.ts';
import type { SessionParts } from './parts.ts';

/**
 * CRPA L114-8: the citizen is informed, by the hub, when a service first asks for what the law lets it have. The same notice is not given
 * twice, and none to who has objected. Rejects with HubError HUB_LEDGER_UNAVAILABLE: no notice, no token.
 */
export async function giveNotice(
  ledger: Pick<SessionParts['ledger'], 'giveNotice'>,
  subject: SubjectKey,
  habilitation: Habilitation,
): Promise<void> {
  if (habilitation.legalBasis !== 'INFORMATION_L114_8') return;
  await ledger.giveNotice({
    subject,
    clientId: habilitation.clientId,
    purpose: habilitation.purpose,
    legalBasis: habilitation.legalBasis,
    scopes: [...habilitation.scopes],
    // The end of the habilitation's last day in Paris, in winter time: in summer the habilitation itself ends an hour sooner.
    expiresAt: `${habilitation.lastDay}T23:00:00.000Z`,
  });
}
