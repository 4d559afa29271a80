import { z } from 'zod';

/**
 * `agency.json`: what an agency says of itself. One folder under `subgraphs/` with this file is all it takes to join; compose,
 * contract tests and catalogue discover it by it.
 */
export const agencyManifestSchema = z.strictObject({
  /** Agency id: folder name, subgraph name, audience of grants. */
  name: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  label: z.strictObject({ fr: z.string().min(1), en: z.string().min(1) }),
  /** Fourteen digits (INSEE, SIRENE). Invented ones start with 999. */
  siret: z.string().regex(/^\d{14}$/),
  kind: z.enum(['administration', 'private-public-task']),
  owner: z.string().min(1),
  contact: z.email(),
  legalBasis: z.enum(['INFORMATION_L114_8', 'CONSENT_RGPD_6_1_A']),
  /** Purposes for which this agency gives data; empty = every purpose of the treaty. */
  purposes: z.array(z.string()).default([]),
  /** How old an answer may be, in the catalogue's words. */
  freshness: z.strictObject({ fr: z.string(), en: z.string() }),
  /** Default port when the agency runs alone or under `npm start`. */
  port: z.number().int().min(1024).max(65535),
  /** How long the hub waits for one answer, milliseconds. */
  timeoutMs: z.number().int().min(50).max(30_000).default(3000),
  /** Keeps its data in SQL: the process that starts it hands it a database schema of its own. */
  database: z.boolean().default(false),
});

export type AgencyManifest = z.infer<typeof agencyManifestSchema>;

/** Throws a TypeError that names the file, the field, what was expected and what was got. */
export function parseAgencyManifest(source: unknown, file: string): AgencyManifest {
  const result = agencyManifestSchema.safeParse(source);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `"${issue.path.join('.')}" ${issue.message}`);
  throw new TypeError(`${file}: ${faults.join('; ')}`);
}
