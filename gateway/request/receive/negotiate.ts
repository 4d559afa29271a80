import type { Language } from '../../platform/errors.ts';
import type { Received } from '../exchange.ts';

type ResponseType = Received['responseType'];

/** In the hub's order of preference. */
const RESPONSE_TYPES: readonly ResponseType[] = ['application/graphql-response+json', 'application/json'];

/**
 * Media type of the answer, or undefined when none that is accepted can be served. A request that names none, or any, gets
 * `application/graphql-response+json`: what the specification asks since 1 January 2025 (GraphQL over HTTP, "Legacy watershed"),
 * and the only one whose status a client can trust.
 */
export function negotiateResponseType(accept: string | undefined): ResponseType | undefined {
  return accept === undefined ? RESPONSE_TYPES[0] : remembered(responseTypes, accept, readResponseType);
}

/** Whether `text/event-stream` is accepted by its own name: nobody who takes just anything waits for an answer that goes on. */
export function acceptsEventStream(accept: string | undefined): boolean {
  return accept !== undefined && remembered(eventStreams, accept, readEventStream);
}

/** Language of messages: French unless English is preferred to it. */
export function negotiateLanguage(acceptLanguage: string | undefined): Language {
  return acceptLanguage === undefined ? 'fr' : remembered(languages, acceptLanguage, readLanguage);
}

const responseTypes = new Map<string, ResponseType | undefined>();
const eventStreams = new Map<string, boolean>();
const languages = new Map<string, Language>();
/** Clients send the same few texts over and over; whoever sends others empties the memory, and gains nothing by it. */
const MAX_REMEMBERED = 500;
const MAX_TEXT_LENGTH = 500;

function remembered<Value>(memory: Map<string, Value>, text: string, read: (text: string) => Value): Value {
  if (memory.has(text)) return memory.get(text) as Value;
  const value = read(text);
  if (memory.size >= MAX_REMEMBERED) memory.clear();
  if (text.length <= MAX_TEXT_LENGTH) memory.set(text, value);
  return value;
}

function readResponseType(accept: string): ResponseType | undefined {
  const ranges = readWeighted(accept);
  let best: { readonly type: ResponseType; readonly weight: number } | undefined;
  for (const type of RESPONSE_TYPES) {
    const weight = weightOf(type, ranges);
    if (weight > 0 && weight > (best?.weight ?? 0)) best = { type, weight };
  }
  return best?.type;
}

function readEventStream(accept: string): boolean {
  return readWeighted(accept).some(({ name, weight }) => name === 'text/event-stream' && weight > 0);
}

function readLanguage(acceptLanguage: string): Language {
  let french = 0;
  let english = 0;
  for (const { name, weight } of readWeighted(acceptLanguage)) {
    const primary = name.split('-', 1)[0];
    if (primary === 'fr') french = Math.max(french, weight);
    if (primary === 'en') english = Math.max(english, weight);
  }
  return english > french ? 'en' : 'fr';
}

interface Weighted {
  readonly name: string;
  /** 0 to 1; 0 = not wanted (RFC 9110, 12.4.2). */
  readonly weight: number;
}

function readWeighted(header: string): Weighted[] {
  return header.split(',').map((part) => {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    // UTF-8 is all the hub writes: a range that insists on another charset matches nothing.
    if (parameters.some((text) => text.startsWith('charset=') && !/^charset="?utf-?8"?$/.test(text))) {
      return { name, weight: 0 };
    }
    const quality = parameters.find((text) => text.startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    return { name, weight: weight >= 0 && weight <= 1 ? weight : 0 };
  });
}

/** The most specific range decides (RFC 9110, 12.5.1). */
function weightOf(type: ResponseType, ranges: readonly Weighted[]): number {
  for (const name of [type, 'application/*', '*/*']) {
    const range = ranges.find((entry) => entry.name === name);
    if (range !== undefined) return range.weight;
  }
  return 0;
}
