import { choice, errorSummary, postForm, submitButton, textField, type FormErrors } from '../design/forms.ts';
import { pageHead, section } from '../design/pieces.ts';
import type { Sessions } from '../session/sessions.ts';
import { attributes, html } from '../web/html.ts';
import { openPage, page, redirect, type PageAnswer, type Route, type Visit } from '../web/route.ts';
import type { Procedure } from './procedures.ts';
import type { Receipt, Receipts } from './receipts.ts';
import { serviceTexts } from './serviceTexts.ts';
import { priceOf } from './tariff.ts';

/** Longest document, bytes. */
const MAX_PAPER_BYTES = 2_000_000;
/** The whole form with a document: what the site has to let through, bytes. */
export const MAX_PAPER_FORM_BYTES = MAX_PAPER_BYTES + 100_000;

/** First bytes of what is taken: a name or a type that a browser sends proves nothing. */
const SIGNATURES = ['%PDF-', '\x89PNG\r\n\x1a\n', '\xff\xd8\xff'];

/** For who cannot or will not share: a statement (CRPA, L113-13) or a document, without FranceConnect. */
export function otherwiseRoutes(procedure: Procedure, sessions: Sessions, receipts: Receipts): readonly Route[] {
  const { counted } = procedure;
  const path = `/${procedure.id}/otherwise`;

  const keep = (visit: Visit, receipt: Pick<Receipt, 'way' | 'cents' | 'paper'>) => {
    const known = visit.session && { id: visit.sessionId!, session: visit.session };
    const { id, session } = known ?? sessions.start();
    const at = new Date(visit.clock()).toISOString();
    receipts.keep(session, { ...receipt, at, procedure: procedure.id, used: [] });
    return redirect(`/${procedure.id}/receipt`, { sessionId: id });
  };

  return [
    openPage('GET', path, (visit) => otherwisePage(visit, procedure)),
    openPage('POST', path, (visit) => {
      const texts = serviceTexts(visit.language);
      const written = textOf(visit.form, 'amount').replace(/\s/g, '');
      const isAmount = (counted === 'quotient' ? /^\d{1,5}$/ : /^\d{1,7}$/).test(written);
      const isSworn = visit.form.get('sworn') === 'yes';
      if (isAmount && isSworn) return keep(visit, { way: 'sworn', cents: priceOf(Number(written), procedure.tariff) });
      return otherwisePage(visit, procedure, {
        ...(!isAmount && { amount: texts.amountWrong[counted] }),
        ...(!isSworn && { sworn: texts.swearWrong }),
      });
    }),
    openPage('POST', `${path}/document`, async (visit) => {
      const paper = await readPaper(visit.form.get('paper'));
      if (paper !== undefined) return keep(visit, { way: 'paper', paper });
      return otherwisePage(visit, procedure, { paper: serviceTexts(visit.language).paperWrong });
    }),
  ];
}

function otherwisePage(visit: Visit, { id, counted }: Procedure, errors: FormErrors = {}): PageAnswer {
  const texts = serviceTexts(visit.language);
  const path = `/${id}/otherwise`;
  const sworn = html`<p>${texts.swornBody}</p>
    ${postForm(
      visit,
      path,
      html`${textField(
          {
            name: 'amount',
            label: texts.amountLabel[counted],
            hint: texts.amountHint[counted],
            value: textOf(visit.form, 'amount'),
            more: { inputmode: 'numeric' },
          },
          errors,
        )}
        ${choice({
          ...{ type: 'checkbox', id: 'sworn', name: 'sworn', value: 'yes', label: texts.swear[counted] },
          isChecked: visit.form.get('sworn') === 'yes',
          ...(errors['sworn'] !== undefined && { more: html`<p class="field__error">${errors['sworn']}</p>` }),
        })}
        <p class="actions">${submitButton(texts.send)}</p>`,
    )}`;
  const described = errors['paper'] === undefined ? 'paper-hint' : 'paper-hint paper-error';
  const paper = postForm(
    visit,
    `${path}/document`,
    html`<div class="field${errors['paper'] === undefined ? '' : ' field--wrong'}">
        <label for="paper">${texts.paperLabel[counted]}</label>
        <p class="field__hint" id="paper-hint">${texts.paperHint}</p>
        ${errors['paper'] !== undefined && html`<p class="field__error" id="paper-error">${errors['paper']}</p>`}
        <input${attributes({ type: 'file', id: 'paper', name: 'paper', accept: '.pdf,.png,.jpg,.jpeg', 'aria-describedby': described })} />
      </div>
      <p class="actions">${submitButton(texts.sendPaper, 'second')}</p>`,
    { takesFile: true },
  );
  const isWrong = Object.keys(errors).length > 0;
  return page({
    title: isWrong ? texts.wrong : texts.otherTitle,
    ...(isWrong && { status: 422 }),
    main: html`${errorSummary(texts.wrong, errors)} ${pageHead(texts.otherTitle, texts.otherLead)}
    ${section(texts.swornTitle, sworn)} ${section(texts.paperTitle, paper)}`,
  });
}

/** Undefined for what is no document, or too long a one. */
async function readPaper(sent: unknown): Promise<Uint8Array | undefined> {
  if (!(sent instanceof File) || sent.size > MAX_PAPER_BYTES) return undefined;
  const bytes = new Uint8Array(await sent.arrayBuffer());
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  return SIGNATURES.some((signature) => start.startsWith(signature)) ? bytes : undefined;
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
