import {
  choice,
  errorSummary,
  postForm,
  selectField,
  submitButton,
  textField,
  type FormErrors,
} from '../../design/forms.ts';
import { pageHead } from '../../design/pieces.ts';
import { html, type Html } from '../../web/html.ts';
import type { SignedInVisit } from '../../web/route.ts';
import { type Catalogue, dataFields, scopesOf } from '../catalogue/catalogue.ts';
import type { RequestDetails, RequestSummary } from './habilitationQueries.ts';
import { habilitationTexts } from './habilitationTexts.ts';

/** What the form holds, as it was written. */
export type Written = Readonly<Record<string, string>> & { readonly scopes: string };

const YEAR_MS = 365 * 86_400_000;

/** What somebody who begins finds filled in. */
export function emptyForm(nowMs: number, scopes: string): Written {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const level = { minimumAcr: 'EIDAS1', legalBasis: 'INFORMATION_L114_8' };
  return { scopes, ...level, firstDay: day(nowMs), lastDay: day(nowMs + YEAR_MS), callsPerMinute: '60' };
}

export function filledForm({ terms }: RequestDetails): Written {
  const { service, purpose, scopes, ...others } = terms;
  const texts = Object.entries(others).map(([name, value]) => [name, value === null ? '' : String(value)]);
  const why = scopes.map(({ name, justification }) => [`why-${name}`, justification ?? '']);
  const chosen = scopes.map(({ name }) => name).join(' ');
  return {
    ...Object.fromEntries([...texts, ...why]),
    scopes: chosen,
    clientId: service.clientId,
    purpose: purpose.name,
  };
}

export function writtenIn(form: FormData): Written {
  const entries = [...form.entries()].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const scopes = form.getAll('scope').filter((name) => typeof name === 'string');
  return { ...Object.fromEntries(entries), scopes: scopes.join(' ') };
}

/** As the graph takes it. Numbers that are none become -1, which the graph refuses by name. */
export function toInput(written: Written): object {
  const number = (text: string | undefined) => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : -1);
  const isDay = (text: string | undefined) => /^\d{4}-\d{2}-\d{2}$/.test(text ?? '');
  return {
    clientId: written['clientId'] ?? '',
    purpose: written['purpose'] ?? '',
    scopes: namesIn(written).map((name) => ({ name, justification: written[`why-${name}`] ?? '' })),
    legalBasis: written['legalBasis'] === 'CONSENT_RGPD_6_1_A' ? 'CONSENT_RGPD_6_1_A' : 'INFORMATION_L114_8',
    legalText: written['legalText'] ?? '',
    legalUrl: written['legalUrl'] ?? '',
    retentionMonths: number(written['retentionMonths']),
    retentionJustification: written['retentionJustification'] || null,
    minimumAcr: ['EIDAS2', 'EIDAS3'].find((level) => level === written['minimumAcr']) ?? 'EIDAS1',
    callsPerMinute: number(written['callsPerMinute']),
    firstDay: isDay(written['firstDay']) ? written['firstDay'] : '1970-01-01',
    lastDay: isDay(written['lastDay']) ? written['lastDay'] : '1970-01-01',
    dpoContact: written['dpoContact'] ?? '',
  };
}

export function habilitationForm(
  visit: SignedInVisit,
  {
    action,
    written,
    errors,
    services,
    catalogue,
  }: {
    readonly action: string;
    readonly written: Written;
    readonly errors: FormErrors;
    readonly services: readonly RequestSummary['terms']['service'][];
    readonly catalogue: Catalogue;
  },
): Html {
  const { language } = visit;
  const texts = habilitationTexts(language);
  const text = (name: 'legalText' | 'legalUrl' | 'retentionJustification') =>
    textField({ name, label: texts[name], value: written[name] }, errors);
  const purposes = catalogue.purposes.filter(({ name }) => name !== 'my-data' && name !== 'relation-proof');
  const body = html` ${selectField({ name: 'clientId', label: texts.service, value: written['clientId'], options: services.map(({ clientId, name }) => [clientId, name]) }, errors)}
    ${selectField({ name: 'purpose', label: texts.purpose, value: written['purpose'], options: purposes.map(({ name, label }) => [name, label[language]]) }, errors)}
    ${scopeChoices(visit, written, errors, catalogue)}
    ${selectField({ name: 'legalBasis', label: texts.legalBasis, value: written['legalBasis'], options: Object.entries(texts.bases) }, errors)}
    ${text('legalText')} ${text('legalUrl')}
    ${textField({ name: 'retentionMonths', label: texts.retentionMonths, value: written['retentionMonths'], type: 'number', more: { min: 0, max: 120 } }, errors)}
    ${text('retentionJustification')}
    ${selectField({ name: 'minimumAcr', label: texts.minimumAcr, value: written['minimumAcr'], options: ['EIDAS1', 'EIDAS2', 'EIDAS3'].map((level) => [level, level.toLowerCase()]) }, errors)}
    ${textField({ name: 'callsPerMinute', label: texts.callsPerMinute, value: written['callsPerMinute'], type: 'number', more: { min: 1, max: 6000 } }, errors)}
    ${textField({ name: 'firstDay', label: texts.firstDay, value: written['firstDay'], type: 'date' }, errors)}
    ${textField({ name: 'lastDay', label: texts.lastDay, value: written['lastDay'], type: 'date' }, errors)}
    ${textField({ name: 'dpoContact', label: texts.dpoContact, value: written['dpoContact'], type: 'email', autocomplete: 'email' }, errors)}
    <p>${submitButton(texts.save)}</p>`;
  return html`${errorSummary(texts.wrong, errors)} ${pageHead(texts.formTitle, texts.formLead)}
  ${postForm(visit, action, body)}`;
}

/** By agency; what is chosen is open, so that its reasons are seen. */
function scopeChoices(visit: SignedInVisit, written: Written, errors: FormErrors, catalogue: Catalogue): Html {
  const texts = habilitationTexts(visit.language);
  const chosen = new Set(namesIn(written));
  const opening = new Set(dataFields(catalogue).flatMap((field) => scopesOf(catalogue, field).flat()));
  const groups = catalogue.agencies.map((agency) => {
    const own = catalogue.scopes.filter(({ name, holder }) => {
      return holder === agency.name && (opening.has(name) || name.startsWith('dgfip_annee'));
    });
    if (own.length === 0) return undefined;
    const choices = own.map(({ name, label }) =>
      choice({
        type: 'checkbox',
        id: `scope-${name}`,
        name: 'scope',
        value: name,
        isChecked: chosen.has(name),
        label: html`${label[visit.language]} <code class="small soft">${name}</code>`,
        more: textField({ name: `why-${name}`, label: texts.why, value: written[`why-${name}`] }),
      }),
    );
    const isOpen = own.some(({ name }) => chosen.has(name));
    return isOpen
      ? html`<details open>${inside(agency.label[visit.language], choices)}</details>`
      : html`<details>${inside(agency.label[visit.language], choices)}</details>`;
  });
  const wrong = errors['scopes'] ?? errors['justification'];
  return html`<fieldset class="fieldset" id="${errors['justification'] === undefined ? 'scopes' : 'justification'}">
    <legend>${texts.scopes}</legend>
    ${wrong !== undefined && html`<p class="field__error">${wrong}</p>`} ${groups}
  </fieldset>`;
}

function inside(label: string, choices: readonly Html[]): Html {
  return html`<summary>${label}</summary>
    ${choices}`;
}

function namesIn({ scopes }: Written): readonly string[] {
  return scopes.split(' ').filter((name) => name !== '');
}
