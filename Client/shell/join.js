// @ts-check
// The other end of an invitation: whoever has the link sets their password, and signs in then.

import { component, html, icon } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { t } from '../lang/words.js'

const FEWEST = 8
/** To the sign-in form, as a page of its own. */
const leave = () => location.assign('/app')

export const joinForm = component(() => {
  const token = location.hash.slice(1)
  const login = signal('')
  const problem = signal('')
  const state = signal(/** @type {'waiting' | 'open' | 'over' | 'done'} */ ('waiting'))
  const isBusy = signal(false)
  // The secret leaves the address bar: nobody reads it over a shoulder, and no history keeps it.
  history.replaceState(null, '', '/app/join')
  call('join', { token }).then((answer) => {
    login.value = answer.login
    state.value = 'open'
  }, (error) => {
    problem.value = `${error.message} ${error.instruction}`
    state.value = 'over'
  })
  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.target)
    const [first, second] = ['password', 'again'].map((name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)))
    problem.value = first.value.length < FEWEST ? t('The password needs {n} characters or more.', { n: FEWEST }) : first.value !== second.value ? t('Both must be the same.') : ''
    if (problem.peek()) return void (first.value.length < FEWEST ? first : second).focus()
    isBusy.value = true
    try {
      await call('join', { token, password: first.value })
      state.value = 'done'
    } catch (error) {
      problem.value = /** @type {any} */ (error).message
    } finally {
      isBusy.value = false
    }
  }
  const body = () => {
    switch (state.value) {
      case 'waiting': return html`<p class="dim">${t('Loading')}</p>`
      case 'done': return html`<p>${t('Your password is set. You sign in as {login}.', { login: login.value })}</p><button type="button" class="button primary wide" @click=${leave}>${t('Sign in')}</button>`
      case 'over': return html`<button type="button" class="button wide" @click=${leave}>${t('Sign in')}</button>`
      default: return html`<p>${t('You sign in as {login}.', { login: login.value })}</p>
        <input class="visually-hidden" name="username" autocomplete="username" tabindex="-1" aria-hidden="true" readonly .value=${login.value}>
        <div class="field"><label for="password">${t('New password')}</label><input class="input" id="password" name="password" type="password" autocomplete="new-password" required aria-describedby="join-problem join-hint" ref=${(/** @type {HTMLElement} */ e) => queueMicrotask(() => e.focus())}>
          <span class="hint" id="join-hint">${t('{n} characters or more; a few words are easy to keep in mind.', { n: FEWEST })}</span></div>
        <div class="field"><label for="again">${t('New password, again')}</label><input class="input" id="again" name="again" type="password" autocomplete="new-password" required aria-describedby="join-problem"></div>
        <button class="button primary wide" type="submit" ?disabled=${isBusy}>${t('Set the password')}</button>`
    }
  }
  return html`<main class="lone" id="main"><form class="panel signin stack" novalidate @submit=${submit}>
    <div class="brand">${icon('mark')}<span>${document.documentElement.dataset.place}</span></div><h1>${() => (state.value === 'done' ? t('Welcome') : state.value === 'over' ? t('This link holds no more') : t('Set your password'))}</h1>
    <div role="alert">${() => problem.value && html`<p class="error-line" id="join-problem">${icon('alert')}<span>${problem.value}</span></p>`}</div>
    ${body}</form></main>`
})
