import { randomBytes } from 'node:crypto';
import { CompactEncrypt, CompactSign, compactDecrypt, importJWK } from 'jose';
import type { TakenDeclaration } from '../../../schema/agencyManifest.ts';
import {
  DECLARATION_INFO_PREFIX,
  DECLARATION_TTL_SECONDS,
  DECLARATION_TYP,
  MOVE_CANCELLED,
  MOVE_DECLARED,
  STATUS_INFO_PREFIX,
  type DeclarationEvent,
  type DeclarationHeader,
  type DeclaredPostalAddress,
  type MoveData,
  type StatusMessage,
} from '../../../schema/declaration.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { generateAgencyKey } from '../agencyKeys.ts';
import { deriveDayKey, shortThumbprint, thumbprint, type EcJwk } from '../grantKeys.ts';

/** The hub's side of an inbox: seals declarations with jose, by the words of schema/declaration.ts alone. */
export interface TestSender {
  /** For the agency's HubKeys, beside the exchange key. */
  readonly publicSigningKey: EcJwk;
  seal(event: DeclarationEvent, data: object, sealing?: DeclarationSealing): Promise<string>;
  /** Opens what the agency answers or posts. Throws when it was not sealed for the hub. */
  openStatuses(sealed: string): Promise<StatusMessage>;
}

/** How the message is made, where a test wants it made otherwise than the treaty says. */
export interface DeclarationSealing {
  readonly header?: Partial<DeclarationHeader>;
  /** UTC day of the key, `YYYY-MM-DD` [today's]. */
  readonly day?: string;
  /** Agency id the key is derived for [the agency's]. */
  readonly info?: string;
  /** Signs with another key under the real one's name. */
  readonly signedWith?: EcJwk;
  /** Seals with another hub's key under the real one's name. */
  readonly sealedWith?: EcJwk;
}

export function createTestSender(agency: string, hubKey: EcJwk, agencyKey: EcJwk, clock: () => number): TestSender {
  const signingKey = generateAgencyKey();
  const { d: _private, ...publicSigning } = signingKey;
  const kidOfDay = (day: string): string => `${shortThumbprint(hubKey)}.${shortThumbprint(agencyKey)}.${day}`;
  return {
    publicSigningKey: { ...publicSigning, use: 'sig' } as EcJwk,
    async seal(event, data, sealing = {}) {
      const iat = Math.floor(clock() / 1000);
      const header: DeclarationHeader = {
        alg: 'ES256',
        typ: DECLARATION_TYP,
        kid: thumbprint(signingKey),
        iss: 'hub',
        aud: agency,
        iat,
        exp: iat + DECLARATION_TTL_SECONDS,
        event,
        ...sealing.header,
      };
      const signed = await new CompactSign(new TextEncoder().encode(JSON.stringify(data)))
        .setProtectedHeader({ ...header })
        .sign(await importJWK({ ...(sealing.signedWith ?? signingKey) }, 'ES256'));
      const day = sealing.day ?? new Date(clock()).toISOString().slice(0, 10);
      const info = DECLARATION_INFO_PREFIX + (sealing.info ?? agency);
      return new CompactEncrypt(new TextEncoder().encode(signed))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: kidOfDay(day) })
        .encrypt(deriveDayKey(sealing.sealedWith ?? hubKey, agencyKey, day, info));
    },
    async openStatuses(sealed) {
      const day = new Date(clock()).toISOString().slice(0, 10);
      const { plaintext } = await compactDecrypt(
        sealed,
        deriveDayKey(hubKey, agencyKey, day, STATUS_INFO_PREFIX + agency),
      );
      return JSON.parse(new TextDecoder().decode(plaintext)) as StatusMessage;
    },
  };
}

let sequence = 0;

/** Attributes of an event that is right; `changes` makes it another one. */
export function anEvent(changes: Partial<DeclarationEvent> = {}): DeclarationEvent {
  sequence += 1;
  return {
    specversion: '1.0',
    id: randomBytes(12).toString('hex'),
    source: 'https://hub.trait-dunion.example/moves',
    type: MOVE_DECLARED,
    subject: randomBytes(10).toString('hex').slice(0, 13),
    time: '2026-06-15T09:00:00.000Z',
    sequence: String(sequence).padStart(12, '0'),
    ...changes,
  };
}

export const OLD_ADDRESS: DeclaredPostalAddress = {
  streetLine: '1 RUE MONTORGUEIL',
  postCode: '75002',
  city: 'PARIS',
  inseeCode: '75102',
  countryCode: '99100',
  country: 'FRANCE',
};

export const NEW_ADDRESS: DeclaredPostalAddress = {
  additionalInfo: 'APPARTEMENT 7',
  streetLine: '3 RUE DES LILAS',
  postCode: '31000',
  city: 'TOULOUSE',
  inseeCode: '31555',
  countryCode: '99100',
  country: 'FRANCE',
};

/** A move of that person, cut to the manifest's fields as the hub cuts it. */
export function aMove(takes: TakenDeclaration, identity: PivotIdentity, changes: Partial<MoveData> = {}): MoveData {
  const whole: MoveData = {
    declarant: { reference: 'ref-of-the-declarant', identity },
    effectiveDate: '2026-06-15',
    oldAddress: OLD_ADDRESS,
    newAddress: NEW_ADDRESS,
    ...changes,
  };
  const named = takes.fields.filter(({ name }) => whole[name] !== undefined).map(({ name }) => [name, whole[name]]);
  return Object.fromEntries(named) as MoveData;
}

/** The payload of an event: nothing for a cancellation. */
export function payloadOf(event: DeclarationEvent, move: MoveData): object {
  return event.type === MOVE_CANCELLED ? {} : move;
}
