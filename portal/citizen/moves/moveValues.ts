import { HubSilent } from '../../graph.ts';
import type { Language } from '../../i18n/language.ts';
import type { SignedInVisit } from '../../web/route.ts';
import {
  MOVE_START,
  type AddressCountry,
  type DeclareMoveInput,
  type Move,
  type MoveAddressInput,
  type SuggestedRecipient,
} from './moveGraph.ts';

export const SIDES = ['oldAddress', 'newAddress'] as const;
const WRITTEN_PARTS = ['additionalInfo', 'streetLine', 'locality', 'postCode', 'city'] as const;
const PARTS = [...WRITTEN_PARTS, 'inseeCode', 'countryCode'] as const;

/** France in the official geographic code, which counts where no country was chosen. */
export const FRANCE = '99100';

/** What the form holds, by the input's paths: `newAddress.postCode`. */
export type MoveValues = ReadonlyMap<string, readonly string[]>;

/** What the portal knows before anybody types. */
export interface MoveStart {
  readonly values: MoveValues;
  readonly children: readonly { readonly id: string; readonly name: string | undefined }[];
  /** Whether civil status answered: without it the lists below are empty for want of an answer, which says nothing of who moves. */
  readonly isHouseholdKnown: boolean;
  /** The other one of a marriage or civil partnership; the graph says nothing of them here but that they are. */
  readonly partner: string | undefined;
  readonly recipients: readonly SuggestedRecipient[];
  /** By name, France first. */
  readonly countries: readonly AddressCountry[];
}

export async function readStart({ ask, language }: SignedInVisit): Promise<MoveStart> {
  const { data, faults } = await ask(MOVE_START, { language: language === 'fr' ? 'FR' : 'EN' });
  const recipients = data?.me?.suggestedRecipients;
  // Addresses and relatives only spare typing; without recipients there is nothing to declare.
  if (recipients === undefined || recipients === null) throw new HubSilent(faults[0]?.code ?? 'no answer');
  const main = data?.me?.addresses?.find(({ usage }) => usage === 'MAIN')?.address;
  const values = new Map<string, readonly string[]>();
  for (const part of WRITTEN_PARTS) {
    const known = main?.[part];
    if (typeof known === 'string') values.set(`oldAddress.${part}`, [known]);
  }
  const countries = franceFirst(data?.countries ?? [], language);
  const home = countries.find((country) => isWrittenSo(country, main?.country ?? ''));
  if (home !== undefined) values.set('oldAddress.countryCode', [home.code]);
  values.set(
    'recipients',
    recipients.filter(({ isSuggested }) => isSuggested).map(({ agency }) => agency.id),
  );
  const household = data?.me?.civilStatus;
  const children = (household?.children ?? [])
    .filter(({ parentalAuthority }) => parentalAuthority)
    .map(({ child }) => ({ id: child.id, name: child.civilStatus?.givenNames?.join(' ') }));
  const isHouseholdKnown = household?.children != null;
  return { values, children, isHouseholdKnown, partner: household?.union?.partner?.id, recipients, countries };
}

function franceFirst(countries: readonly AddressCountry[], language: Language): readonly AddressCountry[] {
  const isFrance = ({ code }: AddressCountry) => code === FRANCE;
  const abroad = countries.filter((country) => !isFrance(country));
  return [...countries.filter(isFrance), ...abroad.sort((one, other) => one.name.localeCompare(other.name, language))];
}

/** Line 7 is written in capitals, often without accents. */
function isWrittenSo({ frenchName }: AddressCountry, written: string): boolean {
  return frenchName.localeCompare(written, 'fr', { sensitivity: 'base' }) === 0;
}

/** Whether that address of the form is in another country than France. */
export function isAbroad(values: MoveValues, side: (typeof SIDES)[number]): boolean {
  return (values.get(`${side}.countryCode`)?.[0] ?? FRANCE) !== FRANCE;
}

/** The form as it came back, each town settled. */
export function readValues(form: FormData): MoveValues {
  const names = new Set([...form.keys()].filter((name) => name !== 'csrf'));
  const values = new Map([...names].map((name) => [name, readAll(form, name)]));
  for (const side of SIDES) settleTown(values, side);
  return values;
}

function readAll(form: FormData, name: string): readonly string[] {
  return form.getAll(name).filter((value) => typeof value === 'string');
}

/**
 * A town that was chosen from a list is what counts, whatever was typed beside it; the code of one that was known before counts as long as what is typed is
 * still that town. Abroad there are neither lists nor codes.
 */
function settleTown(values: Map<string, readonly string[]>, side: (typeof SIDES)[number]): void {
  const chosen = readTown(values.get(`${side}.chosenTown`)?.[0]);
  const known = readTown(values.get(`${side}.knownTown`)?.[0]);
  values.delete(`${side}.chosenTown`);
  values.delete(`${side}.knownTown`);
  if (isAbroad(values, side)) {
    values.delete(`${side}.inseeCode`);
    return;
  }
  if (chosen !== undefined) {
    values.set(`${side}.city`, [chosen.city]);
    values.set(`${side}.postCode`, [chosen.postCode]);
    values.set(`${side}.inseeCode`, [chosen.inseeCode]);
  } else if (known !== undefined) {
    const isSame = (['city', 'postCode'] as const).every((part) => values.get(`${side}.${part}`)?.[0] === known[part]);
    if (isSame) values.set(`${side}.inseeCode`, [known.inseeCode]);
  }
}

interface Town {
  readonly inseeCode: string;
  readonly postCode: string;
  readonly city: string;
}

/** A town as the value of a field: code, postcode and name, which holds spaces itself. */
export function writeTown({ inseeCode, postCode, city }: Town): string {
  return [inseeCode, postCode, city].join(' ');
}

function readTown(written = ''): Town | undefined {
  const [, inseeCode, postCode, city] = /^(\S+) (\S*) (.+)$/.exec(written) ?? [];
  return inseeCode === undefined || postCode === undefined || city === undefined
    ? undefined
    : { inseeCode, postCode, city };
}

export function toInput(values: MoveValues): DeclareMoveInput {
  const address = (side: (typeof SIDES)[number]): MoveAddressInput => {
    const parts = PARTS.map((part) => [part, values.get(`${side}.${part}`)?.[0]?.trim() ?? ''] as const);
    const written = Object.fromEntries(parts.filter(([, value]) => value !== ''));
    return { ...written, city: written['city'] ?? '' };
  };
  return {
    oldAddress: address('oldAddress'),
    newAddress: address('newAddress'),
    effectiveDate: values.get('effectiveDate')?.[0] ?? '',
    members: (values.get('members') ?? []).map((person) => ({ person })),
    recipients: values.get('recipients') ?? [],
  };
}

/** A declared move as the form holds it. The graph names its members without their ids: children are known again by their names, and the one adult that can be named is the partner. */
export function valuesOf(move: Move, { values: known, children, partner, isHouseholdKnown }: MoveStart): MoveValues {
  // Without them the declaration would be corrected to one in which nobody else moves.
  if (move.members.length > 0 && !isHouseholdKnown) throw new HubSilent('civil status did not answer');
  const { reference, oldAddress, newAddress, effectiveDate, deliveries, members } = move;
  const values = new Map(known);
  const moving = members.filter(({ role }) => role === 'CHILD').map(({ givenNames }) => givenNames);
  const isWithPartner = members.some(({ role, state }) => role === 'ADULT' && state !== 'DECLINED');
  values.set('members', [
    ...children.filter(({ name }) => name !== undefined && moving.includes(name)).map(({ id }) => id),
    ...(isWithPartner && partner !== undefined ? [partner] : []),
  ]);
  values.set('amends', [reference]);
  values.set('effectiveDate', [effectiveDate]);
  values.set(
    'recipients',
    // One that was left out by an earlier correction stays left out.
    deliveries.filter(({ status }) => status !== 'CANCELLED' && status !== 'NOT_SENT').map(({ agency }) => agency.id),
  );
  for (const [side, address] of [
    ['oldAddress', oldAddress],
    ['newAddress', newAddress],
  ] as const) {
    for (const part of PARTS) {
      const value = address?.[part];
      // A line that was left empty stays so, whatever the address of today has there.
      if (typeof value === 'string') values.set(`${side}.${part}`, [value]);
      else values.delete(`${side}.${part}`);
    }
  }
  return values;
}
