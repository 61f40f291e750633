// @ts-check
// Asking once more who sits here, before a step that a passer-by must not take: the code of the phone, or the password.

import { html, icon, openDialog } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { t } from '../lang/words.js'
import { codeField } from './second.js'

const passwordField = () => html`<div class="field"><label for="prove-password">${t('Password')}</label>
  <input class="input" id="prove-password" name="password" type="password" autocomplete="current-password" required aria-describedby="prove-problem"
    ref=${(/** @type {HTMLElement} */ e) => queueMicrotask(() => e.focus())}></div>`

/** @param {string} means `code` or `password` */
const ask = (means) => openDialog(t('Is it you?'), (/** @type {(answer?: boolean) => void} */ close) => {
  const problem = signal('')
  const isBusy = signal(false)
  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.target)
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(means === 'code' ? 'totp' : 'password'))
    if (!field.value || isBusy.peek()) return field.focus()
    isBusy.value = true
    try {
      await call('prove', { [means]: field.value })
      close(true)
    } catch (error) {
      const refused = /** @type {any} */ (error)
      if (refused.status === 401) return close()
      problem.value = [refused.message, refused.instruction].filter(Boolean).join(' ')
      field.value = ''
      field.focus()
    } finally {
      isBusy.value = false
    }
  }
  return html`<form class="stack" novalidate @submit=${submit}><div><h2>${t('Is it you?')}</h2><p class="dim">${t('This step is asked about once more, so that nobody else takes it at your open browser.')}</p></div>
    ${means === 'code' ? html`${codeField('prove-problem')}<p class="dim">${t('Without the phone a recovery code does as well.')}</p>` : passwordField()}
    <p class="error-line" id="prove-problem" role="alert">${() => problem.value && html`${icon('alert')} ${problem.value}`}</p>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button>
      <button type="submit" class="button primary" ?disabled=${isBusy}>${t('Continue')}</button></div></form>`
})

/** @type {Promise<boolean> | undefined} */
let asking

/**
 * Asks; several steps that need it at the same time share one question.
 * @param {{ means?: string }} details what the server said of it
 * @returns {Promise<boolean>} whether the person showed that it is them
 */
export const prove = (details) => (asking ??= ask(details.means === 'code' ? 'code' : 'password').then(Boolean).finally(() => (asking = undefined)))
