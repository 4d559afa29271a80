import { dayInParis } from '../../schema/parisCalendar.ts';
import type { Clock } from '../kit/agencyModule.ts';
import { createLoader, type Loader } from '../kit/loader.ts';
import type { FamilyFile, FamilyFileSource, FileId } from './source.ts';

export interface Loaders {
  readonly fileById: Loader<FileId, FamilyFile>;
}

export function createLoaders(source: FamilyFileSource, clock: Clock): Loaders {
  return {
    fileById: createLoader(async (ids) => {
      const files = await source.filesById(ids, dayInParis(clock()));
      return new Map(files.map((file) => [file.id, file]));
    }),
  };
}
