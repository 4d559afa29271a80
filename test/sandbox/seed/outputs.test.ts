import { readFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { SCOPES, expandScopes } from '../../../schema/scopes.ts';
import { findPurpose } from '../../../schema/purposes.ts';
import { createFrance } from '../../../sandbox/seed/france.ts';
import { SANDBOX_AGENT_ISSUER, SANDBOX_ISSUER, STARTING_CONSENTS } from '../../../sandbox/seed/hubSeeds.ts';
import { createOutputs } from '../../../sandbox/seed/outputs.ts';
import { LOGINS } from '../../../sandbox/seed/personas.ts';
import { SERVICES, getService } from '../../../sandbox/seed/services.ts';
import { written } from './support.ts';

const ROOT = new URL('../../../', import.meta.url);

interface HubSeeds {
  readonly services: readonly { readonly clientId: string; readonly credentials: readonly object[] }[];
  readonly habilitations: readonly { readonly id: string; readonly clientId: string }[];
  readonly consents: readonly {
    readonly pivot: { readonly given_name: string; readonly family_name: string };
    readonly clientId: string;
    readonly kind: string;
    readonly status: string;
    readonly endedOn?: object;
  }[];
}
const hubSeeds = written<HubSeeds>('gateway/registers/seeds/sandbox.json');

describe('npm run seed', () => {
  it.each([...createOutputs().keys()])('%s is what the seed writes: run npm run seed', async (path) => {
    expect(await readFile(new URL(path, ROOT), 'utf8')).toBe(createOutputs().get(path));
  });

  it('writes the same at every run', () => {
    expect([...createOutputs()]).toEqual([...createOutputs()]);
  });

  it('keeps the licence beside the copied files, and no file that nothing names', async () => {
    expect(await readFile(new URL('sandbox/seed/siade/LICENSE', ROOT), 'utf8')).toContain('Etalab');
    const readme = await readFile(new URL('sandbox/seed/README.md', ROOT), 'utf8');
    const files = await readdir(new URL('sandbox/seed/siade/payloads/', ROOT), { recursive: true });
    for (const file of files.filter((name) => /\.ya?ml$/.test(name))) expect(readme).toContain(file.split('/').at(-1));
  });

  it('has a README that says where each household came from and what each persona is good for', async () => {
    const readme = await readFile(new URL('sandbox/seed/README.md', ROOT), 'utf8');
    for (const { id, source } of createFrance().households) {
      const row = readme.split('\n').find((line) => line.startsWith(`| ${id} |`));
      expect(row).toContain(source.split('/').at(-1));
    }
    for (const { person, goodFor } of LOGINS) expect(readme).toContain(`| \`${person}\` | ${goodFor.en} |`);
  });
});

describe('services', () => {
  it('ask for what their procedures need', () => {
    const canteen = ['identite_pivot', 'cnaf_quotient_familial', 'cnaf_enfants', 'dgfip_rfr', 'dgfip_annee_n_moins_1'];
    expect(getService('canteen')).toMatchObject({ scopes: canteen, legalBasis: 'INFORMATION_L114_8' });
    expect(getService('creche')).toMatchObject({
      scopes: [...canteen, 'cnaf_adresse'],
      legalBasis: 'CONSENT_RGPD_6_1_A',
    });
    expect(getService('parking').scopes).toEqual(['identite_pivot', 'adresse_declaree']);
  });

  it('the portal may ask for every scope of a citizen’s, housing for all that administrations’ notices hold, the others for fewer', () => {
    const all = SCOPES.map(({ name }) => name).sort();
    const held = (clientId: string): string[] => [...expandScopes(getService(clientId).scopes)].sort();
    // What the hub asks for itself about relatives is nobody else's.
    const ofCitizens = all.filter((name) => name !== 'hub_liens_familiaux');
    expect(held('portal')).toEqual(ofCitizens);
    const byConsentAlone = ['energie_contrat', 'energie_verification_adresse', 'dgfip_adresse_declaree'];
    expect(held('housing')).toEqual(
      ofCitizens.filter((name) => !name.startsWith('hub_') && !byConsentAlone.includes(name)),
    );
  });

  it('hold purposes of the treaty, SIRETs of their own that no establishment has', () => {
    for (const { purpose, siret } of SERVICES) {
      expect(findPurpose(purpose)).toBeDefined();
      expect(siret).toMatch(/^999\d{11}$/);
    }
    expect(new Set(SERVICES.map(({ siret }) => siret)).size).toBe(SERVICES.length);
  });
});

describe('the hub’s seeds', () => {
  it('give each service one habilitation and the sandbox’s credential', () => {
    const own = SERVICES.map(({ clientId }) => clientId);
    expect(hubSeeds.habilitations.map(({ clientId }) => clientId)).toEqual(own);
    // Agents of administrations log in elsewhere than citizens.
    const others: Readonly<Record<string, readonly object[]>> = {
      'agency-portal': [{ issuer: SANDBOX_AGENT_ISSUER, clientId: 'agency-portal' }],
    };
    for (const { clientId, credentials } of hubSeeds.services) {
      expect(credentials).toEqual(others[clientId] ?? [{ issuer: SANDBOX_ISSUER, clientId }]);
    }
  });

  it('let dupont-paul start with a notice for the canteen and an active consent for the crèche, dupont-angela with nothing', () => {
    const of = (givenName: string) =>
      hubSeeds.consents
        .filter(({ pivot }) => pivot.given_name === givenName)
        .map(({ clientId, kind, status }) => `${clientId} ${kind} ${status}`);
    expect(of('Paul Louis')).toEqual(['canteen NOTICE ACTIVE', 'creche CONSENT ACTIVE', 'library CONSENT ACTIVE']);
    expect(of('Angela Louise')).toEqual([]);
  });

  it('hold a consent of every state that a citizen can bring about', () => {
    expect(new Set(STARTING_CONSENTS.map(({ status }) => status))).toEqual(
      new Set(['ACTIVE', 'WITHDRAWN', 'OBJECTED', 'EXPIRED']),
    );
    for (const { status, kind, endedOn } of hubSeeds.consents) {
      if (status === 'WITHDRAWN') expect(kind).toBe('CONSENT');
      if (status === 'OBJECTED') expect(kind).toBe('NOTICE');
      expect(endedOn !== undefined).toBe(status === 'WITHDRAWN' || status === 'OBJECTED');
    }
  });

  it('need no consent for the portal, where the right of access stands in', () => {
    expect(hubSeeds.consents.map(({ clientId }) => clientId)).not.toContain('portal');
  });
});

describe('the README of the seed', () => {
  const readme = readFileSync(new URL('sandbox/seed/README.md', ROOT), 'utf8');
  const saidBy = (person: string) =>
    STARTING_CONSENTS.filter((said) => said.person === person)
      .map(({ clientId, status, scopes, forChildren, askedBy }) => {
        const part = scopes ? ' in part' : '';
        const children = forChildren ? ` for ${forChildren.join(', ')}` : '';
        return `${clientId} ${status.toLowerCase()}${part}${children}${askedBy ? `, asked by ${askedBy}` : ''}`;
      })
      .join(', ');

  it('says of everybody who can log in what they show and what they have said, and nothing else', () => {
    const rows = LOGINS.map(
      ({ person, goodFor }) => `| \`${person}\` | ${goodFor.en} | ${saidBy(person) || 'nothing'} |`,
    );
    const [, table] = readme.split('| persona | good for | has said |\n| --- | --- | --- |\n');
    expect(table!.split('\n\n')[0]!.split('\n')).toEqual(rows);
  });

  it('says what those have said who cannot', () => {
    const logins = new Set(LOGINS.map(({ person }) => person));
    const others = [...new Set(STARTING_CONSENTS.map(({ person }) => person))].filter((person) => !logins.has(person));
    const told = others.map((person) => `\`${person}\` (${saidBy(person)})`).join(' and ');
    expect(readme).toContain(`Without a login have spoken: ${told}.`);
  });
});

describe('personas', () => {
  const personas = written<
    { id: string; names: string; claims: object; household: string; goodFor: object; acr: string }[]
  >('sandbox/identity/personas.json');

  it('begin with the two whom every example uses, and have at least eight things to show', () => {
    expect(personas.slice(0, 2).map(({ id }) => id)).toEqual(['dupont-paul', 'dupont-angela']);
    expect(personas.length).toBeGreaterThanOrEqual(8);
    expect(new Set(personas.map(({ id }) => id)).size).toBe(personas.length);
  });

  it('have claims that do not move with time, in FranceConnect’s spelling', () => {
    for (const { claims, acr } of personas) {
      expect(claims).toMatchObject({
        birthdate: expect.stringMatching(/^\d{4}(-\d\d){0,2}$/),
        birthplace: expect.stringMatching(/^(\d[\dAB]\d{3})?$/),
        birthcountry: expect.stringMatching(/^99\d{3}$/),
      });
      expect(['eidas1', 'eidas2', 'eidas3']).toContain(acr);
    }
  });
});
