import { readFile } from 'node:fs/promises';
import type { DownloadAnswer } from '../../web/route.ts';

/** The front-end kit's files, for who has these pages and not the repository. */
export const KIT_FILES = ['hubClient.ts', 'canteenPrice.ts', 'operations.graphql', 'generated.ts'] as const;

/** As they are now; undefined for any other name. */
export async function readKitFile(name: string | undefined): Promise<Omit<DownloadAnswer, 'kind'> | undefined> {
  const fileName = KIT_FILES.find((one) => one === name);
  if (fileName === undefined) return undefined;
  const body = await readFile(new URL(`../../frontend-kit/${fileName}`, import.meta.url), 'utf8');
  return { contentType: 'text/plain', fileName, body };
}
