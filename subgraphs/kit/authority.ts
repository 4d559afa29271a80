import { createHash, timingSafeEqual } from 'node:crypto';
import type { AgencyKeys } from './agencyKeys.ts';
import type { Clock } from './agencyModule.ts';
import type { Answer, AnswerRequest, ReceivedAnswer } from './answer.ts';
import type { HubKeys } from './hubKeys.ts';
import { describeDefect, type KitLog } from './log.ts';
import { INTERNAL } from './maskErrors.ts';
import { createGrantOpener, type GrantOpener } from './openGrant.ts';
import type { AgencyErrorCode } from './errors.ts';

export interface AuthorityOptions {
  readonly ownKeys: AgencyKeys;
  readonly hubKeys: HubKeys;
  /** Opens the SDL and introspection; left out, nobody has them. */
  readonly operatorCredential?: string | undefined;
}

export interface Authority {
  answer(body: string, operatorCredential: string | undefined, to: Answering): Promise<ReceivedAnswer>;
}

interface Answering {
  readonly answer: (request: AnswerRequest) => Promise<Answer>;
  readonly log: KitLog;
}

/** The agency's gate: what comes from outside has a grant, or an operator's credential for the schema alone, or gets nothing. */
export function createAuthority(agency: string, clock: Clock, options: AuthorityOptions | undefined): Authority {
  const openGrant: GrantOpener = options
    ? createGrantOpener({ agency, clock, ownKeys: options.ownKeys, hubKeys: options.hubKeys })
    : () => Promise.resolve({ refused: 'KEY_UNKNOWN' });
  const isOperator = operatorCheck(options?.operatorCredential);

  return {
    async answer(body, operatorCredential, { answer, log }) {
      try {
        const operator = isOperator(operatorCredential);
        const opened = await openGrant(body);
        if (opened.refused === 'MISSING' && operator) {
          const asked = parseAsked(body);
          if (!asked) return malformed;
          return { status: 200, answer: await answer({ ...asked, grant: undefined, sealMet: noMet, operator }) };
        }
        if (opened.refused !== undefined) {
          log.warn({ refused: opened.refused }, 'grant refused');
          return opened.refused === 'MISSING'
            ? refuse(401, 'AGENCY_GRANT_REQUIRED', 'A grant is required')
            : refuse(401, 'AGENCY_GRANT_REFUSED', 'The grant is refused');
        }
        const asked = parseAsked(`${opened.head}}`);
        if (!asked) return malformed;
        const { grant, sealMet } = opened;
        return { status: 200, answer: await answer({ ...asked, grant, sealMet, operator }) };
      } catch (thrown) {
        log.error(describeDefect(thrown), 'request failed');
        return { status: 503, answer: { errors: [INTERNAL] } };
      }
    },
  };
}

export function refuse(status: number, code: AgencyErrorCode, message: string): ReceivedAnswer {
  return { status, answer: { errors: [{ message, extensions: { code } }] } };
}

const malformed = refuse(400, 'AGENCY_REQUEST_REFUSED', 'Send {"query": "...", "variables": {...}}');

const noMet = (): never => {
  throw new TypeError('no person is met without a grant');
};

/** `query` and `variables`, nothing else: what is not named here would not be understood the same way by everyone. */
function parseAsked(text: string): Pick<AnswerRequest, 'query' | 'variables'> | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { query, variables = {}, ...others } = body as Record<string, unknown>;
  if (typeof query !== 'string' || typeof variables !== 'object' || variables === null) return undefined;
  if (Array.isArray(variables) || Object.keys(others).length > 0) return undefined;
  return { query, variables: variables as Record<string, unknown> };
}

/** Compares digests, so that neither time nor length tells how much of a guess was right. */
function operatorCheck(expected: string | undefined): (given: string | undefined) => boolean {
  if (!expected) return () => false;
  const wanted = sha256(expected);
  return (given) => given !== undefined && timingSafeEqual(sha256(given), wanted);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
