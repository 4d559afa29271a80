import type { Import } from './imports.ts';

/** Who may import whom: the table of the README's "The house", as code. Paths are prefixes from the project's root. */
interface Room {
  /** Files of the room; `*` stands for one folder name, and for the same one in `may`. */
  readonly files: string;
  readonly may: readonly string[];
  /** What it may import for its types alone. */
  readonly mayTypes?: readonly string[];
}

/** The first room that a file belongs to is its room. */
const ROOMS: readonly Room[] = [
  { files: 'schema/', may: ['schema/'] },
  { files: 'gateway/platform/', may: ['gateway/platform/', 'schema/'] },
  {
    files: 'gateway/registers/hubSubgraph.ts',
    may: ['gateway/registers/', 'gateway/platform/', 'schema/', 'subgraphs/kit/'],
  },
  // What the faces of all registers take from the kit, in words of their own.
  { files: 'gateway/registers/faceContext.ts', may: ['gateway/platform/', 'schema/'] },
  {
    files: 'gateway/registers/*/',
    may: ['gateway/registers/*/', 'gateway/registers/faceContext.ts', 'gateway/platform/', 'schema/'],
  },
  // The ways through the steps: protected, once or event by event, and not.
  {
    files: 'gateway/request/pipeline.ts',
    may: ['gateway/request/', 'gateway/platform/', 'schema/'],
    mayTypes: ['gateway/registers/'],
  },
  { files: 'gateway/request/unprotected.ts', may: ['gateway/request/', 'gateway/platform/', 'schema/'] },
  { files: 'gateway/request/eventWay.ts', may: ['gateway/request/', 'gateway/platform/', 'schema/'] },
  { files: 'gateway/request/eventStream.ts', may: [] },
  {
    files: 'gateway/request/exchange.ts',
    may: ['gateway/request/eventStream.ts', 'gateway/platform/', 'schema/'],
    mayTypes: ['gateway/registers/'],
  },
  {
    files: 'gateway/request/*/',
    may: [
      'gateway/request/*/',
      'gateway/request/exchange.ts',
      'gateway/request/advance.ts',
      'gateway/platform/',
      'schema/',
    ],
    mayTypes: ['gateway/registers/'],
  },
  {
    files: 'gateway/session/',
    may: ['gateway/session/', 'gateway/platform/', 'schema/'],
    mayTypes: ['gateway/registers/'],
  },
  { files: 'gateway/main.ts', may: ['gateway/', 'schema/'] },
  // Its parts, one per room that it opens.
  { files: 'gateway/main/', may: ['gateway/', 'schema/'] },
  { files: 'subgraphs/kit/', may: ['subgraphs/kit/', 'schema/'] },
  { files: 'subgraphs/*/', may: ['subgraphs/*/', 'subgraphs/kit/', 'schema/'] },
  { files: 'portal/', may: ['portal/', 'schema/'] },
  { files: 'sandbox/', may: ['sandbox/', 'schema/'] },
  { files: 'scripts/', may: [''] },
  { files: 'test/', may: [''] },
];

/** Why an import of ours is not allowed; undefined when it is. Tests import what they test. */
export function faultOf({ from, to, isTypeOnly }: Import): string | undefined {
  if (from.endsWith('.test.ts') || /\/(?:test|testing)\//.test(from)) return undefined;
  for (const room of ROOMS) {
    const match = toPattern(room.files).exec(from);
    if (match === null) continue;
    const allowed = [...room.may, ...(isTypeOnly ? (room.mayTypes ?? []) : [])];
    if (allowed.some((prefix) => to.startsWith(prefix.replace('*', match[1] ?? '*')))) return undefined;
    return `${from} imports ${to}, but ${room.files} may import ${allowed.join(', ')}`;
  }
  return `${from} stands in no room`;
}

function toPattern(files: string): RegExp {
  return new RegExp(`^${files.replace('.', '\\.').replace('*', '([^/]+)')}`);
}
