import type { PurposeName } from '../../../schema/purposes.ts';
import type { AgencyId, ClientId } from '../../platform/ids.ts';
import { type FacePerson, type LabelArguments, type OpenSubject, labelIn } from '../faceContext.ts';
import type { AccessLog, AccessRecord } from './accessRecord.ts';
import { writeCursor } from './recordCursor.ts';

/** How agencies are called for people; `hub` is the hub itself. */
export type AgencyLabels = ReadonlyMap<string, { readonly fr: string; readonly en: string }>;

export interface AccessFacePowers {
  readonly accessLog: AccessLog;
  readonly openSubject: OpenSubject;
  readonly agencyLabels: AgencyLabels;
  readonly serviceOf: (clientId: ClientId) => unknown;
  readonly purposeOf: (name: PurposeName) => unknown;
}

const HUB_LABEL = { fr: 'Trait d’Union', en: 'Trait d’Union' };

/** `Citizen.accessLog`. */
export function createAccessFace({ accessLog, openSubject, agencyLabels, serviceOf, purposeOf }: AccessFacePowers) {
  function agencyOf(id: AgencyId): { readonly id: AgencyId; readonly name: (args: LabelArguments) => string } {
    const label = id === 'hub' ? HUB_LABEL : (agencyLabels.get(id) ?? { fr: id, en: id });
    return { id, name: labelIn(label) };
  }

  function toGraph(record: AccessRecord) {
    const { id, at, role, fields } = record;
    return {
      ...{ id, at, role, fields },
      service: serviceOf(record.clientId),
      agency: agencyOf(record.agency),
      purpose: purposeOf(record.purpose),
    };
  }

  return {
    Citizen: {
      async accessLog(person: FacePerson, page: { readonly first: number | null; readonly after?: string | null }) {
        const subject = openSubject(person.subject!.reference);
        const { first, after } = { first: page.first ?? 20, after: page.after ?? undefined };
        const found = await accessLog.list(subject, { first, ...(after !== undefined && { after }) });
        const edges = found.records.map((record) => ({ cursor: writeCursor(record.place), node: toGraph(record) }));
        return {
          edges,
          nodes: edges.map((edge) => edge.node),
          pageInfo: { hasNextPage: found.hasNextPage, endCursor: found.endCursor },
        };
      },
    },
  };
}
