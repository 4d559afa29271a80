import { isDeepStrictEqual } from 'node:util';
import type { RunResult } from '../../gateway/request/fetch/engine.ts';

type Path = readonly (string | number)[];

/** What differs between the engine's reply and the reference's, in words; undefined when nothing does. */
export function compareReplies(ours: RunResult, reference: RunResult): string | undefined {
  // The order of keys is held elsewhere: the reference moves fields of fragments about.
  if (!isDeepStrictEqual(JSON.parse(ours.data), JSON.parse(reference.data)))
    return `data\n  ours      ${ours.data}\n  reference ${reference.data}`;
  const ourPaths = ours.faults.map((fault) => fault.path);
  const theirPaths = reference.faults.map((fault) => fault.path);
  const unsaid = theirPaths.find((path) => !ourPaths.some((other) => areRelated(path, other)));
  if (unsaid) return `error of the reference missing at ${unsaid.join('.')}: ours ${JSON.stringify(ourPaths)}`;
  // Exception: the reference drops its errors of null propagation as soon as an agency has sent an error.
  const isDropped = reference.faults.some((fault) => fault.code !== 'HUB_AGENCY_INVALID_ANSWER');
  const added = isDropped ? undefined : ourPaths.find((path) => !theirPaths.some((other) => areRelated(path, other)));
  if (added) return `error of ours at ${added.join('.')}: reference ${JSON.stringify(theirPaths)}`;
  return undefined;
}

/** An agency names the field that failed, we the value that became null with it: one path begins the other. */
function areRelated(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return false;
  return true;
}
