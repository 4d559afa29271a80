import { readImpotParticulier, type ImpotParticulierNotice } from './impotParticulier.ts';
import type { Assessment, AssessmentKey } from './source.ts';
import { readSvair, type SvairNotice } from './svair.ts';

/** A notice in the shape it came in. */
export type Notice =
  | { readonly format: 'API_IMPOT_PARTICULIER'; readonly notice: ImpotParticulierNotice }
  | { readonly format: 'SVAIR'; readonly notice: SvairNotice };

/** The notice in the graph's words, whatever its shape. */
export function readNotice(key: AssessmentKey, notice: Notice): Assessment {
  switch (notice.format) {
    case 'API_IMPOT_PARTICULIER':
      return readImpotParticulier(key, notice.notice);
    case 'SVAIR':
      return readSvair(key, notice.notice);
  }
}
