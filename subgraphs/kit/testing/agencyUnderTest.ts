import type { Grant } from '../../../schema/grant.ts';
import { createAgencyKeys, generateAgencyKey } from '../agencyKeys.ts';
import type { AgencyFolder } from '../agencyFolder.ts';
import type { AgencyDatabase, AgencyDefinition, Clock } from '../agencyModule.ts';
import type { Answer, ReceivedAnswer } from '../answer.ts';
import type { AuthorityOptions } from '../authority.ts';
import { createSubgraph, type Subgraph } from '../createSubgraph.ts';
import { fixedHubKeys } from '../hubKeys.ts';
import { createKitLog, type KitLog } from '../log.ts';
import { openAgency } from '../openAgency.ts';
import { createTestHub, type Sealing, type TestHub, type TestRequest } from './testGrant.ts';

export const TEST_OPERATOR_CREDENTIAL = 'operator-credential-of-the-tests';

/** An agency with a hub that seals grants for it, and all that it logged. */
export interface AgencyUnderTest {
  readonly subgraph: Subgraph;
  readonly hub: TestHub;
  /** Log lines so far, as JSON texts. */
  readonly logged: readonly string[];
  /** Seals a grant and asks under it. */
  ask(request: TestRequest): Promise<Answer>;
  /** The same with something about the grant changed. */
  askWith(request: TestRequest, changes: Partial<Grant>, sealing?: Sealing): Promise<ReceivedAnswer>;
}

export interface UnderTestOptions {
  /** [2026-06-15, noon in Paris] */
  readonly clock?: Clock;
  readonly database?: AgencyDatabase;
}

/** Opens an agency's folder under test. */
export async function openUnderTest(folder: AgencyFolder, options: UnderTestOptions = {}): Promise<AgencyUnderTest> {
  const { database } = options;
  return underTest(folder.manifest.name, options, (parts) =>
    openAgency(folder, { ...parts, mayLoadFixtures: true, ...(database && { database }) }),
  );
}

/** Builds a subgraph from its parts under test. */
export async function buildUnderTest(
  name: string,
  typeDefs: string,
  definition: AgencyDefinition & { readonly timeoutMs?: number },
  options: UnderTestOptions = {},
): Promise<AgencyUnderTest> {
  return underTest(name, options, (parts) =>
    Promise.resolve(createSubgraph({ ...definition, name, typeDefs, ...parts })),
  );
}

interface Parts {
  readonly clock: Clock;
  readonly log: KitLog;
  readonly authority: AuthorityOptions;
}

async function underTest(
  name: string,
  { clock = () => Date.parse('2026-06-15T10:00:00Z') }: UnderTestOptions,
  open: (parts: Parts) => Promise<Subgraph>,
): Promise<AgencyUnderTest> {
  const agencyKey = generateAgencyKey();
  const hub = createTestHub(name, agencyKey, clock);
  const logged: string[] = [];
  const subgraph = await open({
    clock,
    log: createKitLog(name, { write: (line: string) => void logged.push(line) }),
    authority: {
      ownKeys: createAgencyKeys([agencyKey]),
      hubKeys: fixedHubKeys([hub.publicKey]),
      operatorCredential: TEST_OPERATOR_CREDENTIAL,
    },
  });
  return {
    subgraph,
    hub,
    logged,
    ask: async (request) => (await subgraph.receive(await hub.seal(request))).answer,
    askWith: async (request, changes, sealing) => subgraph.receive(await hub.seal(request, changes, sealing)),
  };
}
