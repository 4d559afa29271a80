/** Text in the two languages of the explorer. */
export interface Bilingual {
  readonly fr: string;
  readonly en: string;
}

/** A query to try, and the session in which it shows something. */
export interface Example {
  /** Unique; part of the page's address. */
  readonly id: string;
  readonly title: Bilingual;
  /** What to look at in the answer. */
  readonly shows: Bilingual;
  /** Persona's id, as in the sandbox's directory. */
  readonly persona: string;
  /** Service's `clientId`. */
  readonly service: string;
  readonly acr: 'eidas1' | 'eidas2' | 'eidas3';
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * The explorer's examples. Each stands for one thing the hub does; persons and services are the sandbox's.
 *
 * @param incomeYear the last income year that a tax assessment exists for: the calendar year in Paris minus one.
 */
export function createExamples(incomeYear: number): readonly Example[] {
  return [
    {
      id: 'canteen',
      title: { fr: 'Tarif de cantine', en: 'Canteen pricing' },
      shows: {
        fr: 'Trois administrations en une requête. L’adresse est refusée : la cantine n’y a pas droit.',
        en: 'Three agencies in one query. The address is refused: the canteen has no right to it.',
      },
      persona: 'dupont-paul',
      service: 'canteen',
      acr: 'eidas1',
      query: CANTEEN,
      variables: { incomeYear },
    },
    {
      id: 'creche',
      title: { fr: 'Place en crèche', en: 'Crèche place' },
      shows: {
        fr: 'L’autorisation du père ouvre l’adresse. Les enfants sont d’autres personnes : leurs noms sont refusés.',
        en: 'The father’s consent opens the address. His children are other people: their names are refused.',
      },
      persona: 'dupont-paul',
      service: 'creche',
      acr: 'eidas1',
      query: CRECHE,
    },
    {
      id: 'access-log',
      title: { fr: 'Qui a lu mes données', en: 'Who read my data' },
      shows: {
        fr: 'Les autorisations du citoyen et son journal : vos requêtes précédentes y sont, champ par champ.',
        en: 'The citizen’s authorisations and access log: your earlier queries are there, field by field.',
      },
      persona: 'dupont-paul',
      service: 'portal',
      acr: 'eidas1',
      query: ACCESS_LOG,
    },
    {
      id: 'follow',
      title: { fr: 'Suivre les changements', en: 'Following changes' },
      shows: {
        fr: 'Un abonnement, par Server-Sent Events : le premier événement dit ce qui est ouvert, les suivants ce qui a changé.',
        en: 'A subscription, by Server-Sent Events: the first event tells what is open, later ones what has changed.',
      },
      persona: 'dupont-paul',
      service: 'creche',
      acr: 'eidas1',
      query: FOLLOW,
    },
    {
      id: 'nothing-authorised',
      title: { fr: 'Rien d’autorisé', en: 'Nothing authorised' },
      shows: {
        fr: 'Tout est refusé ; chaque erreur dit pourquoi et où obtenir l’accord (consentUrl).',
        en: 'All is refused; each error says why, and where to ask for consent (consentUrl).',
      },
      persona: 'dupont-angela',
      service: 'canteen',
      acr: 'eidas1',
      query: CANTEEN,
      variables: { incomeYear },
    },
    {
      id: 'my-data',
      title: { fr: 'Mes données', en: 'My own data' },
      shows: {
        fr: 'Le droit d’accès : la même personne voit tout ce que chaque administration sait d’elle.',
        en: 'The right of access: the same person sees all that each agency knows of her.',
      },
      persona: 'dupont-angela',
      service: 'portal',
      acr: 'eidas2',
      query: MY_DATA,
      variables: { incomeYear },
    },
    {
      id: 'withdrawn',
      title: { fr: 'Autorisation retirée', en: 'Consent withdrawn' },
      shows: {
        fr: 'Le jeton dit oui, le registre dit non : tout est refusé, et la CAF n’est pas interrogée.',
        en: 'The token says yes, the ledger says no: all is refused, and the family agency is not asked.',
      },
      persona: 'commode-cindy',
      service: 'creche',
      acr: 'eidas1',
      query: CRECHE,
    },
    {
      id: 'partial-consent',
      title: { fr: 'Autorisation partielle', en: 'Partial consent' },
      shows: {
        fr: 'Le quotient est servi ; enfants et adresse sont nuls, avec une erreur chacun.',
        en: 'The quotient is served; children and address are null, with an error each.',
      },
      persona: 'giraud-anne',
      service: 'creche',
      acr: 'eidas1',
      query: CRECHE,
    },
    {
      id: 'birth-certificate',
      title: { fr: 'Acte de naissance', en: 'Birth certificate' },
      shows: {
        fr: 'Lisible au niveau eidas2 ; reconnectez-vous au niveau eidas1 : ACR_TOO_LOW.',
        en: 'Readable at level eidas2; sign in again at level eidas1: ACR_TOO_LOW.',
      },
      persona: 'trois-dupre-melissandre',
      service: 'housing',
      acr: 'eidas2',
      query: BIRTH_CERTIFICATE,
    },
    {
      id: 'two-matches',
      title: { fr: 'Deux dossiers possibles', en: 'Two possible files' },
      shows: {
        fr: 'Deux personnes ont la même identité : l’absence est nulle et sans erreur, jamais devinée.',
        en: 'Two people share one identity: absence is null without an error, never a guess.',
      },
      persona: 'dubois-angela',
      service: 'housing',
      acr: 'eidas1',
      query: CRECHE,
    },
  ];
}

const CANTEEN = `query Canteen($incomeYear: Int!) {
  me {
    civilStatus {
      birthName
      givenNames
    }
    familyFile {
      quotient {
        value
        year
        month
      }
      children {
        givenNames
        ageBracket
      }
      declaredAddress {
        streetLine
        city
      }
    }
    taxAssessment(incomeYear: $incomeYear) {
      referenceTaxIncome
    }
  }
}
`;

const CRECHE = `query Creche {
  me {
    familyFile {
      holder
      quotient {
        value
      }
      children {
        givenNames
        ageBracket
      }
      declaredAddress {
        streetLine
        postCode
        city
      }
    }
  }
}
`;

const ACCESS_LOG = `query WhoReadMyData {
  me {
    consents {
      status
      kind
      service {
        name
      }
      expiresAt
    }
    accessLog(first: 5) {
      nodes {
        at
        service {
          name
        }
        agency {
          name
        }
        fields {
          coordinate
          outcome
          reason
        }
      }
    }
  }
}
`;

const MY_DATA = `query MyData($incomeYear: Int!) {
  me {
    civilStatus {
      birthName
      usageName
      givenNames
      birthDate
      birthPlace {
        name
      }
    }
    familyFile {
      holder
      quotient {
        value
      }
      declaredAddress {
        city
      }
    }
    taxAssessment(incomeYear: $incomeYear) {
      referenceTaxIncome
      taxedAddress {
        city
      }
    }
    addresses {
      holder
      declaredOn
      address {
        streetLine
        city
      }
    }
  }
}
`;

const BIRTH_CERTIFICATE = `query BirthCertificate {
  me {
    civilStatus {
      birthDate
      birthCertificate {
        number
        office
      }
    }
  }
}
`;

const FOLLOW = `subscription Follow {
  subjectChanged {
    open {
      name
    }
    changed {
      name
    }
  }
}
`;
