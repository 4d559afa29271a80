import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, isObjectType, parse, type DocumentNode, type GraphQLSchema } from 'graphql';
import { CITIZEN, entity } from './data.ts';

const PERSON = /\{"__typename":"Citizen","id":"([^"\\]*)"\}|\{"id":"([^"\\]*)","__typename":"Citizen"\}/g;
const GRANT_TAIL = ',"extensions":{"grant":"';
/** Stands for the n-th person's id while an answer is made (JSON escapes, in key and answer alike); no real id holds a control character. */
const HOLE = /\\u0001(\d+)\\u0001/;

/** Bytes of an answer, or the text between ids of persons that are written in when it is asked. */
type Answer = Buffer | { readonly pieces: readonly string[]; readonly order: readonly number[] };

/**
 * Answers of one agency: a bounded map request body -> bytes, filled by really executing what was not asked before.
 *
 * - A grant (`extensions.grant`) is cut off before the look-up and not verified: an agency's work is not the gateway's.
 * - Ids of persons differ from party to party and from caller to caller, so each is a numbered hole of the key, and its text is
 *   written into the answer at the places where execution put it: right for any id, one entry for all callers.
 * - Everything else of a body (query, arguments, ids of other entities) is part of the key as it stands.
 */
export class Answers {
  readonly #schema: GraphQLSchema;
  readonly #known = new Map<string, Answer>();
  readonly #documents = new Map<string, DocumentNode>();
  readonly #maximum: number;

  constructor(sdl: string, maximum = 4096) {
    this.#schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolversFor(sdl) });
    this.#maximum = maximum;
  }

  /** `body` is the request's body read as latin1, so that lengths are bytes; the answer is ready for the wire. */
  async answer(body: string): Promise<Buffer> {
    const { key, ids } = this.#shape(body);
    const known = this.#known.get(key) ?? this.#remember(key, await this.#make(key));
    return Buffer.isBuffer(known) ? known : fill(known, ids);
  }

  /** The answer when it needs no execution; undefined otherwise. Most requests end here, without a promise. */
  answerKnown(body: string): Buffer | undefined {
    const { key, ids } = this.#shape(body);
    const known = this.#known.get(key);
    if (known === undefined) return undefined;
    return Buffer.isBuffer(known) ? known : fill(known, ids);
  }

  #shape(body: string): { key: string; ids: readonly string[] } {
    const tail = body.lastIndexOf(GRANT_TAIL);
    const head = tail === -1 ? body : `${body.slice(0, tail)}}`;
    if (!head.includes('"__typename":"Citizen"')) return { key: head, ids: [] };
    const ids: string[] = [];
    const key = head.replace(PERSON, (_, first?: string, second?: string) => {
      ids.push(first ?? second!);
      return `{"__typename":"Citizen","id":"\\u0001${ids.length - 1}\\u0001"}`;
    });
    return { key, ids };
  }

  async #make(key: string): Promise<Answer> {
    const { query, variables } = JSON.parse(Buffer.from(key, 'latin1').toString('utf8')) as {
      query: string;
      variables?: Record<string, unknown>;
    };
    const result = await execute({
      schema: this.#schema,
      document: this.#document(query),
      rootValue: { me: { __typename: 'Citizen', id: 'c1', ...CITIZEN } },
      ...(variables ? { variableValues: variables } : {}),
    });
    const text = JSON.stringify(result);
    const parts = Buffer.from(text, 'utf8').toString('latin1').split(HOLE);
    if (parts.length === 1) return Buffer.from(text, 'utf8');
    return {
      pieces: parts.filter((_, index) => index % 2 === 0),
      order: parts.filter((_, index) => index % 2 === 1).map(Number),
    };
  }

  #document(query: string): DocumentNode {
    const known = this.#documents.get(query);
    if (known) return known;
    const document = parse(query, { noLocation: true });
    if (this.#documents.size >= this.#maximum) this.#documents.clear();
    this.#documents.set(query, document);
    return document;
  }

  #remember(key: string, answer: Answer): Answer {
    if (this.#known.size >= this.#maximum) this.#forgetOldest(this.#maximum / 2);
    this.#known.set(key, answer);
    return answer;
  }

  #forgetOldest(count: number): void {
    for (const key of this.#known.keys()) {
      if (count-- <= 0) return;
      this.#known.delete(key);
    }
  }
}

function fill(answer: Exclude<Answer, Buffer>, ids: readonly string[]): Buffer {
  let text = answer.pieces[0]!;
  for (const [index, position] of answer.order.entries()) text += ids[position]! + answer.pieces[index + 1]!;
  return Buffer.from(text, 'latin1');
}

/** Every entity of the schema is found by its id; all other fields are plain properties. */
function resolversFor(sdl: string): Record<string, { __resolveReference: (reference: { id: string }) => unknown }> {
  const types = Object.values(buildSubgraphSchema(parse(sdl)).getTypeMap()).filter(isObjectType);
  return Object.fromEntries(
    types
      .filter((type) => entity(type.name, 'x1') !== undefined)
      .map((type) => [type.name, { __resolveReference: ({ id }: { id: string }) => entity(type.name, id) }]),
  );
}
