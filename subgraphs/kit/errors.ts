/** Codes between an agency and the hub; the hub puts its own words (schema/errorCodes.ts) in their place before anything leaves. */
export type AgencyErrorCode =
  | 'AGENCY_GRANT_REQUIRED'
  | 'AGENCY_GRANT_REFUSED'
  | 'AGENCY_FIELD_REFUSED'
  | 'AGENCY_REQUEST_REFUSED'
  | 'AGENCY_OPERATION_REFUSED'
  | 'AGENCY_TIMEOUT'
  | 'AGENCY_INTERNAL'
  | 'HUB_AGENCY_INPUT_REFUSED';

/** An error on purpose: its code and text leave the agency. Whatever else is thrown is a defect, masked and logged. */
export class AgencyError extends Error {
  override readonly name: string = 'AgencyError';
  readonly code: AgencyErrorCode;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: AgencyErrorCode, message: string, extensions: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.extensions = extensions;
  }
}

/** A resolver's way to refuse an argument: names it (`input.postCode`), never its value. */
export class AgencyInputError extends AgencyError {
  override readonly name = 'AgencyInputError';

  constructor(argument: string) {
    super('HUB_AGENCY_INPUT_REFUSED', 'Input refused', { argument });
  }
}
