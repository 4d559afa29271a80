import type { Config } from '../platform/config.ts';
import type { UnderstandOptions } from '../request/understand/understand.ts';

/** Limits of the settings; introspection is everyone's where nothing is real. */
export function understandOptions(config: Config, graph: UnderstandOptions['graph']): UnderstandOptions {
  const { maxDepth, maxTokens, maxAliases, maxRootFields, maxDirectives, maxSelections } = config;
  return {
    graph,
    introspection: config.env === 'sandbox' || config.env === 'test' ? 'everyone' : 'operator',
    limits: {
      depth: maxDepth,
      tokens: maxTokens,
      aliases: maxAliases,
      rootFields: maxRootFields,
      directives: maxDirectives,
      height: maxSelections,
      selections: 2 * maxSelections,
    },
  };
}
