import { beforeAll, describe, expect, it } from '@jest/globals';
import { Answers } from '../../../scripts/bench/agencies/answers.ts';
import { AGENCY_NAMES, plainSubgraphs, type AgencyUrls } from '../../../scripts/bench/graph/graph.ts';
import { withGrant } from '../../../schema/grant.ts';

const urls = Object.fromEntries(AGENCY_NAMES.map((name) => [name, 'http://127.0.0.1'])) as unknown as AgencyUrls;
const PERSONS =
  'query($representations:[_Any!]!){_entities(representations:$representations){... on Citizen{id familyFile{quotient}}}}';

function headOf(ids: readonly string[], query = PERSONS, typename = 'Citizen'): string {
  const representations = ids.map((id) => ({ __typename: typename, id }));
  return JSON.stringify({ query, variables: { representations } }).slice(0, -1);
}

describe('a static agency of the bench', () => {
  let family: Answers;
  const ask = async (body: string) => JSON.parse((await family.answer(body)).toString('utf8')) as { data: unknown };

  beforeAll(() => {
    family = new Answers(plainSubgraphs(urls).find(({ name }) => name === 'family')!.sdl);
  });

  it('answers each person under the id it was asked for, in the order asked', async () => {
    const citizen = (id: string) => ({ id, familyFile: { quotient: 1234 } });
    expect(await ask(`${headOf(['b', 'a'])}}`)).toEqual({ data: { _entities: [citizen('b'), citizen('a')] } });
    expect(await ask(`${headOf(['a', 'c'])}}`)).toEqual({ data: { _entities: [citizen('a'), citizen('c')] } });
  });

  it('takes the same question under other references and another grant from memory', async () => {
    await ask(`${headOf(['r1'])}}`);
    const known = family.answerKnown(withGrant(headOf(['r2']), 'a.b.c'));
    expect(known?.toString('utf8')).toContain('"id":"r2"');
  });

  it('keeps ids of entities that are no persons in the key', async () => {
    const query =
      'query($representations:[_Any!]!){_entities(representations:$representations){... on Dependant{allowanceShare}}}';
    expect(await ask(`${headOf(['d2', 'd1'], query, 'Dependant')}}`)).toEqual({
      data: { _entities: [{ allowanceShare: 50 }, { allowanceShare: 100 }] },
    });
    expect(family.answerKnown(`${headOf(['d1', 'd2'], query, 'Dependant')}}`)).toBeUndefined();
  });

  it('forgets the oldest half when it is full, and makes it anew', async () => {
    const small = new Answers(plainSubgraphs(urls).find(({ name }) => name === 'family')!.sdl, 2);
    const body = (alias: string) => `${headOf(['p'], PERSONS.replace('quotient}', `${alias}:quotient}`))}}`;
    for (const alias of ['one', 'two', 'three']) await small.answer(body(alias));
    expect(small.answerKnown(body('one'))).toBeUndefined();
    expect((await small.answer(body('one'))).toString()).toContain('"one":1234');
  });
});
