import type { AgencyId, Reference, SubjectKey } from '../../platform/ids.ts';
import type { Refusal } from '../exchange.ts';

/**
 * Who is who in one request. Inside the engine a person is a SubjectKey; an agency and a service each know another reference.
 * Identity and consent plug in here.
 */
export interface PersonDesk {
  readonly caller: SubjectKey;
  /** May this subject be named to the agency in fetch number `fetchIndex` of the program? undefined = yes. */
  judge(subject: SubjectKey, agency: AgencyId, fetchIndex: number): Refusal | undefined;
  toAgency(subject: SubjectKey, agency: AgencyId): Reference;
  /** undefined = a person unknown to the hub. */
  fromAgency(reference: string, agency: AgencyId): SubjectKey | undefined;
  toService(subject: SubjectKey): Reference;
  /** undefined = nobody this service knows. */
  fromService(reference: string): SubjectKey | undefined;
}
