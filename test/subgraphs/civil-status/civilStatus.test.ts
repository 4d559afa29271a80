import { beforeAll, describe, expect, it } from '@jest/globals';
import { MET_PERSON_PREFIX } from '../../../schema/metPerson.ts';
import type { AgencyUnderTest } from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { scopesHeldBy } from '../../../subgraphs/kit/testing/testGrant.ts';
import { about, answerOf, openAgencyOfSandbox, pivot } from '../agencies.ts';

let agency: AgencyUnderTest;
beforeAll(async () => {
  agency = await openAgencyOfSandbox('civil-status');
});

const civilStatus = async (person: string, selection: string) => {
  const answer = await answerOf(agency, about(person, 'civil-status', `civilStatus { ${selection} }`));
  return answer && (answer['civilStatus'] as Record<string, unknown>);
};
const CHILD_SCOPES = { met: { CHILD_PROVEN: ['given_name', 'birthdate'], SPOUSE: ['given_name'] } };

describe('identity', () => {
  it('answers what the register holds, communes and countries by name', async () => {
    const selection =
      'source asOf birthName usageName givenNames gender birthDate birthPlace { inseeCode name } birthCountry { cogCode name }';
    expect(await civilStatus('dupont-paul', selection)).toEqual({
      source: 'État civil',
      asOf: '2026-06-15',
      birthName: 'DUPONT',
      usageName: null,
      givenNames: ['Paul', 'Louis'],
      gender: 'MALE',
      birthDate: '1962-08-24',
      birthPlace: { inseeCode: '75107', name: 'Paris 7e Arrondissement' },
      birthCountry: { cogCode: '99100', name: 'France' },
    });
  });

  it.each([
    ['known to the year', 'lefebvre-alexis', '1982'],
    ['known to the month', 'simpson-marge', '1980-11'],
    ['that moves with time, known to the year', 'cnaf-schildegonde', '2024'],
  ])('answers a birth date %s as it is known', async (_how, person, birthDate) => {
    expect(await civilStatus(person, 'birthDate')).toEqual({ birthDate });
  });

  it.each([
    ['a district of Marseille', 'dubois-lou', { inseeCode: '13204', name: 'Marseille 4e Arrondissement' }],
    ['a commune that was merged', 'boucher-corentin', { inseeCode: '01091', name: 'Châtillon-en-Michaille' }],
    ['no commune at all, as the file has it', 'martin-jean', { inseeCode: '75002', name: null }],
    ['none, for a birth abroad', 'fakir-eymen', null],
  ])('answers as birth place %s', async (_what, person, birthPlace) => {
    expect(await civilStatus(person, 'birthPlace { inseeCode name }')).toEqual({ birthPlace });
  });

  it('keeps accents, hyphens and compound names', async () => {
    expect(await civilStatus('lefebvre-alexis', 'givenNames')).toEqual({
      givenNames: ['Alexis', 'Gérôme', 'Jean-Philippe'],
    });
    expect(await civilStatus('mercier-jean-louis', 'givenNames')).toEqual({ givenNames: ['Jean Louis'] });
  });

  it('answers each field under its own scope alone', async () => {
    const { data, errors } = await agency.ask(
      about('dupont-paul', 'civil-status', 'civilStatus { birthName givenNames birthPlace { name } }', {
        scopes: ['given_name'],
      }),
    );
    expect(data).toEqual({
      _entities: [{ civilStatus: { birthName: null, givenNames: ['Paul', 'Louis'], birthPlace: null } }],
    });
    expect(errors).toHaveLength(2);
  });
});

describe('birth certificate', () => {
  const selection = 'birthCertificate { number office officeInseeCode }';

  it('is named by number and town hall', async () => {
    expect(await civilStatus('dupont-paul', selection)).toEqual({
      birthCertificate: {
        number: expect.stringMatching(/^\d{4}$/),
        office: 'Paris 7e Arrondissement',
        officeInseeCode: '75107',
      },
    });
  });

  it('of a birth abroad is kept by the central service, or by nobody in France', async () => {
    expect(await civilStatus('simpson-marge', selection)).toMatchObject({
      birthCertificate: { office: 'Service central d’état civil, Nantes', officeInseeCode: null },
    });
    expect(await civilStatus('fakir-eymen', selection)).toEqual({ birthCertificate: null });
  });

  it('asks for a session of level eIDAS 2', async () => {
    const { data } = await agency.ask({
      ...about('dupont-paul', 'civil-status', `civilStatus { ${selection} }`),
      acr: 'eidas1',
    });
    expect(data).toEqual({ _entities: [{ civilStatus: { birthCertificate: null } }] });
  });
});

describe('relatives', () => {
  const CHILDREN = 'civilStatus { children { parentalAuthority child { id civilStatus { givenNames birthDate } } } }';

  it('are persons of their own, who leave as a reference sealed for the hub', async () => {
    const answer = await answerOf(
      agency,
      about('dupont-paul', 'civil-status', 'civilStatus { children { parentalAuthority child { id } } }'),
    );
    const { children } = answer!['civilStatus'] as {
      children: { parentalAuthority: boolean; child: { id: string } }[];
    };
    expect(children).toHaveLength(3);
    for (const { parentalAuthority, child } of children) {
      expect(parentalAuthority).toBe(true);
      expect(child.id.startsWith(MET_PERSON_PREFIX)).toBe(true);
      expect(child.id).not.toMatch(/ec-|Pierre|Robert|Henry/);
    }
  });

  it('are readable with the rights of a proven child, where the parent has authority over a minor', async () => {
    const answer = await answerOf(agency, about('dupont-paul', 'civil-status', CHILDREN, CHILD_SCOPES));
    expect(answer).toMatchObject({
      civilStatus: {
        children: [{ child: { civilStatus: { givenNames: ['Pierre'], birthDate: '2019-01-10' } } }, {}, {}],
      },
    });
  });

  it('prove nothing of a child of age, nor of one over whom the parent has no authority', async () => {
    const adult = await agency.ask(about('dubois-paul', 'civil-status', CHILDREN, CHILD_SCOPES));
    const [eldest] = (adult.data as unknown as Entities)._entities[0].civilStatus.children;
    expect(eldest).toMatchObject({ parentalAuthority: false, child: { civilStatus: null } });

    const separated = await agency.ask(about('giraud-lea', 'civil-status', 'civilStatus { parents { id } }'));
    expect((separated.data as unknown as Parents)._entities[0].civilStatus.parents).toHaveLength(2);
    const father = await agency.ask(about('bernanrd-julien', 'civil-status', CHILDREN, CHILD_SCOPES));
    const [lea, , maxime] = (father.data as unknown as Entities)._entities[0].civilStatus.children;
    expect(lea).toMatchObject({ parentalAuthority: false, child: { civilStatus: null } });
    expect(maxime).toMatchObject({ parentalAuthority: true, child: { civilStatus: { givenNames: ['Maxime'] } } });
  });

  it('stop being proven on the eighteenth birthday, at midnight in Paris', async () => {
    const authorityAt = async (instant: string) => {
      const then = await openAgencyOfSandbox('civil-status', { clock: () => Date.parse(instant) });
      const answer = await answerOf(
        then,
        about('bernanrd-julien', 'civil-status', CHILDREN.replace('id civilStatus { givenNames birthDate }', 'id')),
      );
      const { children } = answer!['civilStatus'] as { children: { parentalAuthority: boolean }[] };
      return children.map(({ parentalAuthority }) => parentalAuthority);
    };
    expect(await authorityAt('2026-06-07T21:59:59Z')).toEqual([false, true, true]);
    expect(await authorityAt('2026-06-07T22:00:00Z')).toEqual([false, false, true]);
  });

  it('of two mothers are both parents', async () => {
    const answer = await answerOf(agency, about('gautier-oceane', 'civil-status', 'civilStatus { parents { id } }'));
    expect((answer!['civilStatus'] as { parents: object[] }).parents).toHaveLength(2);
  });

  it('who are partners are named with the union', async () => {
    const answer = await answerOf(
      agency,
      about(
        'dupont-paul',
        'civil-status',
        'civilStatus { union { kind since partner { civilStatus { givenNames } } } }',
        CHILD_SCOPES,
      ),
    );
    expect(answer).toEqual({
      civilStatus: {
        union: {
          kind: 'MARRIAGE',
          since: '1990-06-16',
          partner: { civilStatus: { givenNames: ['Angela', 'Louise'] } },
        },
      },
    });
  });
});

describe('what the hub asks for itself', () => {
  const PROOF = 'relationProof { children { birthDate parentalAuthority standing } partner { birthName standing } }';
  const proofOf = async (person: string) =>
    answerOf(agency, about(person, 'civil-status', PROOF, { scopes: ['hub_liens_familiaux'] }));

  it('names children with authority as it is today, and a partner', async () => {
    expect(await proofOf('trois-dupre-melissandre')).toEqual({
      relationProof: {
        children: [
          { birthDate: '2005-01-10', parentalAuthority: false, standing: 'PRESENT' },
          { birthDate: '2016-03-15', parentalAuthority: true, standing: 'PRESENT' },
          { birthDate: '2023-06-20', parentalAuthority: true, standing: 'PRESENT' },
        ],
        partner: { birthName: 'DUBOIS', standing: 'PRESENT' },
      },
    });
  });

  it('says of the dead and the protected what they are, since the hub must know of whom it may not speak', async () => {
    expect(await proofOf('placard-elsa')).toMatchObject({ relationProof: { partner: { standing: 'DECEASED' } } });
    const { children } = (await proofOf('martin-pierre'))!['relationProof'] as { children: { standing: string }[] };
    expect(children.map(({ standing }) => standing).sort()).toEqual(['PRESENT', 'PRESENT', 'PRESENT', 'PROTECTED']);
  });

  it('is told for no scope that a service can have', async () => {
    const everyOther = { scopes: scopesHeldBy('civil-status').filter((scope) => !scope.startsWith('hub_')) };
    const { data, errors } = await agency.ask(about('dupont-paul', 'civil-status', PROOF, everyOther));
    expect(data).toEqual({ _entities: [{ relationProof: null }] });
    expect(errors![0]!.extensions['code']).toBe('AGENCY_FIELD_REFUSED');
  });
});

describe('absence has one face', () => {
  it.each([
    ['deceased', 'dubois-marc', 'DECEASED'],
    ['protected', 'rocher-sandrine', 'PROTECTED'],
    ['protected with a parent', 'rocher-lucie', 'PROTECTED'],
    ['one of two with the same identity', 'dubois-angela', 'SEVERAL'],
  ])('a person who is %s is null, the reason stays in the log', async (_why, person, reason) => {
    const answer = await agency.ask(about(person, 'civil-status', 'civilStatus { birthName }'));
    expect(answer).toEqual({ data: { _entities: [null] } });
    expect(JSON.parse(agency.logged.at(-1)!)).toMatchObject({ absent: reason });
    expect(agency.logged.join()).not.toContain(pivot(person).family_name);
  });

  it('a deceased partner is null in the union', async () => {
    const answer = await answerOf(
      agency,
      about('placard-elsa', 'civil-status', 'civilStatus { union { kind partner { id } } }'),
    );
    expect(answer).toEqual({ civilStatus: { union: { kind: 'MARRIAGE', partner: null } } });
  });

  it('a stepparent’s children in charge are not children by filiation', async () => {
    const answer = await answerOf(
      agency,
      about('placard-elsa', 'civil-status', 'civilStatus { children { child { id } } }'),
    );
    expect((answer!['civilStatus'] as { children: object[] }).children).toHaveLength(1);
  });
});

interface Entities {
  _entities: [{ civilStatus: { children: { parentalAuthority: boolean; child: object }[] } }];
}
interface Parents {
  _entities: [{ civilStatus: { parents: object[] } }];
}
