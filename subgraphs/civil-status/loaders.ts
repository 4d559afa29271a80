import { createLoader, type Loader } from '../kit/loader.ts';
import type { CivilRecord, CivilStatusSource, RecordId } from './source.ts';

export interface Loaders {
  readonly recordById: Loader<RecordId, CivilRecord>;
}

export function createLoaders(source: CivilStatusSource): Loaders {
  return {
    recordById: createLoader(async (ids) => {
      const records = await source.recordsById(ids);
      return new Map(records.map((record) => [record.id, record]));
    }),
  };
}
