/** What the hub says under one code. */
export interface ErrorCode {
  /** HTTP status when the code decides the whole reply; 200 for codes that stand beside data. */
  readonly status: number;
  readonly message: { readonly fr: string; readonly en: string };
  /** What the client can do. */
  readonly remedy: { readonly fr: string; readonly en: string };
}

/** A code's texts, French before English; message before remedy. */
export function code(status: number, fr: string, en: string, remedyFr: string, remedyEn: string): ErrorCode {
  return { status, message: { fr, en }, remedy: { fr: remedyFr, en: remedyEn } };
}
