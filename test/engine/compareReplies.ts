import { isDeepStrictEqual } from 'node:util';
import type { RunResult } from '../../gateway/request/fetch/engine.ts';

type Path = readonly (string | number)[];

/** What differs between the engine's reply and the reference's, in words; undefined when nothing does. */
export function compareReplies(ours: RunResult, reference: RunResult): string | undefined {
  const theirs = JSON.parse(reference.data) as Record<string, unknown> | null;
  // The order of keys is held elsewhere: the reference moves fields of fragments about.
  if (
    !isDeepStrictEqual(
      withoutComputed(withoutHollow(JSON.parse(ours.data), theirs), theirs),
      withoutUnresolved(theirs, ours, reference),
    )
  )
    return `data\n  ours      ${ours.data}\n  reference ${reference.data}`;
  const ourPaths = ours.faults.map((fault) => fault.path);
  const theirPaths = reference.faults.map((fault) => fault.path);
  const data: unknown = JSON.parse(ours.data);
  const unsaid = theirPaths.find(
    (path) =>
      !ourPaths.some((other) => areRelated(upToNull(data, path), other) || differInPosition(path, other)) &&
      !(ourPaths.length > 0 && isHidden(data, path)),
  );
  if (unsaid) return `error of the reference missing at ${unsaid.join('.')}: ours ${JSON.stringify(ourPaths)}`;
  // Exception: the reference drops its errors of null propagation as soon as an agency has sent an error.
  const isDropped = reference.faults.some((fault) => fault.code !== 'HUB_AGENCY_INVALID_ANSWER');
  const added = isDropped ? undefined : ourPaths.find((path) => !theirPaths.some((other) => areRelated(path, other)));
  if (added) return `error of ours at ${added.join('.')}: reference ${JSON.stringify(theirPaths)}`;
  return undefined;
}

/** Exception: the reference does not ask for a root field all of whose selections are left out, and writes null for it. */
function withoutHollow(data: Record<string, unknown> | null, reference: Record<string, unknown> | null): unknown {
  for (const [key, value] of Object.entries(data ?? {})) {
    if (reference?.[key] === null && isHollow(value)) data![key] = null;
  }
  return data;
}

function isHollow(value: unknown): boolean {
  if (typeof value !== 'object') return false;
  return value === null || (Array.isArray(value) ? value.every(isHollow) : Object.keys(value).length === 0);
}

/** Exception: the reference answers null for a computed field that is reached through several composite keys. */
function withoutComputed(data: unknown, reference: unknown): unknown {
  if (typeof data === 'string' && data.startsWith('sum ') && reference === null) return null;
  if (typeof data !== 'object' || data === null || typeof reference !== 'object' || reference === null) return data;
  const holder = data as Record<string, unknown>;
  const theirs = reference as Record<string, unknown>;
  for (const key of Object.keys(holder)) holder[key] = withoutComputed(holder[key], theirs[key]);
  return holder;
}

/** Exception: the reference serves what little it has of an object whose type could not be found out; ours says so, and null. */
function withoutUnresolved(data: unknown, ours: RunResult, reference: RunResult): unknown {
  for (const { path } of ours.faults) {
    let holder = data as Record<string | number, unknown> | null | undefined;
    for (const part of path.slice(0, -1)) holder = holder?.[part] as typeof holder;
    const last = path.at(-1);
    const value = last === undefined ? undefined : holder?.[last];
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const isBlamed = reference.faults.some((fault) => fault.path.length > path.length && areRelated(fault.path, path));
    if (holder && last !== undefined && isObject && isBlamed) holder[last] = null;
  }
  return data;
}

/** Exception: the reference counts an entity's position among all entities of the place, not among those it asked about. */
function differInPosition(path: Path, other: Path): boolean {
  const keys = (of: Path): string => of.filter((part) => typeof part === 'string').join(' ');
  return path.length === other.length && keys(path) === keys(other);
}

/** The part of the path that the reply still has: an agency names a field below the value that became null. */
function upToNull(data: unknown, path: Path): Path {
  let here = data;
  for (let at = 0; at < path.length; at++) {
    if (here === null || typeof here !== 'object') return path.slice(0, at);
    here = (here as Record<string | number, unknown>)[path[at]!];
  }
  return path;
}

/** Exception: the reference names fields that only a `@requires` asked for, at which a client has nothing. */
function isHidden(data: unknown, path: Path): boolean {
  let here = data;
  for (const part of path) {
    if (here === null || typeof here !== 'object') return false;
    if (!Object.hasOwn(here, part)) return true;
    here = (here as Record<string | number, unknown>)[part];
  }
  return false;
}

/** An agency names the field that failed, we the value that became null with it: one path begins the other. */
function areRelated(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return false;
  return true;
}
