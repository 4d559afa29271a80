import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/*
 * Files that take a worker longest, longest first. jest itself knows what a file took the last time, which in a fresh clone is nothing: it then
 * goes by the size of files, and the longest of all has few lines. The order is all that hangs on this list: whatever is missing runs after it.
 */
const LONGEST = [
  'test/property/property.test.ts',
  'test/gateway/moves/killed.test.ts',
  'test/abuse/streams.test.ts',
  'test/portal/agency.test.ts',
  'test/portal/everyday.test.ts',
  'test/journeys/npmStart.test.ts',
  'test/gateway/moves/deliverer.test.ts',
  'test/gateway/registers/agentsFace.test.ts',
  'test/portal/base.test.ts',
  'test/gateway/registers/hubSubgraph.test.ts',
  'test/portal/service.test.ts',
  'test/contract/declarations.test.ts',
  'test/engine/differential.test.ts',
  'test/journeys/fromLoginToAnswer.test.ts',
  'test/contract/reconciliation.test.ts',
  'test/gateway/registers/consentRequests.test.ts',
  'test/gateway/registers/consentSubjects.test.ts',
  'test/journeys/familyQuotientWalk.test.ts',
  'test/subgraphs/kit/inbox/killed.test.ts',
  'test/journeys/withdrawalUnderLoad.test.ts',
  'test/contract/agencies.test.ts',
  'test/scripts/subgraph.test.ts',
  'test/gateway/platform/killed.test.ts',
];

/** @typedef {import('@jest/test-result').Test} Test */

export default class LongestFirst extends Sequencer {
  /**
   * @param {Test[]} tests
   * @returns {Test[]}
   */
  sort(tests) {
    // A stable sort: the others stay as jest has them.
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}

/** @param {Test} test */
function rank({ path }) {
  const at = LONGEST.findIndex((file) => path.endsWith(sep + file.replaceAll('/', sep)));
  return at === -1 ? LONGEST.length : at;
}
