// @ts-check
// Two people changed one record: for each field that both changed, their value beside mine, and a choice.

import { component, html, icon, openDialog } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { showMoment } from '../data/format.js'
import { words } from '../fields/show.js'
import { same } from '../fields/edit.js'
import { t } from '../lang/words.js'

/**
 * What to save after somebody else was faster; null when the person steps back.
 * Fields that only one of both changed are brought together without a question.
 * @param {{ view: any, base: any, theirs: any, mine: Record<string, any>, changes: any[] }} of
 * @returns {Promise<Record<string, any> | null>}
 */
export async function resolveConflict({ view, base, theirs, mine, changes }) {
  const both = Object.keys(mine).filter((name) => !same(theirs[name], base[name]) && !same(theirs[name], mine[name]))
  const rest = Object.fromEntries(Object.entries(mine).filter(([name]) => !both.includes(name) && !same(theirs[name], mine[name])))
  if (!both.length) return rest
  const who = changes[0]?.user?.[1] || theirs.write_uid?.display_name || t('Somebody')
  const when = changes[0]?.at || theirs.write_date
  const chosen = await openDialog(t('Somebody else changed this record'), (close) => conflictForm({ view, theirs, mine, both, who, when, close }), 'wide')
  return chosen ? { ...rest, .../** @type {any} */ (chosen) } : null
}

const conflictForm = component((/** @type {any} */ { view, theirs, mine, both, who, when, close }) => {
  const picks = signal(/** @type {Record<string, string>} */ ({}))
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault()
    close(Object.fromEntries(both.map((/** @type {string} */ name) => [name, picks.peek()[name] === 'mine' ? mine[name] : theirs[name]])))
  }
  const option = (/** @type {string} */ name, /** @type {string} */ side, /** @type {any} */ value) => html`<label class=${() => `pick-card${picks.value[name] === side ? ' picked' : ''}`}><input type="radio" name=${`pick-${name}`} value=${side} @change=${() => (picks.value = { ...picks.peek(), [name]: side })}>
    <span><small class="dim">${side === 'mine' ? t('Yours') : t('Theirs')}</small><span class="pick-value">${words(value, { ...view.fields[name], name }) || t('empty')}</span></span></label>`
  return html`<form class="stack" @submit=${submit}><div><h2>${t('Somebody else changed this record')}</h2><p class="dim">${t('{name} saved at {time}. Choose for each field which value stays.', { name: who, time: when ? showMoment(when) : '' })}</p></div>
    ${both.map((/** @type {string} */ name) => html`<fieldset class="pick"><legend>${t(view.fields[name].string)}</legend><div class="pick-pair">${option(name, 'theirs', theirs[name])}${option(name, 'mine', mine[name])}</div></fieldset>`)}
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Step back')}</button>
      <button type="submit" class="button primary" ?disabled=${() => both.some((/** @type {string} */ name) => !picks.value[name])}>${icon('check')}<span>${t('Save what I chose')}</span></button></div></form>`
})
