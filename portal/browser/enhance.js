// What a page gains with JavaScript; every page works without.

// After a form that was not accepted, the summary of what is wrong is read first.
document.querySelector('[data-focus]')?.focus();

// A form that takes more than a second says so, and is not sent twice.
addEventListener('submit', (event) => {
  const form = event.target;
  const button = event.submitter ?? form.querySelector('[type="submit"]');
  if (form.method !== 'post' || button === null) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = '';
  setTimeout(() => button.setAttribute('aria-busy', 'true'), 400);
});

// Back from the next page: the form may be sent again.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    form.querySelector('[aria-busy]')?.removeAttribute('aria-busy');
  }
});

// A phone offers digits alone for a postcode of France, and every letter for one of another country.
addEventListener('change', ({ target }) => {
  const postCode = document.getElementById(target.dataset.digitsIn);
  if (postCode !== null) postCode.inputMode = target.value === target.dataset.digitsWhen ? 'numeric' : 'text';
});

// A list that somebody else changes: the server says when, and the page fetches itself anew and takes the list out of it.
const live = document.querySelector('[data-live]');
if (live !== null) {
  const said = document.querySelector('[data-live-said]');
  const events = new EventSource(live.dataset.live);
  events.addEventListener('over', () => events.close());
  events.addEventListener('changed', async () => {
    const response = await fetch(location.pathname);
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('[data-live]');
    if (!response.ok || fresh === null || fresh.innerHTML === live.innerHTML) return;
    live.replaceChildren(...fresh.childNodes);
    if (said !== null) said.textContent = said.dataset.liveSaid;
  });
}
