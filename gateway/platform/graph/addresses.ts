import { Kind, parse, type EnumValueDefinitionNode } from 'graphql';
import type { AgencyId } from '../ids.ts';

/** Where the supergraph says that each subgraph answers: `@join__graph(name:, url:)` of https://specs.apollo.dev/join/v0.5. */
export function readAddresses(supergraphSdl: string): ReadonlyMap<AgencyId, string> {
  const addresses = new Map<AgencyId, string>();
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const value of definition.values ?? []) {
      const [name, url] = [argumentOf(value, 'name'), argumentOf(value, 'url')];
      if (name !== undefined && url !== undefined) addresses.set(name as AgencyId, url);
    }
  }
  return addresses;
}

function argumentOf(value: EnumValueDefinitionNode, name: string): string | undefined {
  const join = value.directives?.find((directive) => directive.name.value === 'join__graph');
  const found = join?.arguments?.find((argument) => argument.name.value === name);
  return found?.value.kind === Kind.STRING ? found.value.value : undefined;
}
