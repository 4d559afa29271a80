import { describe, expect, it } from '@jest/globals';
import { loadCommuneNames } from '../../../subgraphs/civil-status/communes.ts';
import { isMinor } from '../../../subgraphs/civil-status/majority.ts';

describe('names of communes', () => {
  it.each([
    ['a commune of today', '31555', 'Toulouse'],
    ['the commune, where a delegated one at its seat has the same code', '10003', 'Aix-Villemaur-Pâlis'],
    ['an associated commune', '01120', 'Cordieux'],
    ['a district', '69383', 'Lyon 3e Arrondissement'],
    ['Corsica', '2A004', 'Ajaccio'],
    ['overseas', '97411', 'Saint-Denis'],
    ['nothing for a code that no commune has', '75002', null],
    ['nothing for what is no code', '', null],
  ])('%s', async (_what, code, name) => {
    const communeName = await loadCommuneNames();
    expect(communeName(code)).toBe(name);
  });
});

describe('minority', () => {
  it.each([
    ['ends on the birthday itself', '2008-06-08', '2026-06-08', false],
    ['lasts until the day before', '2008-06-08', '2026-06-07', true],
    ['of the 29th of February ends on the 1st of March at the latest', '2008-02-29', '2026-03-01', false],
    ['of a presumed month ends with its first day', '2008-06', '2026-06-01', false],
    ['of a presumed year ends with its first day', '2008', '2026-01-01', false],
    ['of a presumed year lasts until then', '2008', '2025-12-31', true],
  ])('%s', (_rule, birthDate, today, minor) => {
    expect(isMinor(birthDate, today)).toBe(minor);
  });
});
