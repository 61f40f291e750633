// @ts-check
// One change for many records: choose it, see what will change and what is left out and why, do it, and take it back.

import { component, html, icon, openDialog, showFailure, toast } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { editor, outgoing } from '../fields/edit.js'
import { words } from '../fields/show.js'
import { exportRecords } from './transfer.js'
import { t } from '../lang/words.js'

/** How many records go in one call. */
const PART = 200

/** @typedef {{ id: number, done: boolean, name?: string, before?: any, version?: number, message?: string }} Line */

/** @param {{ source: any, view: any, selected: any }} of */
export const bulkActions = component(({ source, view, selected }) => html`${() => (view.value?.list.bulk ?? []).length > 0 && view.value.can.write && html`<button type="button" class="button" @click=${() => change(source, view.peek(), selected)}>${icon('pencil')}<span>${t('Change')}</span></button>`}
  <button type="button" class="button" @click=${() => exportRecords(source, view.peek(), 'xlsx', [...selected.peek()])}>${icon('download')}<span>${t('Export')}</span></button>`)

/**
 * The versions of the rows that are shown, by id.
 * @param {any} source
 */
function versions(source) {
  const known = new Map()
  for (const section of source.sections.peek()) for (const cell of section.pages.values()) for (const row of cell.peek() ?? []) known.set(row.id, row.record_version)
  return known
}

/** @param {any} source @param {any} view @param {any} selected */
async function change(source, view, selected) {
  const choice = await openDialog(t('Change {n} records', { n: selected.peek().size }), (close) => changeForm(view, selected.peek().size, close), 'narrow')
  if (!choice) return
  const { field, value } = /** @type {any} */ (choice)
  const known = versions(source)
  const changes = [...selected.peek()].map((id) => ({ id, version: known.get(id) ?? null, values: { [field.name]: outgoing(value, field) } }))
  try {
    const preview = await inParts(source.model, changes, true)
    const isSure = await openDialog(t('What will change'), (close) => previewForm(field, value, preview, close), 'wide')
    if (!isSure) return
    const wanted = changes.filter(({ id }) => preview.some((line) => line.id === id && line.done))
    const lines = await inParts(source.model, wanted, false)
    const done = lines.filter((line) => line.done)
    selected.value = new Set()
    source.again()
    toast(t('{n|One record|{n} records} changed.', { n: done.length }), { undo: () => takeBack(source, field, done) })
  } catch (error) {
    showFailure(error)
  }
}

/** @param {string} model @param {any[]} changes @param {boolean} preview @returns {Promise<Line[]>} */
async function inParts(model, changes, preview) {
  /** @type {Line[]} */
  const lines = []
  for (let i = 0; i < changes.length; i += PART) lines.push(...(await call('bulk', { model, changes: changes.slice(i, i + PART), preview })))
  return lines
}

/**
 * Writes the values from before into every record that nobody changed since.
 * @param {any} source
 * @param {any} field
 * @param {Line[]} lines
 */
async function takeBack(source, field, lines) {
  try {
    const back = await inParts(source.model, lines.map(({ id, version, before }) => ({ id, version, values: { [field.name]: before[field.name] ?? false } })), false)
    const left = back.filter((line) => !line.done).length
    toast(left ? t('Taken back, except {n|one that was|{n} that were} changed since.', { n: left }) : t('Taken back.'))
    source.again()
  } catch (error) {
    showFailure(error)
  }
}

const changeForm = component((/** @type {any} */ view, /** @type {number} */ count, /** @type {(answer?: any) => void} */ close) => {
  const fields = view.list.bulk.map((/** @type {string} */ name) => ({ ...view.fields[name], name }))
  const field = signal(fields[0])
  const value = signal(/** @type {any} */ (false))
  return html`<form class="stack" @submit=${(/** @type {Event} */ e) => {
    e.preventDefault()
    close({ field: field.peek(), value: value.peek() })
  }}><h2>${t('Change {n} records', { n: count })}</h2>
    <div class="field"><label for="bulk-field">${t('Field')}</label><select class="input" id="bulk-field" @change=${(/** @type {any} */ e) => {
      field.value = fields[e.target.selectedIndex]
      value.value = false
    }}>${fields.map((/** @type {any} */ each) => html`<option>${t(each.string)}</option>`)}</select></div>
    <div class="field"><label for="bulk-value">${t('New value')}</label>${() => editor({ id: 'bulk-value', field: field.value, value: () => value.value, set: (next) => (value.value = next) })}</div>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button><button type="submit" class="button primary">${t('Show what will change')}</button></div></form>`
})

/** @param {any} field @param {any} value @param {Line[]} lines @param {(answer?: any) => void} close */
function previewForm(field, value, lines, close) {
  const good = lines.filter((line) => line.done)
  const left = lines.filter((line) => !line.done)
  const shown = (/** @type {any} */ before) => (field.type === 'many2one' ? (before ? `#${before}` : '–') : words(before, field) || '–')
  return html`<form class="stack" @submit=${(/** @type {Event} */ e) => {
    e.preventDefault()
    close(true)
  }}><h2>${t('{n|One record|{n} records} will change', { n: good.length })}</h2><p>${t(field.string)}: <strong>${words(value, field) || t('empty')}</strong></p>
    ${left.length > 0 && html`<div class="notice">${icon('info')}<span>${t('{n|One is|{n} are} left out:', { n: left.length })} ${left.slice(0, 5).map((line) => html`<br>#${line.id}: ${line.message}`)}</span></div>`}
    <div class="scroll tall-scroll"><table class="plain-table"><thead><tr><th scope="col">${t('Record')}</th><th scope="col">${t('Now')}</th></tr></thead><tbody>
      ${good.slice(0, 100).map((line) => html`<tr><td>${line.name}</td><td class="dim">${shown(line.before[field.name])}</td></tr>`)}</tbody></table></div>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button><button type="submit" class="button primary" ?disabled=${!good.length}>${t('Change {n|one record|{n} records}', { n: good.length })}</button></div></form>`
}
