// @ts-check
// The part of "My settings" that sets up a second factor, makes new recovery codes, and takes it away.

import { component, html, icon, openDialog, showFailure, toast } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { t } from '../lang/words.js'
import { codeField, phoneSteps, recoveryCodes } from '../shell/second.js'

/** A dialog with a form; gives what the step answers, or nothing when it was closed.
 * @param {string} title @param {() => any} content @param {string} verb @param {(form: HTMLFormElement) => Promise<any>} run */
const ask = (title, content, verb, run) => openDialog(title, (close) => {
  const problem = signal('')
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault()
    try {
      close(await run(/** @type {HTMLFormElement} */ (event.target)))
    } catch (error) {
      problem.value = /** @type {any} */ (error).message
    }
  }
  return html`<form class="stack" novalidate @submit=${submit}><h2>${title}</h2>${content()}<p class="error-line" id="second-problem" role="alert">${problem}</p>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button><button type="submit" class="button primary">${verb}</button></div></form>`
})

/** @param {HTMLFormElement} form @param {string} name */
const typed = (form, name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value

/**
 * Asks for the password, then does a step with it.
 * @param {string} title
 * @param {string} consequence
 * @param {string} verb
 * @param {string} step
 */
const withPassword = (title, consequence, verb, step) => ask(title, () => html`<p>${consequence}</p><div class="field"><label for="second-password">${t('Password')}</label>
  <input class="input" id="second-password" name="password" type="password" autocomplete="current-password" required aria-describedby="second-problem"></div>`, verb,
(form) => call('totp', { step, password: typed(form, 'password') }))

/** @param {string[]} codes */
const showCodes = (codes) => openDialog(t('Recovery codes'), (close) => html`<div class="stack"><h2>${t('Recovery codes')}</h2>${recoveryCodes(codes)}
  <div class="dialog-foot"><button type="button" class="button primary" @click=${() => close()}>${t('I have kept them')}</button></div></div>`)

export const secondFactor = component(() => {
  const state = signal(/** @type {any} */ (null))
  const load = async () => {
    try {
      state.value = await call('totp')
    } catch (error) {
      showFailure(error)
    }
  }
  load()
  async function setUp() {
    const enrolment = await withPassword(t('Set up a second factor'), t('You will sign in with your password and a code from your phone. Other devices are signed out.'), t('Continue'), 'begin')
    if (!enrolment) return
    const done = await ask(t('Set up a second factor'), () => html`${phoneSteps(enrolment)}${codeField('second-problem')}`, t('Confirm'), (form) => call('totp', { step: 'confirm', code: typed(form, 'totp') }))
    if (!done) return
    await showCodes(done.codes)
    toast(t('The second factor is set up.'))
    load()
  }
  async function newCodes() {
    const made = await withPassword(t('New recovery codes'), t('The old ones hold no longer.'), t('Make new codes'), 'codes')
    if (!made) return
    await showCodes(made.codes)
    load()
  }
  async function remove() {
    const left = await withPassword(t('Remove the second factor'), t('You will sign in with your password alone. Programs may use it again, too.'), t('Remove'), 'disable')
    if (!left) return
    toast(t('The second factor was removed.'))
    state.value = left
  }
  const enabled = (/** @type {any} */ now) => html`<p>${icon('check')} ${t('You sign in with a code from your phone.')} ${t('{n|one recovery code is left|{n} recovery codes are left}', { n: now.codes })}</p>
    <div class="chips"><button type="button" class="button" @click=${newCodes}>${t('New recovery codes')}</button>
    ${now.required ? html`<span class="dim">${t('Your role asks for it.')}</span>` : html`<button type="button" class="button" @click=${remove}>${t('Remove the second factor')}</button>`}</div>`
  return html`<section class="panel-box stack"><h2>${t('Second factor')}</h2>
    ${() => state.value && (state.value.enabled ? enabled(state.value) : html`<p class="dim">${t('A code from your phone beside the password keeps others out who know it.')}</p><div><button type="button" class="button" @click=${setUp}>${t('Set up a second factor')}</button></div>`)}</section>`
})
