import type { AgencyManifest } from '../../schema/agencyManifest.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Database } from '../platform/database/database.ts';
import type { Log } from '../platform/log.ts';
import type { AgencyLabels } from '../registers/access/face.ts';

export interface GatewayOptions {
  readonly config: Config;
  readonly supergraphSdl: string;
  readonly database: Database;
  readonly log: Log;
  /** Names of agencies as citizens read them in the log. */
  readonly agencyLabels: AgencyLabels;
  /** What the agencies say of themselves, for the catalogue [nothing]. */
  readonly manifests?: readonly AgencyManifest[];
  /** How long the hub waits for each agency, ms; 3000 for one that is not named. */
  readonly timeoutsMs?: ReadonlyMap<string, number>;
  /** Pages for people, asked before the graph; made when the gateway's own address is known. */
  readonly pages?: (graphUrl: string) => Promise<Pages>;
  readonly clock?: Clock;
}

/** Answers a request for a page; false when it is none of its own. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface Gateway {
  /** `http://host:port/graphql`. */
  readonly url: string;
  close(): Promise<void>;
}

/** A gateway under its rules. */
export interface ProtectedGateway extends Gateway {
  /** Takes another supergraph without a stop; what it refuses, and how, is said in graphInService.ts. */
  replaceSupergraph(supergraphSdl: string): Promise<void>;
}
