// @ts-check
// The buttons of a record: just what the server says this person may do with this version of it.

import { component, confirmStep, html, icon, menu, showFailure, toast } from '../kit/ui.js'
import { computed, onCleanup, signal } from '../kit/reactive.js'
import { records } from '../data/api.js'
import { t } from '../lang/words.js'
import { offer } from '../shell/keys.js'
import { go } from '../shell/router.js'
import { recordAddress } from '../shell/state.js'
import { askAction } from './ask.js'

const order = { main: 0, plain: 1, quiet: 2, danger: 3 }

/**
 * Runs an action: asks what it wants to know, saves what was changed before, and tells what came of it.
 * @param {import('./record.js').RecordState} state
 * @param {any} action
 */
export async function runAction(state, action) {
  const facts = state.view.peek().actions[action.name] ?? { asks: [], consequence: '', weight: 'plain' }
  if (state.isDirty.peek() && !(await state.save())) return
  const data = state.data.peek()
  const title = t(action.title)
  /** @type {Record<string, any>} */
  let args = {}
  if (facts.asks.length || facts.consequence) {
    const answers = await askAction(title, facts, { model: state.model, id: data.id, subject: data.values.display_name })
    if (!answers) return
    args = answers
  }
  try {
    const answer = await records.act(state.model, data.id, action.name, args, data.values.record_version)
    if (answer.values) state.take(answer)
    else await state.reload()
    const opened = facts.opens && (Array.isArray(answer.result) ? answer.result[0] : answer.result)
    if (Number.isInteger(opened)) go(recordAddress(facts.opens, opened))
    toast(action.mark ? t('“{action}” now waits for approval.', { action: title }) : t('“{action}” is done.', { action: title }))
  } catch (error) {
    showFailure(error)
    if (/** @type {any} */ (error).code === 'record.stale') state.reload()
  }
}

/** @param {import('./record.js').RecordState} state */
export const actionBar = component((state) => {
  const isBusy = signal(false)
  const all = computed(() => (state.data.value?.actions ?? []).map((/** @type {any} */ action) => ({ ...action, ...(state.view.value?.actions[action.name] ?? { weight: 'plain', icon: '', asks: [] }) }))
    .sort((/** @type {any} */ a, /** @type {any} */ b) => /** @type {any} */ (order)[a.weight] - /** @type {any} */ (order)[b.weight]))
  const run = async (/** @type {any} */ action) => {
    if (isBusy.peek()) return
    isBusy.value = true
    try {
      await runAction(state, action)
    } finally {
      isBusy.value = false
    }
  }
  const open = computed(() => all.value.filter((/** @type {any} */ action) => action.weight === 'main' || action.weight === 'plain').slice(0, 3))
  const rest = computed(() => all.value.filter((/** @type {any} */ action) => !open.value.includes(action)))
  /** @param {(action: any) => boolean} isMeant */
  const byKey = async (isMeant) => {
    const action = all.peek().find(isMeant)
    // A single key is pressed by mistake more easily than a button.
    if (action && (action.asks.length || (await confirmStep(t('{action}?', { action: t(action.title) }), state.data.peek().values.display_name, t(action.title), 'primary')))) run(action)
  }
  const assign = () => {
    const field = /** @type {HTMLElement | null} */ (document.querySelector('.record #field-user_id, .record #field-owner_id'))
    if (all.peek().some((/** @type {any} */ action) => /assign/.test(action.name))) byKey((action) => /assign/.test(action.name))
    else field?.focus()
  }
  const stage = () => {
    const field = document.getElementById(`field-${state.view.peek()?.form.path}`)
    ;(field ?? /** @type {HTMLElement | null} */ (document.querySelector('.record .actions button')))?.focus()
  }
  onCleanup(offer('actions', [
    { name: t('Do the next step'), keys: 'D', icon: 'check', run: () => void byKey((action) => action.weight === 'main') },
    { name: t('Assign'), keys: 'A', icon: 'user', run: assign }, { name: t('Stage and actions'), keys: 'S', icon: 'arrow-right', run: stage },
  ]))
  return html`<div class="actions" role="group" aria-label=${t('Actions')}>
    ${() => open.value.map((/** @type {any} */ action, /** @type {number} */ i) => html`<button type="button" class=${`button ${i === 0 && action.weight === 'main' ? 'primary' : ''}`} ?disabled=${isBusy} @click=${() => run(action)}>
      ${action.icon && icon(action.icon)}<span>${t(action.title)}</span>${action.mark && html`<span class="chip warn">${t('needs approval')}</span>`}</button>`)}
    ${() => rest.value.length > 0 && menu(html`<span>${t('More')}</span>${icon('chevron-down')}`, t('More actions'), () => rest.peek().map((/** @type {any} */ action) => ({
      label: t(action.title), icon: action.icon || 'arrow-right', style: action.weight === 'danger' ? 'danger' : '', press: () => run(action),
    })))}</div>`
})
