import { createLoader, type Loader } from '../kit/loader.ts';
import type { FamilyFile, FamilyFileSource, FileId } from './source.ts';

export interface Loaders {
  readonly fileById: Loader<FileId, FamilyFile>;
}

export function createLoaders(source: FamilyFileSource): Loaders {
  return {
    fileById: createLoader(async (ids) => {
      const files = await source.filesById(ids);
      return new Map(files.map((file) => [file.id, file]));
    }),
  };
}
