import {
  choice,
  errorSummary,
  postForm,
  selectField,
  submitButton,
  textField,
  type FormErrors,
} from '../../design/forms.ts';
import { colon } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import type { SignedInVisit } from '../../web/route.ts';
import type { MoveProblem } from './moveGraph.ts';
import { moveTexts } from './moveTexts.ts';
import { FRANCE, SIDES, isAbroad, writeTown, type MoveStart, type MoveValues } from './moveValues.ts';

/** The same again, unseen: what was previewed is what is declared. */
export function hiddenValues(values: MoveValues): Html {
  return html`${[...values].flatMap(([name, own]) =>
    own.map((value) => html`<input type="hidden" name="${name}" value="${value}" />`),
  )}`;
}

export function moveForm(
  visit: SignedInVisit,
  action: string,
  start: MoveStart,
  values: MoveValues,
  problems: readonly MoveProblem[],
): Html {
  const texts = moveTexts(visit.language);
  const errors = errorsOf(problems);
  const value = (name: string) => values.get(name)?.[0];
  const sides = SIDES.map(
    (side) =>
      html`<fieldset class="fieldset">
        <legend>${side === 'oldAddress' ? texts.from : texts.to}</legend>
        ${textField({ name: `${side}.streetLine`, label: texts.streetLine, value: value(`${side}.streetLine`) }, errors)}
        ${textField({ name: `${side}.additionalInfo`, label: texts.additionalInfo, value: value(`${side}.additionalInfo`) }, errors)}
        ${textField({ name: `${side}.locality`, label: texts.locality, value: value(`${side}.locality`) }, errors)}
        ${countryField(side, values, start, errors, texts)}
        <div class="form--row">
          ${textField({ name: `${side}.postCode`, label: texts.postCode, value: value(`${side}.postCode`), more: { inputmode: isAbroad(values, side) ? undefined : 'numeric' } }, errors)}
          ${textField({ name: `${side}.city`, label: texts.city, value: value(`${side}.city`) }, errors)}
        </div>
        ${townChoice(side, values, problems, errors, texts)}
      </fieldset>`,
  );
  return html`${errorSummary(texts.errorTitle, namedErrors(errors, visit.language))}
  ${postForm(
    visit,
    action,
    html`${sides}
      ${textField({ name: 'effectiveDate', label: texts.date, hint: texts.dateHint, type: 'date', value: value('effectiveDate') }, errors)}
      ${(start.children.length > 0 || start.partner !== undefined) && memberChoices(start, values, errors, visit)}
      ${!start.isHouseholdKnown && hiddenValues(chosenMembers(values))}
      ${recipientChoices(start, values, errors, visit)}
      <p class="actions">${submitButton(texts.preview)}</p>`,
  )}`;
}

/** In the summary an error stands alone: it says which field of which address it is about. */
function namedErrors(errors: FormErrors, language: Language): FormErrors {
  const texts = moveTexts(language);
  const named = Object.entries(errors).map(([field, message]) => {
    const [side, part] = field.split('.');
    const { streetLine, locality, postCode, city, country } = texts;
    const label = { streetLine, locality, postCode, city, chosenTown: city, countryCode: country }[part ?? ''];
    if (label === undefined) return [field, message] as const;
    return [
      field,
      `${side === 'oldAddress' ? texts.from : texts.to}, ${label.toLowerCase()}${colon(language)} ${message}`,
    ] as const;
  });
  return Object.fromEntries(named);
}

/** The form's fields from top to bottom: so the summary lists what is wrong with them. */
const FIELDS = [
  ...SIDES.flatMap((side) =>
    ['streetLine', 'additionalInfo', 'locality', 'countryCode', 'postCode', 'city', 'chosenTown'].map(
      (part) => `${side}.${part}`,
    ),
  ),
  ...['effectiveDate', 'members', 'recipients'],
];

function errorsOf(problems: readonly MoveProblem[]): FormErrors {
  const told = problems.map((problem) => [fieldOf(problem), problem.message] as const);
  return Object.fromEntries(told.sort(([one], [other]) => FIELDS.indexOf(one) - FIELDS.indexOf(other)));
}

/** Boxes share one name, and a problem with one of them is told at the first; where towns are offered, the list is where to mend it. */
function fieldOf({ field, candidates }: MoveProblem): string {
  if (field.startsWith('members')) return 'members';
  const [side] = field.split('.');
  return candidates.length > 0 ? `${side}.chosenTown` : field;
}

function countryField(
  side: (typeof SIDES)[number],
  values: MoveValues,
  { countries }: MoveStart,
  errors: FormErrors,
  texts: ReturnType<typeof moveTexts>,
): Html {
  const name = `${side}.countryCode`;
  return selectField(
    {
      ...{ name, label: texts.country, hint: texts.countryHint, value: values.get(name)?.[0] ?? FRANCE },
      options: countries.map((country) => [country.code, country.name] as const),
      more: { 'data-digits-when': FRANCE, 'data-digits-in': `${side}.postCode` },
    },
    errors,
  );
}

function townChoice(
  side: (typeof SIDES)[number],
  values: MoveValues,
  problems: readonly MoveProblem[],
  errors: FormErrors,
  texts: ReturnType<typeof moveTexts>,
): Html {
  if (isAbroad(values, side)) return html``;
  const value = (part: 'inseeCode' | 'postCode' | 'city') => values.get(`${side}.${part}`)?.[0] ?? '';
  const found = problems.find(({ field, candidates }) => field.startsWith(side) && candidates.length > 0);
  if (found === undefined) {
    const known = { inseeCode: value('inseeCode'), postCode: value('postCode'), city: value('city') };
    if (known.inseeCode === '') return html``;
    return html`<input type="hidden" name="${side}.knownTown" value="${writeTown(known)}" />`;
  }
  const options = found.candidates.map(({ inseeCode, name, postCodes, department }) => {
    const typed = value('postCode');
    const postCode = postCodes.includes(typed) ? typed : (postCodes[0] ?? typed);
    const said = [name, postCode, department].filter(Boolean).join(', ');
    return [writeTown({ inseeCode, postCode, city: name }), said] as const;
  });
  return selectField(
    { name: `${side}.chosenTown`, label: texts.chooseTown, options: [['', texts.noneOfThese], ...options] },
    errors,
  );
}

/** Who was ticked while civil status answered stays so when it does not for once. */
function chosenMembers(values: MoveValues): MoveValues {
  return new Map([['members', values.get('members') ?? []]]);
}

function memberChoices(
  { children, partner }: MoveStart,
  values: MoveValues,
  errors: FormErrors,
  { language }: SignedInVisit,
): Html {
  const texts = moveTexts(language);
  const ticked = values.get('members') ?? [];
  return html`<fieldset class="fieldset" id="members">
    <legend>${texts.who}</legend>
    <p class="field__hint">${texts.whoHint}</p>
    ${errors['members'] !== undefined && html`<p class="field__error">${errors['members']}</p>`}
    ${children.map(({ id, name }, index) =>
      choice({
        ...{ type: 'checkbox', id: `member-${index}`, name: 'members', value: id },
        ...{ label: name ?? texts.child, isChecked: ticked.includes(id) },
      }),
    )}
    ${
      partner !== undefined &&
      choice({
        ...{ type: 'checkbox', id: 'member-partner', name: 'members', value: partner },
        ...{ label: texts.partner, isChecked: ticked.includes(partner) },
        more: html`<span class="soft">${texts.partnerHint}</span>`,
      })
    }
  </fieldset>`;
}

function recipientChoices(
  { recipients }: MoveStart,
  values: MoveValues,
  errors: FormErrors,
  { language }: SignedInVisit,
): Html {
  const texts = moveTexts(language);
  const ticked = values.get('recipients') ?? [];
  return html`<fieldset class="fieldset" id="recipients">
    <legend>${texts.whom}</legend>
    <p class="field__hint">${texts.whomHint}</p>
    ${errors['recipients'] !== undefined && html`<p class="field__error">${errors['recipients']}</p>`}
    ${recipients.map(({ agency, reason, promisedDays }) =>
      choice({
        ...{ type: 'checkbox', id: `recipient-${agency.id}`, name: 'recipients', value: agency.id },
        ...{ label: agency.name, isChecked: ticked.includes(agency.id) },
        more: html`<span class="soft">${texts.reasons[reason]}, ${texts.promised(promisedDays)}</span>`,
      }),
    )}
  </fieldset>`;
}
