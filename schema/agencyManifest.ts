import { z } from 'zod';
import { MOVE_FIELDS } from './declaration.ts';

const words = z.strictObject({ fr: z.string().min(1), en: z.string().min(1) });

/** What citizens may declare to an agency through the hub, and what it receives of it. */
const takenDeclarationSchema = z.strictObject({
  type: z.literal('move'),
  /** The fields of a declaration that it may receive, with the reason that the citizen reads; it receives no others. */
  fields: z
    .array(z.strictObject({ name: z.enum(MOVE_FIELDS), why: words }))
    .min(1)
    .refine((fields) => new Set(fields.map(({ name }) => name)).size === fields.length, 'names a field twice')
    .refine(
      (fields) => fields.some(({ name }) => name === 'declarant'),
      'must hold "declarant": a message is about somebody',
    ),
  /** Days within which the agency promises to be done, to refuse, or to ask; silence beyond is shown as such. */
  promisedDays: z.number().int().min(1).max(365),
  /** Whether it takes declarations of people of whom it holds no file yet. */
  openToAll: z.boolean().default(false),
  /** Pushed to its inbox, or pulled by the agency from a cursor. */
  delivery: z.enum(['push', 'pull']).default('push'),
  /** On the origin of its graph. */
  inboxPath: z
    .string()
    .regex(/^\/[a-z0-9/-]{1,60}$/)
    .default('/inbox'),
});

export type TakenDeclaration = z.infer<typeof takenDeclarationSchema>;

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
  /** What the catalogue tells of single fields, by coordinate (`FamilyFile.quotient`), beside the schema's own description. */
  fields: z
    .record(
      z.string().regex(/^[A-Z]\w*\.\w+$/),
      z.strictObject({
        /** What integrators stumble over. */
        traps: z.array(z.strictObject({ fr: z.string().min(1), en: z.string().min(1) })).default([]),
        /** How people call it, in French and in English: the search finds the field by them. */
        words: z.array(z.string().min(1)).default([]),
      }),
    )
    .default({}),
  /** What citizens may declare to it; one entry for each type. */
  declarations: z.array(takenDeclarationSchema).max(1).default([]),
});

export type AgencyManifest = z.infer<typeof agencyManifestSchema>;

/** Throws a TypeError that names the file, the field, what was expected and what was got. */
export function parseAgencyManifest(source: unknown, file: string): AgencyManifest {
  const result = agencyManifestSchema.safeParse(source);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `"${issue.path.join('.')}" ${issue.message}`);
  throw new TypeError(`${file}: ${faults.join('; ')}`);
}
