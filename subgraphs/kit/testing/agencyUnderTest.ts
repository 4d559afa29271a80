import type { DeclarationEvent, StatusOfEvent } from '../../../schema/declaration.ts';
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
import type { DeclarationSealing } from './testDeclaration.ts';
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
  /** Seals a declaration as the hub does and hands it to the inbox. */
  declare(event: DeclarationEvent, data: object, sealing?: DeclarationSealing): Promise<DeclaredUnderTest>;
  /** The same agency as another process of it would be: same keys, same database, same hub. */
  reopen(options?: Pick<UnderTestOptions, 'hubOrigin' | 'clock'>): Promise<Subgraph>;
}

/** The inbox's answer, opened. */
export interface DeclaredUnderTest {
  /** HTTP status. */
  readonly status: number;
  readonly statuses: readonly StatusOfEvent[];
}

export interface UnderTestOptions {
  /** [2026-06-15, noon in Paris] */
  readonly clock?: Clock;
  readonly database?: AgencyDatabase;
  /** [no hub is known] */
  readonly hubOrigin?: () => string;
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
  readonly hubOrigin?: () => string;
  readonly clock: Clock;
  readonly log: KitLog;
  readonly authority: AuthorityOptions;
}

async function underTest(
  name: string,
  { clock = () => Date.parse('2026-06-15T10:00:00Z'), hubOrigin }: UnderTestOptions,
  open: (parts: Parts) => Promise<Subgraph>,
): Promise<AgencyUnderTest> {
  const agencyKey = generateAgencyKey();
  const hub = createTestHub(name, agencyKey, clock);
  const logged: string[] = [];
  const parts: Parts = {
    clock,
    ...(hubOrigin && { hubOrigin }),
    log: createKitLog(name, { write: (line: string) => void logged.push(line) }),
    authority: {
      ownKeys: createAgencyKeys([agencyKey]),
      hubKeys: fixedHubKeys([hub.publicKey, hub.sender.publicSigningKey]),
      operatorCredential: TEST_OPERATOR_CREDENTIAL,
    },
  };
  const subgraph = await open(parts);
  return {
    subgraph,
    hub,
    logged,
    ask: async (request) => (await subgraph.receive(await hub.seal(request))).answer,
    reopen: (changes) => open({ ...parts, ...changes }),
    askWith: async (request, changes, sealing) => subgraph.receive(await hub.seal(request, changes, sealing)),
    async declare(event, data, sealing) {
      const { status, body } = await subgraph.inbox!.receive(await hub.sender.seal(event, data, sealing), { ...event });
      return { status, statuses: body === '' ? [] : (await hub.sender.openStatuses(body)).statuses };
    },
  };
}
