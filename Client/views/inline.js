// @ts-check
// One field of one row, changed in the list: saved at once, and taken back as easily. Only what the view lets many records change is offered.

import { html, icon, openDialog, showFailure, toast } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { records } from '../data/api.js'
import { editor, outgoing, same } from '../fields/edit.js'
import { t } from '../lang/words.js'

/** @param {any} view @returns {string[]} */
const offered = (view) => (view?.can.write ? (view.list.bulk ?? []).filter((/** @type {string} */ name) => view.list.columns.includes(name)) : [])

/**
 * A pencil that comes to the cell under the pointer.
 * @param {HTMLElement} grid
 * @param {any} source
 * @param {any} view
 * @param {(index: number) => any} rowAt
 */
export function offerPencil(grid, source, view, rowAt) {
  const pencil = document.createElement('button')
  pencil.type = 'button'
  pencil.className = 'pencil'
  pencil.tabIndex = -1
  pencil.append(icon('pencil'))
  grid.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'touch') return
    const cell = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('.gridbody [data-field]'))
    const name = cell?.dataset.field ?? ''
    if (!cell || !offered(view.peek()).includes(name)) return void pencil.remove()
    if (pencil.parentElement === cell) return
    pencil.title = t('Change {field}', { field: t(view.peek().fields[name].string) })
    pencil.setAttribute('aria-label', pencil.title)
    cell.append(pencil)
  })
  pencil.addEventListener('click', (event) => {
    event.stopPropagation()
    const cell = /** @type {HTMLElement} */ (pencil.parentElement)
    const row = rowAt(Number(cell.closest('[role=row]')?.ariaRowIndex) - 2)
    if (row) change(source, view.peek(), row, [cell.dataset.field ?? ''])
  })
}

/**
 * The same by keyboard: which field is asked first.
 * @param {any} source
 * @param {any} view
 * @param {any} row
 */
export const changeRow = (source, view, row) => row && offered(view).length > 0 && change(source, view, row, offered(view))

/** @param {any} source @param {any} view @param {any} row @param {string[]} names */
async function change(source, view, row, names) {
  const choice = await openDialog(row.display_name, (close) => form(view, row, names, close), 'narrow')
  if (!choice) return
  const { field, value } = /** @type {any} */ (choice)
  const before = row[field.name]
  if (same(value, before)) return
  try {
    const answer = await records.save(source.model, row.id, row.record_version, { [field.name]: outgoing(value, field) })
    source.patch({ id: row.id, ...answer.values })
    toast(t('{field} of {name} was changed.', { field: t(field.string), name: row.display_name }), { undo: () => void takeBack(source, row.id, answer.values.record_version, { [field.name]: outgoing(before, field) }) })
  } catch (error) {
    showFailure(error)
  }
}

/** @param {any} source @param {number} id @param {number} version @param {Record<string, any>} values */
async function takeBack(source, id, version, values) {
  try {
    const answer = await records.save(source.model, id, version, values)
    source.patch({ id, ...answer.values })
    toast(t('Taken back.'))
  } catch (error) {
    showFailure(error)
  }
}

/** @param {any} view @param {any} row @param {string[]} names @param {(answer?: any) => void} close */
function form(view, row, names, close) {
  const fields = names.map((name) => ({ ...view.fields[name], name }))
  const field = signal(fields[0])
  const value = signal(row[fields[0].name])
  return html`<form class="stack" @submit=${(/** @type {Event} */ event) => {
    event.preventDefault()
    ;/** @type {HTMLElement | null} */ (document.activeElement)?.dispatchEvent(new Event('change', { bubbles: true }))
    close({ field: field.peek(), value: value.peek() })
  }}><h2>${row.display_name}</h2>
    ${fields.length > 1 && html`<div class="field"><label for="inline-field">${t('Field')}</label><select class="input" id="inline-field" @change=${(/** @type {any} */ event) => {
      event.stopPropagation()
      field.value = fields[event.target.selectedIndex]
      value.value = row[field.peek().name]
    }}>${fields.map((each) => html`<option>${t(each.string)}</option>`)}</select></div>`}
    <div class="field"><label for="inline-value">${() => (fields.length > 1 ? t('New value') : t(field.value.string))}</label>${() => editor({ id: 'inline-value', field: field.value, value: () => value.value, set: (next) => (value.value = next) })}</div>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button><button type="submit" class="button primary">${t('Save')}</button></div></form>`
}
