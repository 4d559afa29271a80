import type { Database } from '../../gateway/platform/database/database.ts';
import type { HabilitationTerms } from '../../gateway/registers/habilitation/habilitationRequest.ts';
import { openHabilitationRegister } from '../../gateway/registers/habilitation/habilitationRegister.ts';
import type { HabilitationTables } from '../../gateway/registers/habilitation/habilitationTables.ts';

const INSTRUCTOR = { agent: 'instructor', siret: '99900000000001', role: 'instructor' } as const;

/**
 * A habilitation on other terms, by the acts of its applicant and an instructor, as on another node: a running hub hears of it, which may take a
 * moment.
 */
export async function reapprove(
  database: Database,
  id: string,
  change: (terms: HabilitationTerms) => Partial<HabilitationTerms>,
): Promise<void> {
  const register = await openHabilitationRegister(await database.forOwner<HabilitationTables>('hub'), { database });
  const { terms } = (await register.findRequest(id))!;
  const { siret } = register.getService(terms.clientId)!;
  const actor = { agent: 'applicant', siret, role: 'applicant' } as const;
  await register.act(id, { type: 'REOPENED', actor });
  await register.act(id, { type: 'DRAFTED', actor, terms: { ...terms, ...change(terms) } });
  await register.act(id, { type: 'SUBMITTED', actor });
  await register.act(id, { type: 'VALIDATED', actor: INSTRUCTOR });
  await register.close();
}
