import { LRUCache } from 'lru-cache';
import { HubError } from '../../platform/errors.ts';
import { malformed, readJson, type JsonLimits } from './readJson.ts';

/** The parameters of a GraphQL over HTTP request, each of its right type; what they mean is not looked at here. */
export interface Parameters {
  readonly query: string;
  readonly operationName: string | undefined;
  /** Without prototype: no name in it, `__proto__` included, is anything but a variable's. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Parameters of a POST body (GraphQL over HTTP, "JSON Encoding").
 * Throws HubError HUB_REQUEST_BATCH_REFUSED for an array, HUB_REQUEST_MALFORMED for anything else that is no request.
 */
export function readBodyParameters(body: string, limits: JsonLimits): Parameters {
  const known = remembered.get(body);
  if (known !== undefined) return known;
  const parameters = parseBody(body, limits);
  // Variables are somebody's data, and seldom come twice: of them nothing is kept.
  if (body.length <= MAX_REMEMBERED_LENGTH && Object.keys(parameters.variables).length === 0) {
    remembered.set(body, parameters);
  }
  return parameters;
}

/**
 * Bodies without variables, which services send over and over, by their text: reading one takes 4 us, finding it 0.5. What is found
 * holds the very same query text, which the steps after this one then find faster too.
 */
const remembered = new LRUCache<string, Parameters>({ max: 1000 });
/** Characters; with it the memory stays below 20 MB. */
const MAX_REMEMBERED_LENGTH = 4000;

function parseBody(body: string, limits: JsonLimits): Parameters {
  const value = readJson(body, limits);
  if (Array.isArray(value)) throw new HubError('HUB_REQUEST_BATCH_REFUSED');
  if (!isRecord(value)) throw malformed('the body is not an object');
  return toParameters(value);
}

const JSON_PARAMETERS = ['variables', 'extensions'];

/** Parameters of a GET's query string; `variables` and `extensions` hold JSON there. Throws HubError HUB_REQUEST_MALFORMED. */
export function readUrlParameters(queryString: string, limits: JsonLimits): Parameters {
  const found: Record<string, unknown> = {};
  for (const [name, text] of new URLSearchParams(queryString)) {
    if (name !== 'query' && name !== 'operationName' && !JSON_PARAMETERS.includes(name)) continue;
    if (Object.hasOwn(found, name)) throw malformed(`parameter ${name} given twice`);
    found[name] = JSON_PARAMETERS.includes(name) && text !== '' ? readJson(text, limits) : text;
  }
  // A form sends every field, also the ones left empty.
  for (const name of ['operationName', ...JSON_PARAMETERS]) if (found[name] === '') found[name] = null;
  return toParameters(found);
}

function toParameters({ query, operationName, variables, extensions }: Record<string, unknown>): Parameters {
  if (typeof query !== 'string') throw malformed('"query" is not a string');
  if (operationName != null && typeof operationName !== 'string') throw malformed('"operationName" is not a string');
  if (variables != null && !isRecord(variables)) throw malformed('"variables" is not an object');
  if (extensions != null && !isRecord(extensions)) throw malformed('"extensions" is not an object');
  return {
    query,
    operationName: operationName ?? undefined,
    variables: Object.assign(Object.create(null) as Record<string, unknown>, variables),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
