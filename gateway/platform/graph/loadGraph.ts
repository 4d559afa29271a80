import { createHash } from 'node:crypto';
import { Supergraph } from '@apollo/federation-internals';
import { buildASTSchema, parse, print } from 'graphql';
import { readAgencies } from './agencies.ts';
import { withExecutableDirectives } from './executableDirectives.ts';
import type { Graph } from './graph.ts';
import { handDownFromInterfaces } from './interfaces.ts';
import { bindRules, readLinks } from './links.ts';
import { refuseLookAlikes } from './lookAlikes.ts';
import { withoutRules } from './planningSdl.ts';
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
  const document = parse(supergraphSdl, { noLocation: true });
  const links = readLinks(document);
  const bound = bindRules(links);
  refuseLookAlikes(document, bound);
  const planning = withoutRules(document, links, bound);
  const whole = buildASTSchema(planning, { assumeValid: true, assumeValidSDL: true });
  const rules = readRules(document, bound);
  handDownFromInterfaces(rules, whole);
  handDownFromRequirements(rules, document, whole);
  const empty = Object.values(rules).every((one: { readonly size: number }) => one.size === 0);
  const published = Supergraph.build(planning).apiSchema().toGraphQLJSSchema();
  // A graph without rules is nobody's under the treaty: its `Date` may be anything, and so may what clients write beside a field.
  const apiSchema = empty ? withExecutableDirectives(published, planning) : published;
  if (!empty) takeTreatyScalars(apiSchema);
  return {
    version: createHash('sha256').update(supergraphSdl).digest('base64url'),
    apiSchema,
    planningSdl: print(planning),
    rules: { ...rules, agencyOf: readAgencies(document, whole), empty },
  };
}
