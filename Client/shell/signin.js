// @ts-check
// The sign-in form: a page of its own, or over the work when a session has ended. A second factor is asked for when the server says so.

import { component, html, icon } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { signIn } from '../data/api.js'
import { t } from '../lang/words.js'
import { codeField, phoneSteps, recoveryCodes } from './second.js'

/** @typedef {'password' | 'code' | 'enrolment' | 'codes'} Step */

/**
 * What to say of a refusal.
 * @param {any} error
 * @param {Step} step
 */
function sentence(error, step) {
  if (['login.throttled', 'login.busy', 'client.unreachable'].includes(error.code) || error.status === 429) return error.message
  if (error.code === 'login.totp_wrong') return t('The code is not right, or was used before. Wait for the next one.')
  return step === 'password' ? t('The login or the password is not right. Try again.') : t('You could not be signed in. Begin again with your password.')
}

export const signInForm = component((/** @type {() => Promise<void>} */ done, /** @type {boolean} */ isAgain = false) => {
  const problem = signal('')
  const isBusy = signal(false)
  const step = signal(/** @type {Step} */ ('password'))
  let given = { login: '', password: '' }
  let enrolment = { key: '', address: '' }
  /** @type {string[]} */
  let codes = []

  /** @param {HTMLFormElement} form @param {string} name */
  const input = (form, name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name))

  /**
   * Takes what was typed; a sentence when something is missing.
   * @param {HTMLFormElement} form
   */
  function read(form) {
    if (step.peek() === 'password') {
      const [login, password] = [input(form, 'login'), input(form, 'password')]
      given = { login: login.value.trim(), password: password.value }
      if (given.login && given.password) return ''
      ;(given.login ? password : login).focus()
      return t('Enter your login and your password.')
    }
    const code = input(form, 'totp')
    if (code.value.trim()) return ''
    code.focus()
    return t('Enter the code from your phone.')
  }

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.target)
    if (step.peek() === 'codes') return void (await done())
    problem.value = read(form)
    if (problem.peek()) return
    isBusy.value = true
    try {
      const session = await signIn(given.login, given.password, step.peek() === 'password' ? '' : input(form, 'totp').value.trim())
      codes = session.totp_recovery_codes ?? []
      if (codes.length) step.value = 'codes'
      else await done()
    } catch (error) {
      refused(/** @type {any} */ (error), form)
    } finally {
      isBusy.value = false
    }
  }

  /** @param {any} error @param {HTMLFormElement} form */
  function refused(error, form) {
    if (error.code === 'login.totp_required' && step.peek() === 'password') return void (step.value = 'code')
    if (error.code === 'login.totp_enrolment') {
      enrolment = error.details
      return void (step.value = 'enrolment')
    }
    problem.value = sentence(error, step.peek())
    const field = input(form, step.peek() === 'password' ? 'password' : 'totp')
    field.value = ''
    field.focus()
  }

  const back = () => {
    problem.value = ''
    step.value = 'password'
  }
  const begin = () => html`<button type="button" class="button wide" @click=${back}>${t('Begin again')}</button>`
  const fields = () => {
    switch (step.value) {
      case 'code': return html`<p class="dim">${t('Without the phone, enter one of your recovery codes.')}</p>${codeField('signin-problem')}`
      case 'enrolment': return html`<p>${t('Your role asks for a second factor. Set it up now; it takes a minute.')}</p>${phoneSteps(enrolment)}${codeField('signin-problem')}`
      case 'codes': return recoveryCodes(codes)
      default: return html`<div class="field"><label for="login">${t('Login')}</label>
        <input class="input" id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false" required aria-describedby="signin-problem" .value=${given.login} ref=${(/** @type {HTMLElement} */ e) => queueMicrotask(() => e.focus())}></div>
      <div class="field"><label for="password">${t('Password')}</label>
        <input class="input" id="password" name="password" type="password" autocomplete="current-password" required aria-describedby="signin-problem"></div>`
    }
  }
  const title = () => (step.value === 'codes' ? t('Recovery codes') : step.value === 'password' ? (isAgain ? t('Sign in again') : t('Sign in')) : t('Second factor'))
  return html`<main class=${isAgain ? 'lone over' : 'lone'} id="main">
    <form class="panel signin stack" novalidate @submit=${submit}>
      <div class="brand">${icon('mark')}<span>${document.documentElement.dataset.place}</span></div>
      <h1>${title}</h1>
      ${isAgain && html`<p class="dim">${t('Your session has ended. What you were doing is still here.')}</p>`}
      <div role="alert">${() => problem.value && html`<p class="error-line" id="signin-problem">${icon('alert')}<span>${problem.value}</span></p>`}</div>
      ${fields}
      <button class="button primary wide" type="submit" ?disabled=${isBusy}>${() => (step.value === 'codes' ? t('I have kept them') : isBusy.value ? t('Signing in') : t('Sign in'))}</button>
      ${() => (step.value === 'code' || step.value === 'enrolment') && begin()}
    </form></main>`
})
