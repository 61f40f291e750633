// @ts-check
// What a user, or a member of a role, may do after all, and by what; for users also inviting them and seeing as they do.

import { component, html, icon, openDialog, confirmStep, showFailure, toast } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { call, records } from '../data/api.js'
import { t } from '../lang/words.js'
import { me } from '../shell/state.js'

const operations = /** @type {const} */ (['read', 'write', 'create', 'unlink'])
const titles = { read: 'Read', write: 'Change', create: 'Create', unlink: 'Delete' }
const letters = { r: 'Read', w: 'Change', c: 'Create', d: 'Delete' }

/** @param {import('./record.js').RecordState} state */
export const access = component((state) => {
  const { model } = state
  const { id } = state.data.peek()
  const found = signal(/** @type {any} */ (null))
  records.method(model, 'effective_access', {}, [id]).then((answer) => (found.value = answer), showFailure)
  const name = () => state.data.value?.values.display_name ?? ''
  const count = (/** @type {'read' | 'write'} */ what) => found.value.models.filter((/** @type {any} */ row) => row[what].length > 0).length

  async function invite() {
    if (state.isDirty.peek() && !(await state.save())) return
    if (!(await confirmStep(t('Send {name} a link?', { name: name() }), t('By mail, to set a password. It holds once, for three days; links sent before hold no more.'), t('Send the link'), 'primary'))) return
    try {
      const { email } = await call('invite', { id })
      toast(t('A link is on its way to {email}.', { email }))
    } catch (error) {
      showFailure(error)
    }
  }
  async function seeAs() {
    if (!(await confirmStep(t('See as {name}?', { name: name() }), t('All your pages show what {name} sees, for fifteen minutes at most. You can look and change nothing. It stands in the audit trail.', { name: name() }), t('See as {name}', { name: name() }), 'primary'))) return
    const { beginSeeing } = await import('../shell/seeing.js')
    await beginSeeing(id).catch(showFailure)
  }

  const isUser = model === 'res.users'
  const buttons = () => isUser && id !== me.value.id && state.data.value?.values.active && html`<div class="check-actions">
    <button type="button" class="button small" @click=${invite}>${icon('mail')}<span>${t('Send a link to set the password')}</span></button>
    ${me.value.admin && html`<button type="button" class="button small" @click=${seeAs}>${icon('user')}<span>${t('See as this user')}</span></button>`}</div>`
  const roles = () => html`<ul class="roles">${found.value.groups.filter((/** @type {any} */ group) => group.own).map((/** @type {any} */ group) => html`<li>${icon('shield')} ${group.name}</li>`)}
    ${found.value.groups.filter((/** @type {any} */ group) => !group.own).map((/** @type {any} */ group) => html`<li class="dim">${group.name} <small>${t('through {roles}', { roles: group.through.join(', ') })}</small></li>`)}</ul>`
  return html`<section class="block access"><h3>${t('Access')}</h3>
    ${() => !found.value ? html`<p class="dim">${t('Loading')}</p>` : !found.value.active ? html`<p>${t('Suspended: nothing is allowed.')}</p>` : html`
      ${roles()}<p class="dim">${t('{n|One kind of record|{n} kinds of records} to read, {m} to change', { n: count('read'), m: count('write') })}</p>
      <button type="button" class="button small" @click=${() => openAccess(name(), found.peek().models)}>${icon('table')}<span>${t('Show what is allowed')}</span></button>`}
    ${buttons}</section>`
})

/**
 * Everything that is allowed, by what, and what narrows it.
 * @param {string} name
 * @param {any[]} models
 */
const openAccess = (name, models) => openDialog(t('What {name} may do', { name }), (close) => table(name, models, () => close()), 'wide')

const table = component((/** @type {string} */ name, /** @type {any[]} */ models, /** @type {() => void} */ close) => {
  const text = signal('')
  const shown = () => models.filter((row) => `${t(row.title)} ${row.model}`.toLowerCase().includes(text.value.toLowerCase()))
  /** @param {any} row @param {typeof operations[number]} operation */
  const mark = (row, operation) => html`<td>${row[operation].length > 0 ? html`<span class="by">${icon('check', t('yes'))}<small class="dim">${row[operation].map((/** @type {string} */ by) => t(by)).join(', ')}</small></span>` : html`<span class="dim"><span aria-hidden="true">–</span><span class="visually-hidden">${t('no')}</span></span>`}</td>`
  /** @param {string} which */
  const words = (which) => (which.length === 4 ? t('everything') : [...which].map((letter) => t(letters[/** @type {'r'} */ (letter)]).toLowerCase()).join(', '))
  const narrows = (/** @type {any} */ row) => html`<td>${row.rules.length === 0 && row.hidden.length === 0 ? html`<span class="dim">${t('nothing')}</span>` : html`<details><summary>${[
    row.rules.length > 0 && t('{n|one rule|{n} rules}', { n: row.rules.length }), row.hidden.length > 0 && t('{n|one hidden field|{n} hidden fields}', { n: row.hidden.length })].filter(Boolean).join(', ')}</summary>
    <ul>${row.rules.map((/** @type {any} */ rule) => html`<li>${rule.name} <small class="dim">(${words(rule.operations)}${rule.groups.length > 0 && `; ${rule.groups.join(', ')}`})</small><br><code>${rule.domain || '[]'}</code></li>`)}
    ${row.hidden.length > 0 && html`<li>${t('Hidden:')} ${row.hidden.map((/** @type {any} */ field) => t(field.title)).join(', ')}</li>`}</ul></details>`}</td>`
  return html`<div class="stack"><div class="dialog-head"><h2>${t('What {name} may do', { name })}</h2><button type="button" class="button plain square" aria-label=${t('Close')} @click=${close}>${icon('x')}</button></div>
    <div class="field"><label for="access-find">${t('Find a kind of record')}</label><input class="input" id="access-find" type="search" @input=${(/** @type {any} */ e) => (text.value = e.target.value)}></div>
    <p class="dim">${t('Rules for everybody all hold; of the rules for roles one is enough.')}</p>
    <div class="scroll tall-scroll" tabindex="0" role="region" aria-label=${t('What {name} may do', { name })}><table class="plain-table access-table"><thead><tr><th scope="col">${t('Records')}</th>${operations.map((each) => html`<th scope="col">${t(titles[each])}</th>`)}<th scope="col">${t('Narrowed by')}</th></tr></thead>
      <tbody>${() => shown().map((row) => html`<tr><th scope="row">${t(row.title)}<br><small class="dim">${row.model}</small></th>${operations.map((each) => mark(row, each))}${narrows(row)}</tr>`)}</tbody></table></div>
    <p role="status" class="dim">${() => t('{n|One kind of record|{n} kinds of records}', { n: shown().length })}</p></div>`
})
