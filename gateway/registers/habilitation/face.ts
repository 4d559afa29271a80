import { type PurposeName, findPurpose } from '../../../schema/purposes.ts';
import type { ClientId } from '../../platform/ids.ts';
import { labelIn } from '../faceContext.ts';
import type { HabilitationRegister, Service } from './habilitation.ts';

/** What the graph says of services and purposes; used by the other registers' faces through hubSubgraph.ts. */
export interface HabilitationFace {
  /** A service that is registered no more keeps its client id for a name: old records still say who asked. */
  serviceOf(clientId: ClientId): Pick<Service, 'clientId' | 'name' | 'siret'>;
  purposeOf(name: PurposeName): { readonly name: PurposeName; readonly label: ReturnType<typeof labelIn> };
}

const NO_SIRET = '00000000000000';

export function createHabilitationFace(register: HabilitationRegister): HabilitationFace {
  return {
    serviceOf: (clientId) => register.getService(clientId) ?? unknownService(clientId),
    purposeOf: (name) => ({ name, label: labelIn(findPurpose(name)?.label ?? { fr: name, en: name }) }),
  };
}

/** Stands for a service that is registered no more. */
export function unknownService(clientId: ClientId): Omit<Service, 'credentials'> {
  return { clientId, name: clientId, siret: NO_SIRET };
}
