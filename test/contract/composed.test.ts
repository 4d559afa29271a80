import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { collectParts } from '../../scripts/compose/collectParts.ts';
import { composeGraph } from '../../scripts/compose/composeGraph.ts';

const root = join(import.meta.dirname, '../..');

/** `npm run compose` mends it. */
it('the committed graph is the one that the agencies’ schemas make', async () => {
  const { parts, manifests } = await collectParts(join(root, 'subgraphs'));
  for (const [name, text] of Object.entries(composeGraph(parts, manifests))) {
    expect({ name, text: await readFile(join(root, 'schema/composed', name), 'utf8') }).toEqual({ name, text });
  }
});
