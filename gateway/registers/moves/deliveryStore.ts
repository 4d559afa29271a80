import type { Kysely } from '../../platform/database/database.ts';
import type { AgencyId } from '../../platform/ids.ts';
import type { DeliveryReference, MoveReference } from './move.ts';
import type { MoveTables } from './moveTables.ts';

/** A declaration's place at a recipient, where nothing has been said yet. */
export async function insertDelivery(
  db: Kysely<MoveTables>,
  of: {
    readonly delivery: DeliveryReference;
    readonly reference: MoveReference;
    readonly agency: AgencyId;
    readonly at: string;
    readonly promisedDays: number;
  },
): Promise<void> {
  const { delivery, reference, agency, at, promisedDays } = of;
  await db
    .insertInto('move_deliveries')
    .values({
      ...{ delivery, reference, agency, status: 'SENDING', reason: null, status_at: at },
      ...{ current_event: null, sha256: null, promised_days: promisedDays },
    })
    .execute();
}
