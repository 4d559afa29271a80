import type { GraphQLSchema } from 'graphql';
import { ERROR_CODES } from '../../../schema/errorCodes.ts';
import { REFUSAL_TEXTS } from '../../../schema/refusals.ts';
import { errorMessage } from '../../platform/errors.ts';
import { advance } from '../advance.ts';
import type { Asker, Fetched, Masked, Refusal, ReplyContext, ReplyError, ReplyFault } from '../exchange.ts';
import { isInputName } from './inputNames.ts';

export interface MaskOptions {
  /** Where citizens see and give consents: the start of every consentUrl. */
  readonly portalUrl: string;
  /** Most errors of one reply [1000]; the last one says how many were left out. */
  readonly maxErrors?: number;
}

/**
 * The fifth step: every fault in the hub's own words. Data needs nothing here: the projector wrote null wherever no verdict allows.
 * What an agency said is not even at hand: faults carry codes, paths and names of agencies.
 */
export function createMask({ portalUrl, maxErrors = 1000 }: MaskOptions) {
  return <Who extends Asker>(fetched: Fetched<Who>): Masked<Who> => {
    const { faults } = fetched;
    if (faults.length === 0) return advance(fetched, { errors: NO_ERRORS });
    const shown = faults.length > maxErrors ? faults.slice(0, maxErrors - 1) : faults;
    const asked: Asked = { caller: fetched.caller, portalUrl, apiSchema: fetched.graph.apiSchema };
    const errors = shown.map((fault) => toReplyError(fault, fetched, asked));
    if (shown.length < faults.length) errors.push(leftOut(faults.length - shown.length, fetched));
    return advance(fetched, { errors });
  };
}

const HUB = 'hub';
const NO_ERRORS: readonly ReplyError[] = [];

/** For whom a refusal is put into words. */
interface Asked {
  readonly caller: Asker;
  readonly portalUrl: string;
  readonly apiSchema: GraphQLSchema;
}

/** How long to wait before an agency is asked again that said nothing of it, seconds. */
const RETRY_AFTER_SECONDS = 2;

/** A fault at a place, as the client reads it. `asked` is absent where nobody is identified and so nothing refused. */
export function toReplyError(
  fault: ReplyFault,
  { language, requestId }: Pick<ReplyContext, 'language' | 'requestId'>,
  asked: Asked | undefined,
): ReplyError {
  const { code, path, refusal, agency } = fault;
  return {
    message: refusal ? REFUSAL_TEXTS[refusal.reason][language] : errorMessage(code, language),
    ...(path.length > 0 && { path }),
    extensions: {
      code,
      ...(refusal ? refusalFacts(refusal, asked) : { remedy: ERROR_CODES[code].remedy[language] }),
      ...(agency !== undefined && { agency }),
      ...(code === 'HUB_AGENCY_UNAVAILABLE' && { retryAfterSeconds: fault.retryAfterSeconds ?? RETRY_AFTER_SECONDS }),
      ...(asked && inputFacts(fault, asked)),
      requestId,
    },
  };
}

/** Which input was refused. The hub's own registers are believed; what an agency says passes when it is a name of the graph and so no value. */
function inputFacts({ agency, input }: ReplyFault, { apiSchema }: Asked): object {
  if (input === undefined) return {};
  if (agency === HUB) return { detailKey: input };
  return isInputName(input, apiSchema) ? { argument: input } : {};
}

function refusalFacts(
  { reason, missingScopes, subject, consentScopes = missingScopes[0] ?? [] }: Refusal,
  asked: Asked | undefined,
): object {
  return {
    reason,
    missingScopes,
    subject,
    ...(reason === 'CONSENT_REQUIRED' && asked && consentUrl(consentScopes, subject, asked)),
  };
}

/** Where what is missing can be opened: service, purpose, scopes and, when it is not the citizen's own, whose; nothing of the citizen. */
function consentUrl(
  scopes: readonly string[],
  subject: Refusal['subject'],
  { caller, portalUrl }: Asked,
): { readonly consentUrl?: string } {
  // Nobody consents to what is asked without a citizen: such a field is refused for another reason.
  if ('kind' in caller) return {};
  const { service, purpose } = caller;
  const query = new URLSearchParams({ service: service.clientId, purpose: purpose.name, scopes: scopes.join(' ') });
  if (subject !== 'SELF') query.set('subject', subject);
  return { consentUrl: `${portalUrl}/consents/new?${query.toString()}` };
}

function leftOut(count: number, { language, requestId }: Pick<Fetched, 'language' | 'requestId'>): ReplyError {
  const message = {
    fr: `${count} autres erreurs ne sont pas montrées.`,
    en: `${count} more errors are not shown.`,
  };
  return { message: message[language], extensions: { code: 'HUB_OPERATION_TOO_COMPLEX', leftOut: count, requestId } };
}
