import type { AgencyName, AgencyUrls } from '../graph/graph.ts';
import type { Column } from '../measure.ts';
import type { OperationName } from '../operations.ts';
import type { AgencyCall } from '../agencies/process.ts';

/** What every target finds when it is started. */
export interface BenchRoom {
  /** Cache of installed peers; kept between runs. */
  readonly peersFolder: string;
  /** Files of this run; gone after it. */
  readonly workFolder: string;
  /** Where targets log; kept until the next run. */
  readonly logFolder: string;
  readonly agencies: AgencyUrls;
  /** Supergraph without rules, as peers serve it: a file and its text. */
  readonly plainSupergraphFile: string;
  /** Where the issuer of the callers' tokens serves its JWKS. */
  readonly issuerJwksUrl: string;
  /** Hands the static agencies the public keys they serve at /.well-known/jwks.json. */
  publishAgencyKeys(jwks: Partial<Record<AgencyName, unknown>>): Promise<void>;
  /** Calls that the reference made for each known operation, in order, with the agencies at 4 ms. */
  readonly recordedCalls: ReadonlyMap<OperationName, readonly AgencyCall[]>;
  /** Callers that will be asked for: consents have to stand before the load starts. */
  readonly callers: { readonly known: number; readonly firstNew: number; readonly newCount: number };
  /** A folder for V8 CPU profiles, when they are asked for. */
  readonly profileFolder: string | undefined;
}

export interface RunningTarget {
  readonly port: number;
  readonly path: string;
  readonly gatewayPid: number;
  /** Its database, measured apart: it does not run on the gateway's core. */
  readonly databasePid?: number;
  stop(): Promise<void>;
}

/** One gateway under test. */
export interface Target {
  /** Key in options and JSON. */
  readonly name: string;
  readonly title: string;
  /** Whether it verifies tokens and decides field by field; the others only forward the token. */
  readonly protects: boolean;
  /** Whether its answers are the reference's, so that they are compared; the bare handler's are not. */
  readonly answersGraph: boolean;
  /** Operations it can answer; undefined = all. */
  readonly operations?: readonly OperationName[];
  /** Columns it is run in; undefined = all. */
  readonly columns?: readonly Column[];
  /** Makes it ready to start (installs what is missing); a sentence when it can't run here, and why. */
  prepare(peersFolder: string): Promise<string | undefined>;
  start(room: BenchRoom): Promise<RunningTarget>;
}
