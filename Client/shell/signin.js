// @ts-check
// The sign-in form: a page of its own, or over the work when a session has ended.

import { component, html } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { signIn } from '../data/api.js'
import { t } from '../lang/words.js'
import { icon } from '../kit/ui.js'

export const signInForm = component((/** @type {() => Promise<void>} */ done, /** @type {boolean} */ isAgain = false) => {
  const problem = signal('')
  const isBusy = signal(false)
  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.target)
    const login = /** @type {HTMLInputElement} */ (form.elements.namedItem('login'))
    const password = /** @type {HTMLInputElement} */ (form.elements.namedItem('password'))
    if (!login.value.trim() || !password.value) {
      problem.value = t('Enter your login and your password.')
      ;(login.value.trim() ? password : login).focus()
      return
    }
    isBusy.value = true
    problem.value = ''
    try {
      await signIn(login.value.trim(), password.value)
      await done()
    } catch (error) {
      const { status, code, message } = /** @type {any} */ (error)
      problem.value = code?.includes('throttle') || status === 429 ? message : t('The login or the password is not right. Try again.')
      password.value = ''
      password.focus()
    } finally {
      isBusy.value = false
    }
  }
  return html`<main class=${isAgain ? 'lone over' : 'lone'} id="main">
    <form class="panel signin stack" novalidate @submit=${submit}>
      <div class="brand">${icon('mark')}<span>${document.documentElement.dataset.place}</span></div>
      <h1>${isAgain ? t('Sign in again') : t('Sign in')}</h1>
      ${isAgain && html`<p class="dim">${t('Your session has ended. What you were doing is still here.')}</p>`}
      <div role="alert">${() => problem.value && html`<p class="error-line" id="signin-problem">${icon('alert')}<span>${problem.value}</span></p>`}</div>
      <div class="field"><label for="login">${t('Login')}</label>
        <input class="input" id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false" required aria-describedby="signin-problem" ref=${(/** @type {HTMLElement} */ e) => queueMicrotask(() => e.focus())}></div>
      <div class="field"><label for="password">${t('Password')}</label>
        <input class="input" id="password" name="password" type="password" autocomplete="current-password" required aria-describedby="signin-problem"></div>
      <button class="button primary wide" type="submit" ?disabled=${isBusy}>${() => (isBusy.value ? t('Signing in') : t('Sign in'))}</button>
    </form></main>`
})
