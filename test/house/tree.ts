import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder, absolute, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const ROOMS = ['schema', 'gateway', 'subgraphs', 'portal', 'sandbox', 'scripts', 'test', '.ci', 'docs'];

/** Every file of the project, as a path from its root with forward slashes; what git ignores is left out. */
export function projectFiles(): readonly string[] {
  return [...filesAtRoot(), ...ROOMS.flatMap(filesUnder)].sort();
}

/** Sources: TypeScript that is written by hand. */
export function sourceFiles(): readonly string[] {
  return projectFiles().filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function filesAtRoot(): string[] {
  return readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
}

function filesUnder(room: string): string[] {
  return readdirSync(join(ROOT, room), { withFileTypes: true, recursive: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name).slice(ROOT.length);
    return entry.isFile() && !path.includes('node_modules/') ? [path] : [];
  });
}
