import { readFile } from 'node:fs/promises';
import type { JWK } from 'jose';
import type { Acr } from '../../schema/acr.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { SandboxAgent } from './agents/agentDirectory.ts';
import type { LegalBasis, PurposeName } from '../../schema/purposes.ts';

/** An invented person who can log in. */
export interface Persona {
  /** Fixed id that every example uses, e.g. `dupont-paul`; never a claim of any token. */
  readonly id: string;
  /** As a reader would call them, e.g. "Angela Dupont". */
  readonly names: string;
  readonly claims: PivotIdentity & { readonly email?: string };
  /** Whom they live with, in a few words or as the household's id. */
  readonly household: string;
  /** What this persona lets a visitor see. */
  readonly goodFor: { readonly fr: string; readonly en: string };
  /** The level offered first when the request asks for none; every level can be chosen. */
  readonly acr: Acr;
}

/** A service as the identity provider knows it: a client, and the public body behind it. */
export interface SandboxService {
  readonly clientId: string;
  readonly name: string;
  /** Fourteen digits: the entity. Two clients of one SIRET see one `sub` for a person. */
  readonly siret: string;
  /** At least one; a request that names none gets the only one. */
  readonly purposes: readonly PurposeName[];
  readonly scopes: readonly string[];
  readonly legalBasis: LegalBasis;
  /** Where codes may be sent, beside the loopback address that command-line clients use. */
  readonly redirectUris: readonly string[];
  /** Public keys: with them the service authenticates by `private_key_jwt`, without by `client_secret_post`. */
  readonly jwks?: { readonly keys: readonly JWK[] };
}

export interface Directory {
  readonly personas: readonly Persona[];
  readonly services: readonly SandboxService[];
}

/** What `npm run seed` wrote beside this file, and the agents. Throws when the seed was never run. */
export async function loadDirectory(): Promise<Directory & { readonly agents: readonly SandboxAgent[] }> {
  const [personas, services, agents] = await Promise.all([
    readList<Persona>('personas.json'),
    readList<SandboxService>('services.json'),
    readList<SandboxAgent>('agents/agents.json'),
  ]);
  return { personas, services, agents };
}

async function readList<Entry>(file: string): Promise<readonly Entry[]> {
  return JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8')) as readonly Entry[];
}

/** Throws a TypeError for an id that nobody has. */
export function getPersona({ personas }: Directory, id: string): Persona {
  const persona = personas.find((candidate) => candidate.id === id);
  if (!persona) throw new TypeError(`no persona "${id}" in the directory`);
  return persona;
}

/** Throws a TypeError for a client that nobody registered. */
export function getService({ services }: Directory, clientId: string): SandboxService {
  const service = services.find((candidate) => candidate.clientId === clientId);
  if (!service) throw new TypeError(`no service "${clientId}" in the directory`);
  return service;
}

/** `GET /directory.json`: who can log in, and for which service. */
export interface PublicDirectory {
  readonly issuer: string;
  readonly personas: readonly Pick<Persona, 'id' | 'names' | 'household' | 'goodFor' | 'acr'>[];
  readonly services: readonly Omit<SandboxService, 'redirectUris' | 'jwks'>[];
}

export function toPublicDirectory(issuer: string, { personas, services }: Directory): PublicDirectory {
  return {
    issuer,
    personas: personas.map(({ id, names, household, goodFor, acr }) => ({ id, names, household, goodFor, acr })),
    services: services.map(({ clientId, name, siret, purposes, scopes, legalBasis }) => ({
      clientId,
      name,
      siret,
      purposes,
      scopes,
      legalBasis,
    })),
  };
}
