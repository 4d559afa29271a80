import type { SubjectKey } from '../platform/ids.ts';
import { createWatchers } from '../platform/watchers.ts';
import type { RunningConsentLedger } from '../registers/consent/consentLedger.ts';
import { entryOf } from '../registers/consent/face.ts';
import type { MoveReference, MoveRegister } from '../registers/moves/move.ts';
import { readMoveReference } from '../registers/moves/moveReference.ts';
import type { StreamSource } from '../request/stream/source.ts';

export interface StreamRegisters {
  readonly ledger: Pick<RunningConsentLedger, 'version' | 'holdsLease' | 'watch'>;
  readonly moves: Pick<MoveRegister, 'onMoveChanged' | 'find'>;
}

/** Which register tells of which root field. */
export function createStreamSources({ ledger, moves }: StreamRegisters): ReadonlyMap<string, StreamSource> {
  const { watchMove, watchApplied } = createMoveWatchers(moves);
  return new Map<string, StreamSource>([
    [
      'consentChanged',
      { watch: ({ caller }, tell) => ledger.watch(caller.subject, (change) => tell(change && entryOf(change))) },
    ],
    [
      'subjectChanged',
      {
        restsOnConsent: true,
        watch({ caller: { subject, service, purpose } }, tell) {
          const ends = [
            ledger.watch(subject, (change) => {
              const isOurs = change?.clientId === service.clientId && change.purpose === purpose.name;
              if (change === undefined || isOurs) tell(change && CONSENT);
            }),
            watchApplied(subject, tell),
          ];
          return () => ends.forEach((end) => end());
        },
      },
    ],
    [
      'moveUpdated',
      {
        watch({ arguments: { reference } }, tell) {
          const read = readMoveReference(String(reference));
          return read === undefined ? () => undefined : watchMove(read as MoveReference, tell);
        },
      },
    ],
  ]);
}

/** No agency is called so: the consent itself has changed, and what it opens is told at each event. */
const CONSENT = 'consent';

/** One listener for all streams, which are found by what they follow. */
function createMoveWatchers(moves: StreamRegisters['moves']) {
  const byReference = createWatchers<MoveReference, MoveReference>();
  const bySubject = createWatchers<SubjectKey, string>();

  /** A move that an agency has applied has changed what it knows of those who moved. */
  async function tellApplied(reference: MoveReference, subjects: readonly SubjectKey[]): Promise<void> {
    const move = await moves.find(reference);
    const moved = (subject: SubjectKey) =>
      move?.declarant === subject || move?.members.some((one) => one.subject === subject && one.state === 'INCLUDED');
    for (const { agency, status } of move?.deliveries ?? []) {
      if (status !== 'DONE') continue;
      for (const subject of subjects) if (moved(subject) === true) bySubject.tell(subject, agency);
    }
  }

  // As long as the gateway runs.
  moves.onMoveChanged((change) => {
    if (change === undefined) {
      byReference.tellAll();
      bySubject.tellAll();
      return;
    }
    const { reference, subjects } = change;
    byReference.tell(reference, reference);
    // When it can't be read, anything may have been applied.
    tellApplied(reference, subjects).catch(() => bySubject.tellAll());
  });
  return { watchMove: byReference.watch, watchApplied: bySubject.watch };
}
