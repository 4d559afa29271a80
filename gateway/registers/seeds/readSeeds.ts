import { readFile } from 'node:fs/promises';
import { yearInParis } from '../../../schema/parisCalendar.ts';
import type { Clock } from '../../platform/clock.ts';

/** Stands in the generated seeds where the sandbox's issuer goes, which is known when its identity provider listens. */
const ISSUER_MARK = '$sandboxIssuer';
/** The same of the issuer of agents' tokens. */
const AGENT_ISSUER_MARK = '$sandboxAgentIssuer';
/** Where no agents log in: an issuer that nobody is. */
const NO_ISSUER = 'urn:trait-dunion:no-issuer';
/** Where the seeds have people come back to: the service's front end at its usual port. */
const USUAL_RETURN = /^http:\/\/127\.0\.0\.1:4020\//;

/**
 * Reads `sandbox.json` (written by `npm run seed`) and fills in what depends on today: days written as years ago, the issuer, and
 * the return addresses of a front end that listens elsewhere (beside the usual ones, which stay; `seedHabilitations` drops those of earlier starts).
 * What comes out is for `seedHabilitations` and `seedConsents`, which check it.
 */
export async function readSeeds(options: {
  readonly issuer: string;
  readonly agentIssuer?: string | undefined;
  /** Port of the services' front end [4020]. */
  readonly servicePort?: number;
  readonly clock: Clock;
}): Promise<unknown> {
  const text = await readFile(new URL('./sandbox.json', import.meta.url), 'utf8');
  const year = yearInParis(options.clock());
  const { servicePort } = options;
  return JSON.parse(text, (key, value: unknown) => {
    if (key === 'returnUrls' && servicePort !== undefined) return withPort(value as readonly string[], servicePort);
    if (value === ISSUER_MARK) return options.issuer;
    if (value === AGENT_ISSUER_MARK) return options.agentIssuer ?? NO_ISSUER;
    return isMovingDay(value) ? `${year - value.$yearsAgo}-${value.monthDay}` : value;
  });
}

function withPort(returnUrls: readonly string[], port: number): readonly string[] {
  return [...new Set([...returnUrls, ...returnUrls.map((url) => url.replace(USUAL_RETURN, `http://127.0.0.1:${port}/`))])];
}

function isMovingDay(value: unknown): value is { readonly $yearsAgo: number; readonly monthDay: string } {
  return typeof value === 'object' && value !== null && '$yearsAgo' in value && 'monthDay' in value;
}
