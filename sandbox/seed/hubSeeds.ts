import { getPerson, type France } from './france.ts';
import { pivotOf, type MovingDate, type PersonId } from './people.ts';
import { SERVICES, getService } from './services.ts';

/** Stands where the sandbox's issuer goes, which is known when the identity provider listens. */
export const SANDBOX_ISSUER = '$sandboxIssuer';

/** The same of the issuer of agents. */
export const SANDBOX_AGENT_ISSUER = '$sandboxAgentIssuer';

/** The hub's pages for administrations: agents come through them, no citizen does. */
const AGENCY_PORTAL = {
  clientId: 'agency-portal',
  name: 'Trait d’Union, espace des administrations',
  siret: getService('portal').siret,
  address: 'place de la Mairie, 99999 Villeneuve-les-Essais',
  contact: 'habilitations@trait-dunion.example',
  credentials: [{ issuer: SANDBOX_AGENT_ISSUER, clientId: 'agency-portal' }],
  returnUrls: [],
};

interface StartingConsent {
  readonly person: PersonId;
  readonly clientId: string;
  readonly status: 'ACTIVE' | 'WITHDRAWN' | 'OBJECTED' | 'EXPIRED';
  /** All that the service's habilitation holds, unless said otherwise. */
  readonly scopes?: readonly string[];
  /** Said for these minors, and not for oneself. */
  readonly forChildren?: readonly PersonId[];
  /** Said for the form of a partner, so that it is a consent whatever the service's legal basis is. */
  readonly askedBy?: PersonId;
}

/** What citizens said before the sandbox opens. Who is not here has said nothing. */
export const STARTING_CONSENTS: readonly StartingConsent[] = [
  { person: 'dupont-paul', clientId: 'canteen', status: 'ACTIVE' },
  { person: 'dupont-paul', clientId: 'creche', status: 'ACTIVE' },
  { person: 'dupont-paul', clientId: 'library', status: 'ACTIVE' },
  { person: 'commode-cindy', clientId: 'canteen', status: 'ACTIVE' },
  { person: 'commode-cindy', clientId: 'creche', status: 'WITHDRAWN' },
  { person: 'delalalalande-emmanuel', clientId: 'canteen', status: 'ACTIVE' },
  { person: 'delalalalande-emmanuel', clientId: 'creche', status: 'EXPIRED' },
  { person: 'giraud-anne', clientId: 'creche', status: 'ACTIVE', scopes: ['identite_pivot', 'cnaf_quotient_familial'] },
  { person: 'simpson-marge', clientId: 'canteen', status: 'OBJECTED' },
  { person: 'trois-dupre-melissandre', clientId: 'housing', status: 'ACTIVE' },
  { person: 'placard-elsa', clientId: 'housing', status: 'ACTIVE' },
  { person: 'fakir-eymen', clientId: 'housing', status: 'ACTIVE' },
  { person: 'lefebvre-alexis', clientId: 'canteen', status: 'ACTIVE' },
  { person: 'dubois-angela', clientId: 'housing', status: 'ACTIVE' },
  { person: 'delatour-thomas', clientId: 'canteen', status: 'ACTIVE' },
  { person: 'delatour-thomas', clientId: 'parking', status: 'ACTIVE' },
  { person: 'martin-jean', clientId: 'housing', status: 'ACTIVE' },
  { person: 'dupont-jean', clientId: 'housing', status: 'ACTIVE' },
  { person: 'dubois-angela-1988', clientId: 'creche', status: 'ACTIVE' },
  { person: 'cnaf-georges-1975', clientId: 'creche', status: 'ACTIVE' },
  { person: 'huche-anne-laure', clientId: 'parking', status: 'ACTIVE' },
  { person: 'martin-pierre-chalons', clientId: 'canteen', status: 'ACTIVE' },
  { person: 'bernanrd-julien', clientId: 'canteen', status: 'ACTIVE' },
  { person: 'rocher-sandrine', clientId: 'housing', status: 'ACTIVE' },
  // Of four children the crèche reads one by the mother's word and one, a minor of 16 or 17, by her own.
  { person: 'dupont-sophie', clientId: 'creche', status: 'ACTIVE' },
  { person: 'dupont-sophie', clientId: 'creche', status: 'ACTIVE', forChildren: ['dupont-ines'] },
  { person: 'dupont-louise', clientId: 'creche', status: 'ACTIVE', scopes: ['identite_pivot'] },
  {
    ...{ person: 'gautier-soazig', clientId: 'housing', status: 'ACTIVE', askedBy: 'gautier-emilie' },
    scopes: ['dgfip_rfr', 'dgfip_annee_n_moins_1'],
  },
];

/** `gateway/registers/seeds/sandbox.json`. Days move with time as in fixtures; subject keys are derived from `pivot` when it is loaded. */
export function hubSeeds(france: France): object {
  return {
    services: [
      ...SERVICES.map(({ clientId, name, siret, returnUrls }) => ({
        clientId,
        name,
        siret,
        address: 'place de la Mairie, 99999 Villeneuve-les-Essais',
        contact: `donnees-${clientId}@villeneuve-les-essais.example`,
        credentials: [{ issuer: SANDBOX_ISSUER, clientId }],
        returnUrls,
      })),
      AGENCY_PORTAL,
    ],
    habilitations: SERVICES.map(({ clientId, purpose, scopes, legalBasis, retentionMonths }) => ({
      id: `hab-${clientId}-1`,
      version: 1,
      clientId,
      purpose,
      scopes,
      legalBasis,
      retentionMonths,
      minimumAcr: 'eidas1',
      firstDay: day(1, '01-01'),
      lastDay: day(-2, '12-31'),
    })),
    consents: STARTING_CONSENTS.map((consent) => ({
      pivot: pivotOf(getPerson(france, consent.person)),
      ...entry(consent),
      ...(consent.forChildren && {
        forChildren: consent.forChildren.map((child) => pivotOf(getPerson(france, child))),
      }),
      ...(consent.askedBy && { askedBy: pivotOf(getPerson(france, consent.askedBy)) }),
    })),
  };
}

function entry({ clientId, status, scopes, askedBy }: StartingConsent): object {
  const { purpose, legalBasis: servicesBasis, scopes: approved } = getService(clientId);
  const legalBasis = askedBy ? 'CONSENT_RGPD_6_1_A' : servicesBasis;
  const expired = status === 'EXPIRED';
  const ended = status === 'WITHDRAWN' || status === 'OBJECTED';
  return {
    clientId,
    purpose,
    kind: legalBasis === 'CONSENT_RGPD_6_1_A' ? 'CONSENT' : 'NOTICE',
    legalBasis,
    scopes: scopes ?? approved,
    status,
    givenOn: day(expired ? 3 : 1, '01-15'),
    expiresOn: day(expired ? 2 : -1, '12-31'),
    ...(ended && { endedOn: day(1, '11-05') }),
  };
}

function day(yearsAgo: number, monthDay: string): MovingDate {
  return { $yearsAgo: yearsAgo, monthDay };
}
