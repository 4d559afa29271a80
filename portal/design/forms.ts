import { attributes, html, type Html, type Part } from '../web/html.ts';
import type { Visit } from '../web/route.ts';
import { csrfField } from './layout.ts';

/** What is wrong with a form, by the field's name. */
export type FormErrors = Readonly<Record<string, string>>;

/** A form that is sent by POST. Hidden values are the site's own, never personal. */
export function postForm(
  visit: Visit,
  action: string,
  body: Part,
  options: {
    readonly hidden?: Readonly<Record<string, string>>;
    readonly className?: string;
    readonly label?: string;
    /** Whether one of its fields is a file [false]. */
    readonly takesFile?: boolean;
  } = {},
): Html {
  const hidden = Object.entries(options.hidden ?? {}).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  const { className = 'form', label, takesFile = false } = options;
  const enctype = takesFile ? 'multipart/form-data' : undefined;
  return html`<form
    class="${className}"
    method="post"
    action="${action}"
    ${attributes({ enctype, 'aria-label': label })}
  >
    ${csrfField(visit)}${hidden}${body}
  </form>`;
}

export function submitButton(
  label: Part,
  look: 'first' | 'second' | 'danger' = 'first',
  more: Record<string, string> = {},
): Html {
  const className = look === 'first' ? 'button' : `button button--${look}`;
  return html`<button class="${className}" type="submit" ${attributes(more)}>${label}</button>`;
}

/** The first thing on a page whose form was not accepted: what is wrong, each a link to its field; takes the focus. */
export function errorSummary(title: string, errors: FormErrors): Html | false {
  const entries = Object.entries(errors);
  if (entries.length === 0) return false;
  const items = entries.map(([name, text]) => html`<li><a href="#${name}">${text}</a></li>`);
  return html`<div class="note note--danger" role="alert" tabindex="-1" id="errors" data-focus>
    <h2>${title}</h2>
    <ul>
      ${items}
    </ul>
  </div>`;
}

export interface Field {
  /** Also its id. */
  readonly name: string;
  readonly label: Part;
  readonly hint?: Part;
  readonly value?: string | undefined;
  /** [text] */
  readonly type?: 'text' | 'date' | 'search' | 'email' | 'number';
  readonly autocomplete?: string;
  readonly required?: boolean;
  readonly more?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** A labelled text field with its hint and its error, which a screen reader reads with it. */
export function textField(field: Field, errors: FormErrors = {}): Html {
  const { name, value, type = 'text', autocomplete, required } = field;
  const input = html`<input${attributes({
    ...described(field, errors),
    id: name,
    name,
    type,
    value: value ?? '',
    autocomplete,
    required,
    ...field.more,
  })} />`;
  return wrap(field, errors, input);
}

export function selectField(
  field: Omit<Field, 'type' | 'autocomplete'> & {
    readonly options: readonly (readonly [value: string, label: string])[];
  },
  errors: FormErrors = {},
): Html {
  const options = field.options.map(
    ([value, label]) => html`<option${attributes({ value, selected: value === field.value })}>${label}</option>`,
  );
  const { name, required } = field;
  return wrap(
    field,
    errors,
    html`<select${attributes({ ...described(field, errors), id: name, name, required, ...field.more })}>${options}</select>`,
  );
}

export interface Choice {
  readonly type: 'checkbox' | 'radio';
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly label: Part;
  readonly isChecked?: boolean;
  /** Read together with the label. */
  readonly more?: Part;
}

/** A box or a button to tick, with everything about it in one frame. */
export function choice({ type, id, name, value, label, isChecked = false, more }: Choice): Html {
  const described = more === undefined || more === false ? undefined : `${id}-more`;
  return html`<div class="choice">
    <input${attributes({ type, id, name, value, checked: isChecked, 'aria-describedby': described })} />
    <label for="${id}">${label}</label>
    ${described !== undefined && html`<div class="choice__more" id="${described}">${more}</div>`}
  </div>`;
}

function described({ name, hint }: Pick<Field, 'name' | 'hint'>, errors: FormErrors) {
  const ids = [hint !== undefined && `${name}-hint`, errors[name] !== undefined && `${name}-error`].filter(Boolean);
  return {
    'aria-describedby': ids.length > 0 ? ids.join(' ') : undefined,
    'aria-invalid': errors[name] === undefined ? undefined : 'true',
  };
}

function wrap({ name, label, hint }: Pick<Field, 'name' | 'label' | 'hint'>, errors: FormErrors, control: Html): Html {
  const error = errors[name];
  return html`<div class="field${error === undefined ? '' : ' field--wrong'}">
    <label for="${name}">${label}</label>
    ${hint !== undefined && html`<p class="field__hint" id="${name}-hint">${hint}</p>`}
    ${error !== undefined && html`<p class="field__error" id="${name}-error">${error}</p>`} ${control}
  </div>`;
}
