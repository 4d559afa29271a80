import { describe, expect, it } from '@jest/globals';
import { PLACES } from './hub.ts';
import { search } from './search.ts';

const CASES = 2000;
const SEED = 20_261_123;

describe('the hub against an oracle that shares no line with it', () => {
  it(`answers ${CASES} generated operations as the rules say, names what is refused, and asks agencies for nothing more`, async () => {
    const found = await search({ seed: SEED, cases: CASES });
    expect(found?.text).toBeUndefined();
  }, 300_000);

  it.each(PLACES)('is caught as soon as one place does not enforce: %s', async (place) => {
    const found = await search({ seed: SEED, cases: 100, off: new Set([place]), mostShrinks: 0 });
    expect(found?.text).toMatch(/WRONG: /);
  });
});
