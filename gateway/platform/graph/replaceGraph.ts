import type { Graph } from './graph.ts';

/**
 * The graph to serve from now on: `next`, unless something that stays in it has lost its protection, as after a deployment of subgraphs
 * whose links were lost on the way. Throws a TypeError that names what was lost; the caller keeps `previous`. Whoever means to take a
 * rule away restarts the hub.
 */
export function replaceGraph(previous: Graph | undefined, next: Graph): Graph {
  const lost = previous ? lostRules(previous, next) : [];
  if (lost.length > 0) {
    const named = lost.slice(0, 5).join(', ') + (lost.length > 5 ? ` and ${lost.length - 5} more` : '');
    throw new TypeError(`supergraph: expected every rule of the one in service to stand, got none for ${named}`);
  }
  return next;
}

function lostRules(previous: Graph, next: Graph): readonly string[] {
  const kinds = ['ofType', 'ofField', 'personTypes', 'subjectOf', 'scopeByYear', 'subjectIds'] as const;
  return kinds.flatMap((kind) =>
    [...previous.rules[kind].keys()].filter((key) => !next.rules[kind].has(key) && stillThere(next, key)),
  );
}

/** `key` is a type, `Type.field` or `Type.field(argument:)`. */
function stillThere(next: Graph, key: string): boolean {
  const [typeName, field, argument] = key.split(/[.(:]/);
  const type = next.apiSchema.getType(typeName!);
  if (!type || field === undefined) return type !== undefined;
  const fields = 'getFields' in type ? type.getFields() : {};
  const found = fields[field];
  if (!found || argument === undefined) return found !== undefined;
  return 'args' in found && found.args.some((one) => one.name === argument);
}
