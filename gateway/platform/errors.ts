import { ERROR_CODES, type HubErrorCode } from '../../schema/errorCodes.ts';

export type Language = 'fr' | 'en';

/**
 * A fault that decides the whole reply, in the catalogue's words. `detail` goes to the log under the request id and is never
 * sent; it must hold no personal value. A refusal is not a HubError: it is a value (see the decide step).
 */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly code: HubErrorCode;
  /** Facts a client may read, e.g. `{ limit: 'depth', limitValue: 12 }` or `locations`. Never a value of anybody's. */
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly detail: string | undefined;

  constructor(
    code: HubErrorCode,
    options: { cause?: unknown; detail?: string; extensions?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.extensions = options.extensions ?? {};
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }
}

/** The catalogue's text of a code in the reader's language. */
export function errorMessage(code: HubErrorCode, language: Language): string {
  return ERROR_CODES[code].message[language];
}
