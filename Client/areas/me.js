// @ts-check
// What one arranges for oneself: look and language of this browser, the password, and keys for programs.

import { component, confirmStep, html, icon, openDialog, showFailure, toast } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { call, records } from '../data/api.js'
import { showMoment } from '../data/format.js'
import { language, t } from '../lang/words.js'
import { chooseLanguage, density, letters, setDensity, setLetters, setTheme, theme } from '../shell/preferences.js'
import { me } from '../shell/state.js'
import { askAction } from '../views/ask.js'
import { absence } from './absence.js'
import { secondFactor } from './second-factor.js'

const model = 'res.users.apikeys'

export const mySettings = component(() => {
  const keys = signal(/** @type {any[]} */ ([]))
  const problem = signal('')
  document.title = `${t('My settings')} – ${document.documentElement.dataset.place}`
  const load = async () => {
    try {
      keys.value = (await call('search', { model, domain: [['user_id', '=', me.peek().id]], fields: ['name', 'scope', 'expiration_date', 'last_used'], limit: 100 })).rows
    } catch (error) {
      showFailure(error)
    }
  }
  load()
  /** @param {SubmitEvent} event */
  async function changePassword(event) {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.target)
    const text = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value
    problem.value = !text('old') || !text('new') ? t('Enter both passwords.') : text('new') !== text('again') ? t('The new password is not the same twice.') : ''
    if (problem.peek()) return
    try {
      await records.method('res.users', 'change_password', { old_passwd: text('old'), new_passwd: text('new') })
      form.reset()
      toast(t('The password was changed.'))
    } catch (error) {
      problem.value = /** @type {any} */ (error).message
    }
  }
  async function makeKey() {
    const answers = await askAction(t('New key'), { weight: 'main', consequence: '', asks: [
      { name: 'name', title: 'What for', kind: 'line', required: true, hint: '' }, { name: 'expiration_date', title: 'Expires on', kind: 'moment', required: true, hint: '' },
    ] }, { model, id: null, subject: t('A key lets a program do what you may do.') })
    if (!answers) return
    try {
      const key = await records.method(model, 'generate', { ...answers, scope: 'rpc' })
      await openDialog(t('New key'), (close) => html`<div class="stack"><h2>${t('Your new key')}</h2><p>${t('It is shown this once. Keep it where only the program can read it.')}</p>
        <input class="input code" readonly aria-label=${t('Key')} .value=${key} @focus=${(/** @type {any} */ e) => e.target.select()}>
        <div class="dialog-foot"><button type="button" class="button" @click=${() => void navigator.clipboard?.writeText(key)}>${icon('copy')}<span>${t('Copy')}</span></button><button type="button" class="button primary" @click=${() => close()}>${t('Close')}</button></div></div>`)
      load()
    } catch (error) {
      showFailure(error)
    }
  }
  /** @param {any} key */
  async function removeKey(key) {
    if (!(await confirmStep(t('Remove the key “{name}”?', { name: key.name }), t('Programs that use it can no longer sign in.'), t('Remove')))) return
    try {
      await records.method(model, 'remove', {}, [key.id])
      load()
    } catch (error) {
      showFailure(error)
    }
  }
  /** @param {string} name @param {string} label @param {[string, string][]} choices @param {() => string} now @param {(value: string) => void} set */
  const choice = (name, label, choices, now, set) => html`<fieldset class="pick"><legend>${label}</legend><div class="chips">${choices.map(([value, title]) => html`<label class="tick"><input type="radio" name=${name} value=${value} .checked=${() => now() === value} @change=${() => set(value)}><span>${title}</span></label>`)}</div></fieldset>`
  const field = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ complete) => html`<div class="field"><label for=${`me-${name}`}>${label}</label><input class="input" id=${`me-${name}`} name=${name} type="password" autocomplete=${complete} aria-describedby="me-problem"></div>`
  return html`<div class="me-page"><div class="pagehead"><h1>${t('My settings')}</h1></div><div class="me-scroll">
    <section class="panel-box stack"><h2>${t('Look')}</h2>
      ${choice('theme', t('Theme'), [['system', t('As the system')], ['light', t('Light')], ['dark', t('Dark')]], () => theme.value, setTheme)}
      ${choice('density', t('Density'), [['comfortable', t('Comfortable')], ['compact', t('Compact')]], () => density.value, setDensity)}
      ${choice('language', t('Language'), [['en', 'English'], ['es', 'Español']], () => (language().startsWith('es') ? 'es' : 'en'), chooseLanguage)}
      ${choice('letters', t('Single letters as shortcuts'), [['on', t('On')], ['off', t('Off')]], () => (letters.value ? 'on' : 'off'), (value) => setLetters(value === 'on'))}</section>
    <section class="panel-box"><form class="stack" @submit=${changePassword}><h2>${t('Password')}</h2><input class="visually-hidden" name="login" autocomplete="username" tabindex="-1" aria-hidden="true" .value=${me.peek().login}>
      ${field('old', t('Password until now'), 'current-password')}${field('new', t('New password'), 'new-password')}${field('again', t('New password, again'), 'new-password')}
      <p class="error-line" id="me-problem" role="alert">${problem}</p><div><button type="submit" class="button">${t('Change the password')}</button></div></form></section>
    ${absence()}
    ${secondFactor()}
    <section class="panel-box stack"><div class="dialog-head"><h2>${t('Keys for programs')}</h2><button type="button" class="button" @click=${makeKey}>${icon('plus')}<span>${t('New key')}</span></button></div>
      ${() => (keys.value.length === 0 ? html`<p class="dim">${t('There are none.')}</p>` : html`<div class="scroll"><table class="plain-table"><thead><tr><th scope="col">${t('What for')}</th><th scope="col">${t('Expires on')}</th><th scope="col">${t('Last used')}</th><td></td></tr></thead>
        <tbody>${keys.value.map((key) => html`<tr><td>${key.name}</td><td>${key.expiration_date ? showMoment(key.expiration_date) : '–'}</td><td>${key.last_used ? showMoment(key.last_used) : '–'}</td><td><button type="button" class="button small" aria-label=${t('Remove the key “{name}”?', { name: key.name })} @click=${() => removeKey(key)}>${icon('trash')}<span>${t('Remove')}</span></button></td></tr>`)}</tbody></table></div>`)}</section>
  </div></div>`
})
