import type { Expected } from './oracle/answer.ts';
import type { Reply } from './hub.ts';

/**
 * What is wrong with a reply; undefined when nothing is. The data is the oracle's, letter by letter. Each refused position that the reply
 * shows is named once, with its reason; where a refusal made a parent null, one of those below it is enough (GraphQL, "Handling field
 * errors"); nothing else is named.
 */
export function checkReply({ data, errors }: Reply, expected: Expected): string | undefined {
  const wanted = JSON.stringify(expected.data ?? null);
  if (data !== wanted) return `data\n  hub    ${data}\n  oracle ${wanted}`;
  const named = new Map<string, string>();
  for (const { path = [], extensions } of errors) {
    const key = path.join('.');
    const reason = `${extensions.reason} of ${extensions.subject}`;
    if (extensions.code !== 'UNAUTHORIZED_FIELD_OR_TYPE')
      return `an error of another kind at ${key}: ${JSON.stringify(extensions)}`;
    if (named.has(key)) return `${key} is named twice`;
    if (expected.refused.get(key) !== reason) {
      return `${key} is named refused for ${reason}, the oracle says ${expected.refused.get(key) ?? 'allowed'}`;
    }
    named.set(key, reason);
  }
  for (const [key, reason] of expected.refused) {
    const shown = shownPart(expected.data, key.split('.'));
    const isSaid =
      shown === key
        ? named.has(key)
        : [...named.keys()].some((other) => other === shown || other.startsWith(`${shown}.`) || shown === '');
    if (!isSaid) return `${key} is refused for ${reason} and not named`;
  }
  return undefined;
}

/** The path as far as the data goes: up to the null that hides the rest. */
function shownPart(data: unknown, path: readonly string[]): string {
  let here = data;
  for (let at = 0; at < path.length; at++) {
    if (here === null || typeof here !== 'object') return path.slice(0, at).join('.');
    here = (here as Record<string, unknown>)[path[at]!];
  }
  return path.join('.');
}
