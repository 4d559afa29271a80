import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../../gateway/registers/catalogue/buildCatalogue.ts';
import { cataloguePage } from './cataloguePage.ts';
import { configPage } from './configPage.ts';
import { errorsPage } from './errorsPage.ts';
import { scopesPage } from './scopesPage.ts';

export interface Page {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
}

/** Every generated page, as it should be now. `root`: the project's folder. Throws when the graph has not been composed. */
export function generatePages(root: string): readonly Page[] {
  return [
    { path: 'docs/config.md', text: configPage() },
    { path: 'docs/errors.md', text: errorsPage() },
    { path: 'docs/scopes.md', text: scopesPage() },
    { path: 'docs/catalogue.md', text: cataloguePage(readCatalogue(root)) },
  ];
}

function readCatalogue(root: string): Catalogue {
  const path = 'schema/composed/catalogue.json';
  if (!existsSync(join(root, path))) throw new Error(`${path} is not there: run "npm run compose"`);
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Catalogue;
}

/** Pages whose file says something else, or is not there. */
export function stalePages(root: string): readonly Page[] {
  return generatePages(root).filter(({ path, text }) => {
    const file = join(root, path);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
}
