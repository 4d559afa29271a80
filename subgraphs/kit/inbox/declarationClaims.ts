import { z } from 'zod';
import type { TakenDeclaration } from '../../../schema/agencyManifest.ts';
import {
  DECLARATION_EVENT_TYPES,
  DECLARATION_TYP,
  MOVE_CANCELLED,
  type DeclarationEvent,
  type DeclarationHeader,
  type MoveData,
  type PulledEvents,
} from '../../../schema/declaration.ts';
import { isDate } from '../../../schema/textScalars.ts';
import { pivotSchema } from '../grantClaims.ts';

const text = z.string().min(1).max(200);

const eventSchema = z.strictObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(100),
  source: z.string().min(1).max(200),
  type: z.enum(DECLARATION_EVENT_TYPES),
  subject: z.string().length(13),
  time: z.iso.datetime(),
  sequence: z.string().regex(/^\d{12}$/),
});

const headerSchema = z.strictObject({
  alg: z.literal('ES256'),
  typ: z.literal(DECLARATION_TYP),
  kid: z.string().min(1).max(64),
  iss: z.literal('hub'),
  aud: z.string(),
  iat: z.number().int(),
  exp: z.number().int(),
  event: eventSchema,
});

/** The JWS's protected header; undefined when it is of another shape, with more or fewer claims. */
export function parseDeclarationHeader(header: unknown): DeclarationHeader | undefined {
  return headerSchema.safeParse(header).data;
}

const personSchema = z.strictObject({ reference: z.string().min(1).max(43), identity: pivotSchema });

const addressSchema = z.strictObject({
  additionalInfo: text.optional(),
  streetLine: text.optional(),
  locality: text.optional(),
  postCode: text.optional(),
  city: text,
  inseeCode: z.string().length(5).optional(),
  countryCode: z.string().length(5),
  country: text,
});

/** A field that the manifest names is there, unless it may be nobody or unknown. */
const moveFields = {
  declarant: personSchema,
  adults: z.array(personSchema).optional(),
  children: z.array(personSchema).optional(),
  effectiveDate: z.string().refine(isDate),
  oldAddress: addressSchema.optional(),
  newAddress: addressSchema,
};

export type DataParser = (type: DeclarationEvent['type'], data: unknown) => MoveData | undefined;

/** Reads a payload; undefined when it is of another shape, or holds a field that the manifest does not name: that is refused, not dropped. */
export function createDataParser({ fields }: TakenDeclaration): DataParser {
  const named = fields.map(({ name }) => [name, moveFields[name]] as const);
  const moveSchema = z.strictObject(Object.fromEntries(named));
  const nothing = z.strictObject({});
  return (type, data) => (type === MOVE_CANCELLED ? nothing : moveSchema).safeParse(data).data as MoveData | undefined;
}

const pulledSchema = z.strictObject({
  events: z.array(z.strictObject({ event: eventSchema, sealed: z.string().max(200_000) })),
  next: z.string(),
});

/** What the hub answers to a pull; undefined when it is something else. */
export function parsePulled(body: unknown): PulledEvents | undefined {
  return pulledSchema.safeParse(body).data;
}
