import type { DeclaredPostalAddress } from '../../../schema/declaration.ts';
import type { Commune, Communes } from './communes.ts';
import { FRANCE, findCountry } from './countries.ts';
import { foldPlace } from './foldPlace.ts';
import type { MoveProblem } from './moveProblems.ts';

/** An address as it comes from the graph. */
export interface AddressInput {
  readonly additionalInfo?: string | null;
  readonly streetLine?: string | null;
  readonly locality?: string | null;
  readonly postCode?: string | null;
  readonly city: string;
  readonly inseeCode?: string | null;
  readonly countryCode: string;
}

export interface CheckedAddress {
  /** undefined while there is a problem. */
  readonly address: DeclaredPostalAddress | undefined;
  readonly problems: readonly MoveProblem[];
}

/** Characters of a line of NF Z10-011; lines 2 and 3 stand in one field. */
const LINE = 38;
const LIMITS = { additionalInfo: 2 * LINE, streetLine: LINE, locality: LINE, postCode: 12, city: LINE } as const;
type Line = keyof typeof LIMITS;
/** Letters, digits, and what stands between them in an address; no line breaks, no markup. */
const ADDRESS_TEXT = /^[\p{L}\p{M}\p{N} '’.,/()&°-]*$/u;
const MAX_CANDIDATES = 50;

/**
 * Whether an address can be declared, with its town resolved to an INSEE code. Where name, postcode and code leave several towns open, or contradict each
 * other, that is a problem with the candidates beside it, and never a choice of ours.
 */
export function checkAddress(input: AddressInput, communes: Communes, path: string): CheckedAddress {
  const lines = readLines(input);
  const problems = [...checkLines(lines, path)];
  if (lines.streetLine === '' && lines.locality === '') problems.push(problem('MISSING', `${path}.streetLine`));
  const country = findCountry(input.countryCode);
  if (country === undefined) problems.push(problem('COUNTRY_UNKNOWN', `${path}.countryCode`));

  const town: Town | { readonly commune?: undefined } =
    input.countryCode === FRANCE ? findTown(lines, input.inseeCode ?? undefined, communes, path) : {};
  if ('problem' in town) problems.push(town.problem);
  if (problems.length > 0 || country === undefined || 'problem' in town) return { address: undefined, problems };

  const { additionalInfo, streetLine, postCode } = lines;
  const { locality, city, inseeCode }: TownInWords = town.commune ? inWords(town.commune, lines, communes) : lines;
  const address: DeclaredPostalAddress = {
    ...(additionalInfo !== '' && { additionalInfo }),
    ...(streetLine !== '' && { streetLine }),
    ...(locality !== '' && { locality }),
    ...(postCode !== '' && { postCode }),
    city,
    ...(inseeCode !== undefined && { inseeCode }),
    countryCode: country.code,
    country: country.name,
  };
  return { address, problems: [] };
}

interface TownInWords {
  readonly locality: string;
  readonly city: string;
  readonly inseeCode?: string;
}

/**
 * Line 6 names the commune; a former one within it stands in line 5 unless something else does (La Poste's rule for new communes), and its code is that of
 * the commune of today. A district has a code of its own, and the city's name.
 */
function inWords({ kind, name, partOf, inseeCode }: Commune, lines: TownInWords, communes: Communes): TownInWords {
  const whole = partOf === null ? undefined : communes.withCode(partOf);
  if (whole === undefined || kind === 'COMMUNE') return { locality: lines.locality, city: name, inseeCode };
  if (kind === 'DISTRICT') return { locality: lines.locality, city: whole.name, inseeCode };
  const isSeat = foldPlace(whole.name) === foldPlace(name);
  return { locality: lines.locality || (isSeat ? '' : name), city: whole.name, inseeCode: whole.inseeCode };
}

function readLines(input: AddressInput): Readonly<Record<Line, string>> {
  const read = (line: Line) => (input[line] ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();
  return {
    additionalInfo: read('additionalInfo'),
    streetLine: read('streetLine'),
    locality: read('locality'),
    postCode: read('postCode'),
    city: read('city'),
  };
}

function* checkLines(lines: Readonly<Record<Line, string>>, path: string): Generator<MoveProblem> {
  for (const line of Object.keys(LIMITS) as Line[]) {
    if (lines[line].length > LIMITS[line]) yield problem('TOO_LONG', `${path}.${line}`);
    else if (!ADDRESS_TEXT.test(lines[line])) yield problem('MALFORMED', `${path}.${line}`);
  }
  if (lines.city === '') yield problem('MISSING', `${path}.city`);
}

type Town = { readonly commune: Commune } | { readonly problem: MoveProblem };

function findTown(
  lines: Readonly<Record<Line, string>>,
  inseeCode: string | undefined,
  communes: Communes,
  path: string,
): Town {
  const { postCode, city } = lines;
  if (postCode === '') return { problem: problem('MISSING', `${path}.postCode`) };
  if (!/^\d{5}$/.test(postCode)) return { problem: problem('MALFORMED', `${path}.postCode`) };
  const isCedex = /\bcedex\b/i.test(city);
  const hasPostCode = (commune: Commune) => isCedex || commune.postCodes.includes(postCode);

  const named = communes.named(city);
  if (inseeCode !== undefined && inseeCode !== '') {
    const chosen = named.find((commune) => commune.inseeCode === inseeCode) ?? communes.withCode(inseeCode);
    if (chosen === undefined) return { problem: problem('TOWN_UNKNOWN', `${path}.inseeCode`) };
    // The code of another town than the one that is written: which of the two is meant is not for us to say. A district is written as its city, as we write it.
    const whole = chosen.kind === 'DISTRICT' && chosen.partOf !== null ? communes.withCode(chosen.partOf) : undefined;
    if (![chosen, whole].some((one) => one !== undefined && foldPlace(one.name) === foldPlace(city)))
      return { problem: problem('TOWN_AMBIGUOUS', `${path}.city`, [chosen, ...named]) };
    return hasPostCode(chosen)
      ? { commune: chosen }
      : { problem: problem('POST_CODE_ELSEWHERE', `${path}.postCode`, [chosen]) };
  }

  const fitting = refined(named.filter(hasPostCode), postCode, communes);
  if (fitting.length === 1) return { commune: fitting[0]! };
  if (fitting.length > 1) return { problem: problem('TOWN_AMBIGUOUS', `${path}.city`, fitting) };
  const there = communes.withPostCode(postCode);
  if (named.length > 0) return { problem: problem('POST_CODE_ELSEWHERE', `${path}.postCode`, named) };
  return there.length > 0
    ? { problem: problem('TOWN_UNKNOWN', `${path}.city`, there) }
    : { problem: problem('POST_CODE_UNKNOWN', `${path}.postCode`) };
}

/**
 * "75011 Paris" is the eleventh district, which its postcode says without doubt; and where a new commune and the former one at its seat have one name and
 * one code, they are one town.
 */
function refined(fitting: readonly Commune[], postCode: string, communes: Communes): readonly Commune[] {
  const districts = communes
    .withPostCode(postCode)
    .filter(({ kind, partOf }) => kind === 'DISTRICT' && fitting.some(({ inseeCode }) => inseeCode === partOf));
  if (fitting.length === 1 && districts.length > 0) return districts;
  const wholes = new Set(fitting.filter(({ kind }) => kind === 'COMMUNE').map(({ inseeCode }) => inseeCode));
  return fitting.filter(({ kind, inseeCode }) => kind === 'COMMUNE' || !wholes.has(inseeCode));
}

function problem(code: MoveProblem['code'], field: string, candidates: readonly Commune[] = []): MoveProblem {
  return { code, field, candidates: candidates.slice(0, MAX_CANDIDATES) };
}
