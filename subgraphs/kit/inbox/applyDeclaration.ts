import type { TakenDeclaration } from '../../../schema/agencyManifest.ts';
import { MOVE_CANCELLED, NO_FILE } from '../../../schema/declaration.ts';
import type { DeclarationHandler, DeclarationOutcome, DeclarationPowers, ReceivedMove } from './handler.ts';
import type { Movers } from './movers.ts';
import type { OpenedDeclaration } from './openDeclaration.ts';

/**
 * What becomes of one event at the agency. An amendment holds all of the declaration as it stands now: what was applied is taken back and the new state
 * applied, in one transaction. A person whom the file does not hold with certainty is refused here, before the agency's own rules.
 */
export async function applyDeclaration(
  { event, data }: OpenedDeclaration,
  movers: Movers | undefined,
  { handler, takes, powers }: { handler: DeclarationHandler; takes: TakenDeclaration; powers: DeclarationPowers },
): Promise<DeclarationOutcome> {
  await handler.undo(event.subject, powers);
  if (event.type === MOVE_CANCELLED || !movers) return { status: 'DONE' };
  if (!isTaken(movers, takes)) return { status: 'REFUSED', reason: NO_FILE };
  const { effectiveDate, oldAddress, newAddress } = data;
  const move: ReceivedMove = {
    delivery: event.subject,
    sequence: event.sequence,
    declaredAt: event.time,
    ...movers,
    ...(effectiveDate !== undefined && { effectiveDate }),
    ...(oldAddress && { oldAddress }),
    ...(newAddress && { newAddress }),
  };
  return handler.apply(move as ReceivedMove<never>, powers);
}

/** Somebody whom the file holds, or, where everybody is taken, of whom it holds nothing. */
function isTaken({ declarant: { found } }: Movers, { openToAll }: TakenDeclaration): boolean {
  return 'record' in found || (openToAll && found.absent === 'NONE');
}
