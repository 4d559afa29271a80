import { dayInParis } from '../../../schema/parisCalendar.ts';
import { fromDeclared, toAddressColumns } from '../addressTables.ts';
import type { ReceivedMove } from './handler.ts';

/** What an agency's table keeps of a move beside whose it is: the delivery and its order, when it was said, from when on it counts, and where to. */
export function toMoveColumns(
  move: Pick<ReceivedMove<never>, 'delivery' | 'sequence' | 'declaredAt' | 'effectiveDate' | 'newAddress'>,
) {
  return {
    delivery: move.delivery,
    sequence: move.sequence,
    declared_on: dayInParis(Date.parse(move.declaredAt)),
    // Both are among the fields that the manifests of those who keep them name.
    effective_on: move.effectiveDate!,
    ...toAddressColumns(fromDeclared(move.newAddress!)),
  };
}
