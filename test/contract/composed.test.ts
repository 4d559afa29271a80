import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { collectParts } from '../../scripts/compose/collectParts.ts';
import { composeGraph } from '../../scripts/compose/composeGraph.ts';

const root = join(import.meta.dirname, '../..');

/** `npm run compose` mends it. */
it('the committed graph is the one that the agencies’ schemas make', async () => {
  const { parts, manifests } = await collectParts(join(root, 'subgraphs'));
  const files = Object.entries(composeGraph(parts, manifests));
  const committed = await Promise.all(files.map(([name]) => readFile(join(root, 'schema/composed', name), 'utf8')));
  const stale = files.filter(([, text], index) => committed[index] !== text).map(([name]) => name);
  expect(stale).toEqual([]);
});
