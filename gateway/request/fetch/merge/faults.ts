import type { HubErrorCode } from '../../../../schema/errorCodes.ts';
import type { AgencyId } from '../../../platform/ids.ts';
import type { Refusal } from '../../exchange.ts';

/** Why there is no value, in the catalogue's code. Stands in the data tree in the value's place, or for a whole fetch. */
export class Fault {
  readonly code: HubErrorCode;
  readonly agency: AgencyId;
  /** Keys and list positions below the place where it stands, when the agency named a deeper one. */
  readonly below: readonly (string | number)[];
  readonly refusal: Refusal | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Input that the agency refused, in its own words. */
  readonly input: string | undefined;

  constructor(
    code: HubErrorCode,
    agency: AgencyId,
    options: {
      readonly below?: readonly (string | number)[];
      readonly refusal?: Refusal;
      readonly retryAfterSeconds?: number | undefined;
      readonly input?: string | undefined;
    } = {},
  ) {
    this.code = code;
    this.agency = agency;
    this.below = options.below ?? [];
    this.refusal = options.refusal;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.input = options.input;
  }
}

/** Thrown while an answer is read: it is not what was asked. The message goes to the log and holds keys of ours, never a value. */
export class InvalidAnswer extends Error {
  override readonly name = 'InvalidAnswer';
}
