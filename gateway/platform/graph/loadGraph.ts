import { createHash } from 'node:crypto';
import { buildASTSchema, parse, print, type DocumentNode, type GraphQLSchema } from 'graphql';
import { readAgencies } from './agencies.ts';
import { withExecutableDirectives } from './executableDirectives.ts';
import type { Graph } from './graph.ts';
import { handDownFromInterfaces } from './interfaces.ts';
import { bindRules, readLinks } from './links.ts';
import { refuseLookAlikes } from './lookAlikes.ts';
import { withoutRules } from './planningSdl.ts';
import { publicSchema } from './publicSchema.ts';
import { publicSdlInThread } from './publicSdlThread.ts';
import { readRules } from './readRules.ts';
import { handDownFromRequirements } from './requirements.ts';
import { takeTreatyScalars } from './treatyScalars.ts';

/**
 * Reads a supergraph: its rules by specification URL, the SDL that the planner takes, the public schema.
 *
 * Throws a TypeError that says what was expected: a look-alike of a rule, a security feature or a version of one that we do not
 * enforce, a rule that can't be read; and whatever the federation library throws for a supergraph that is none.
 */
export function loadGraph(supergraphSdl: string): Graph {
  const read = readSupergraph(supergraphSdl);
  return toGraph(read, publicSchema(read.planning));
}

/** The same while others are being served: what takes long (50 ms and more) is done in a thread. */
export async function loadGraphBeside(supergraphSdl: string): Promise<Graph> {
  const read = readSupergraph(supergraphSdl);
  const sdl = await publicSdlInThread(print(read.planning));
  return toGraph(read, buildASTSchema(parse(sdl, { noLocation: true }), { assumeValid: true, assumeValidSDL: true }));
}

interface ReadSupergraph {
  readonly version: string;
  readonly planning: DocumentNode;
  readonly rules: Omit<Graph['rules'], 'empty'>;
}

function readSupergraph(supergraphSdl: string): ReadSupergraph {
  const document = parse(supergraphSdl, { noLocation: true });
  const links = readLinks(document);
  const bound = bindRules(links);
  refuseLookAlikes(document, bound);
  const planning = withoutRules(document, links, bound);
  const whole = buildASTSchema(planning, { assumeValid: true, assumeValidSDL: true });
  const rules = readRules(document, bound);
  handDownFromInterfaces(rules, whole);
  handDownFromRequirements(rules, document, whole);
  return {
    version: createHash('sha256').update(supergraphSdl).digest('base64url'),
    planning,
    rules: { ...rules, agencyOf: readAgencies(document, whole) },
  };
}

function toGraph({ version, planning, rules }: ReadSupergraph, published: GraphQLSchema): Graph {
  const { agencyOf: _agencyOf, ...written } = rules;
  const empty = Object.values(written).every((one: { readonly size: number }) => one.size === 0);
  // A graph without rules is nobody's under the treaty: its `Date` may be anything, and so may what clients write beside a field.
  const apiSchema = empty ? withExecutableDirectives(published, planning) : published;
  if (!empty) takeTreatyScalars(apiSchema);
  return { version, apiSchema, planningSdl: print(planning), rules: { ...rules, empty } };
}
